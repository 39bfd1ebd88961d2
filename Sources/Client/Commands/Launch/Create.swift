import EngineClient
import Linux

/// `skiff create`: makes a container and does not start it.
struct Create: Command {
  var arguments: [String] = []
  private var container = ContainerOptions()

  static let usage = Usage(
    line: "[OPTIONS] IMAGE [COMMAND] [ARG...]", summary: "Create a new container", count: .atLeast(1),
    passesThrough: true)

  static var flags: [Flag<Create>] { ContainerOptions.flags.map { $0.inside(\.container) } }

  func run(_ session: Session) throws -> Int32 {
    // What the engine refuses is said and counted as for any other command.
    try LaunchFailure.withHelp(in: session) {
      let creation = ContainerCreation(session: session, options: container, arguments: arguments)
      try session.output.print(try creation.create(attaches: container.process.attaches))
      return 0
    }
  }
}

/// How commands that launch something fail: with 125 for what was wrong before, and 126 or 127 for the program.
enum LaunchFailure {
  /// Does `body`; what it throws becomes Docker's words and exit code.
  static func explained(in session: Session, _ body: () throws -> Int32) throws -> Int32 {
    do { return try withHelp(in: session, body) } catch let error as ClientError where error.status != nil {
      throw failure("\(error)", session, exitCode("\(error)"))
    } catch let error as ClientError {
      switch error {
      case .system(let error) where error.errno == .brokenPipe: throw error
      case .interrupted: throw CommandError("\(error)")
      default: break
      }
      throw CommandError("\(Session.program): \(error)", exitCode: ExitCode.usage)
    }
  }

  /// Does `body`; a problem of the command line becomes Docker's words and exit code.
  static func withHelp(in session: Session, _ body: () throws -> Int32) throws -> Int32 {
    do { return try body() } catch let error as LaunchProblem { throw failure(error.reason, session, ExitCode.usage) }
  }

  private static func failure(_ reason: String, _ session: Session, _ code: Int32) -> CommandError {
    let help = "Run '\(Session.program) \(session.path) --help' for more information"
    return CommandError("\(Session.program): \(reason)\n\n\(help)", exitCode: code)
  }

  /// The engine says only in words why a container's program did not start.
  static func exitCode(_ message: String) -> Int32 {
    let notFound = ["executable file not found", "no such file or directory", "system cannot find the file specified"]
    let notExecutable = ["permission denied", "is a directory"]
    if notFound.contains(where: message.contains) { return ExitCode.notFound }
    if notExecutable.contains(where: message.contains) { return ExitCode.notExecutable }
    return ExitCode.usage
  }
}
