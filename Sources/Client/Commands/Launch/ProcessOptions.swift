import EngineClient
import Linux

/// What the container's process is.
struct ProcessOptions {
  var interactive = false
  var tty = false
  var environment: [String] = []
  var environmentFiles: [String] = []
  var workingDirectory = ""
  var user = ""
  var entrypoint: String?
  var attached: [String] = []
  var stopSignal = ""
  var stopTimeoutSeconds: Int64?

  static var flags: [Flag<ProcessOptions>] {
    [
      .values("attach", "a", \.attached, "list", "Attach to STDIN, STDOUT or STDERR, and to nothing else") {
        (text) throws(FlagValueError) in
        guard ["stdin", "stdout", "stderr"].contains(text.lowercased()) else {
          throw FlagValueError("valid streams are STDIN, STDOUT and STDERR")
        }
        return text.lowercased()
      },
      .optionalText("entrypoint", nil, \.entrypoint, "Program to run in place of the image's entrypoint"),
      .values("env", "e", \.environment, "list", "Environment variable, as NAME=VALUE or NAME to pass ours on") {
        (text) throws(FlagValueError) in
        guard !text.isEmpty, text.first != "=" else { throw FlagValueError("invalid environment variable: \(text)") }
        return text
      },
      .list("env-file", nil, \.environmentFiles, "File with an environment variable on each line"),
      .toggle("interactive", "i", \.interactive, "Keep the standard input open"),
      .text("stop-signal", nil, \.stopSignal, "Signal that asks the container to stop"),
      .value("stop-timeout", nil, \.stopTimeoutSeconds, "int", "Seconds that the container has to stop") {
        (text) throws(FlagValueError) in try parseInteger(text)
      },
      .toggle("tty", "t", \.tty, "Give the container a terminal"),
      .text("user", "u", \.user, "User to run as, as NAME|UID[:GROUP|GID]"),
      .text("workdir", "w", \.workingDirectory, "Directory to start in"),
    ]
  }

  /// Which streams the client attaches to: those named, else the outputs, and the input if it is kept open.
  var attaches: (input: Bool, output: Bool, error: Bool) {
    if attached.isEmpty { return (interactive, true, true) }
    return (attached.contains("stdin"), attached.contains("stdout"), attached.contains("stderr"))
  }

  /// The variables of the files and then those of the flags; a name alone takes our own value.
  func variables(_ own: [String: String]) throws -> [String] {
    var variables: [String] = []
    for file in environmentFiles {
      for line in try AssignmentFile.lines(file) {
        if line.contains("=") {
          variables.append(line)
        } else if let value = own[line] {
          variables.append("\(line)=\(value)")
        }
      }
    }
    // Unlike in a file, a name without a value that we do not have either unsets the image's variable.
    return variables
      + environment.map { name in
        name.contains("=") ? name : own[name].map { "\(name)=\($0)" } ?? name
      }
  }
}

/// A file of `NAME=VALUE` lines: `--env-file`, `--label-file`.
enum AssignmentFile {
  /// One file. Longer ones are no lists of variables.
  private static let bytesMax = 16 << 20

  /// The lines of `path` that say something, without what stands before them.
  static func lines(_ path: String) throws -> [String] {
    let bytes: [UInt8]
    do { bytes = try readFile(path, limit: bytesMax) } catch {
      throw LaunchProblem("open \(path): \(error.errno)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw LaunchProblem("env file \(path) contains invalid utf8 bytes")
    }
    return try text.split(whereSeparator: \.isNewline).compactMap { line in
      let line = line.drop(while: \.isWhitespace)
      if line.isEmpty || line.first == "#" { return nil }
      let name = line.prefix { $0 != "=" }
      guard !name.isEmpty else { throw LaunchProblem("no variable name on line '\(line)'") }
      guard !name.contains(where: \.isWhitespace) else {
        throw LaunchProblem("variable '\(name)' contains whitespaces")
      }
      return String(line)
    }
  }
}

/// Why flags that are right each for itself make no container together.
struct LaunchProblem: Error, Equatable {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}
