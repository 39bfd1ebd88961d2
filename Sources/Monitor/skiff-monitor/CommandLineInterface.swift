import Glibc
import Linux
import Runtime

/// The OCI runtime command line: runc's verbs, flags and exit codes, as containerd, conmon and podman call them.
enum CommandLineInterface {
  /// One verb: reads its own words, does its work, and answers the exit code.
  typealias Verb = @Sendable (_ words: [String], _ globals: Globals) throws(RuntimeError) -> Int32

  /// Flags that stand before the verb.
  struct Globals {
    var root = StateRoot(path: StateRoot.defaultPath)
    /// Where errors are logged for the caller, besides standard error.
    var log: String?
    var logsJSON = false
  }

  private static let verbs: [(name: String, summary: String, verb: Verb)] = [
    ("create", "create a container from a bundle", create),
    ("start", "start the process of a created container", start),
    ("run", "create and start a container, and wait for it", run),
    ("exec", "run a further process in a container", exec),
    ("state", "print a container's state as JSON", state),
    ("list", "list containers", list),
    ("ps", "list a container's processes", listProcesses),
    ("kill", "send a signal to a container's init or all its processes", kill),
    ("pause", "freeze a container", pause),
    ("resume", "thaw a container", resume),
    ("delete", "delete a stopped container", delete),
    ("serve", "launch and watch a process for skiffd, over descriptor 3", serve),
    ("features", "print what this runtime can do as JSON", features),
  ]

  /// Runs the verb that `words` name.
  static func run(_ words: [String]) -> Int32 {
    var globals = Globals()
    do throws(RuntimeError) {
      let (verbName, rest) = try readGlobals(words, into: &globals)
      guard let found = verbs.first(where: { $0.name == verbName }) else {
        throw RuntimeError(.invalid, "unknown command \"\(verbName)\"\nhint: see `skiff-monitor --help`")
      }
      return try found.verb(rest, globals)
    } catch {
      report(error, globals)
      return exitCode(error)
    }
  }

  private static func readGlobals(
    _ words: [String], into globals: inout Globals
  ) throws(RuntimeError) -> (verb: String, rest: [String]) {
    let arguments = try Arguments(
      words, flags: ["debug", "version", "v", "help", "h", "systemd-cgroup"],
      values: ["root", "log", "log-format", "rootless", "log-level"])
    if arguments.has("version", "v") {
      write("skiff-monitor version \(version)\nspec: 1.2.1\n")
      exit(0)
    }
    if arguments.has("systemd-cgroup") {
      throw RuntimeError(.unsupported, "--systemd-cgroup is not supported yet\nhint: use the cgroupfs driver")
    }
    if let root = arguments.value("root") { globals.root = StateRoot(path: root) }
    globals.log = arguments.value("log")
    globals.logsJSON = arguments.value("log-format") == "json"
    guard let verb = arguments.operands.first, !arguments.has("help", "h") else {
      write(usage)
      exit(arguments.has("help", "h") ? 0 : 1)
    }
    return (verb, Array(arguments.operands.dropFirst()))
  }

  private static var usage: String {
    "usage: skiff-monitor [--root DIR] [--log FILE] [--log-format text|json] COMMAND …\n\ncommands:\n"
      + verbs.map { "  \($0.name)\(String(repeating: " ", count: 10 - $0.name.count))\($0.summary)\n" }.joined()
  }

  /// The version of the whole of Skiff.
  static let version = "0.1.0"

  /// Writes to standard output; a reader who is gone is no error.
  static func write(_ text: String) { try? Descriptor.standardOutput.writeAll(text) }

  /// Tells of something that is not right and yet no failure.
  static func warn(_ text: String) { try? Descriptor.standardError.writeAll("skiff-monitor: warning: \(text)\n") }

  private static func report(_ error: RuntimeError, _ globals: Globals) {
    try? Descriptor.standardError.writeAll("skiff-monitor: \(error.description)\n")
    guard let path = globals.log else { return }
    // The format that containerd and conmon look for a reason in.
    let line =
      globals.logsJSON ? "{\"level\":\"error\",\"msg\":\(quoted(error.description))}\n" : "\(error.description)\n"
    if let file = try? open(path, O_WRONLY | O_CREAT | O_APPEND, mode: 0o600) { try? file.writeAll(line) }
  }

  /// Docker's exit codes for what never ran, and runc's 1 for the rest.
  private static func exitCode(_ error: RuntimeError) -> Int32 {
    switch error.kind {
    case .commandNotFound: 127
    case .notExecutable: 126
    case .invalid, .unsupported, .notFound, .conflict, .system: 1
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

extension Descriptor {
  /// The process's own streams, never closed: these objects live as long as the program.
  static let standardInput = Descriptor(owning: 0)
  static let standardOutput = Descriptor(owning: 1)
  static let standardError = Descriptor(owning: 2)
}
