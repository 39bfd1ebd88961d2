/// One verb: what it is called, what it takes, what it does. Its file is named after it.
protocol Command {
  /// A command to which nothing was said yet: every flag has its default.
  init()

  /// How it is used.
  static var usage: Usage { get }
  static var flags: [Flag<Self>] { get }

  /// What is no flag.
  var arguments: [String] { get set }

  /// Does it.
  ///
  /// - Returns: the exit code, 0 for success.
  func run(_ session: Session) throws -> Int32
}

/// How a command is used.
struct Usage {
  /// What follows the command's name: `[OPTIONS] CONTAINER [CONTAINER...]`.
  let line: String
  /// One sentence.
  let summary: String
  let count: ArgumentCount
  /// Whether what follows the first argument belongs to another program.
  var passesThrough = false
}

/// How many arguments a command takes.
enum ArgumentCount: Equatable {
  case exactly(Int)
  case atLeast(Int)
  case between(Int, Int)
  case atMost(Int)

  /// Docker says "See" to who gave too little and "Run" to others, and scripts match either.
  var hint: String {
    if case .atLeast = self { "See" } else { "Run" }
  }

  /// What is wrong with `count` arguments for the command `path`, in Docker's words; nil if nothing is.
  func problem(_ count: Int, path: String) -> String? {
    func arguments(_ number: Int) -> String { number == 1 ? "\(number) argument" : "\(number) arguments" }
    return switch self {
    case .exactly(0): count == 0 ? nil : "'\(path)' accepts no arguments"
    case .exactly(let wanted): count == wanted ? nil : "'\(path)' requires \(arguments(wanted))"
    case .atLeast(let least): count >= least ? nil : "'\(path)' requires at least \(arguments(least))"
    case .between(let least, let most):
      (least...most).contains(count) ? nil : "'\(path)' requires at least \(least) and at most \(arguments(most))"
    case .atMost(let most): count <= most ? nil : "'\(path)' requires at most \(arguments(most))"
    }
  }
}
