import EngineClient
import Glibc
import Linux

/// The program `skiff`: finds the command, gives it a session, and turns what it throws into words and an exit code.
package enum SkiffProgram {
  /// The version of this release.
  package static let version = "0.1.0"

  /// Runs the command line `words`, without the program's name.
  ///
  /// - Returns: the exit code.
  package static func main(_ words: [String], environment: [String]) -> Int32 {
    // A connection that the engine closed must end in an error of write(2), not end this program.
    signal(SIGPIPE, SIG_IGN)
    let environment = Dictionary(
      environment.map { entry in
        let parts = entry.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
      }, uniquingKeysWith: { $1 })
    do { return try run(words, environment) } catch { return report(error) }
  }

  private static func run(_ words: [String], _ environment: [String: String]) throws -> Int32 {
    var globals = GlobalOptions()
    var rest: [String]
    do {
      rest = try FlagParser(flags: GlobalOptions.flags, allowsFlagsAfterArguments: false).parse(words, into: &globals)
    } catch .helpWanted { rest = ["help"] } catch {
      throw CommandError(
        "\(error.reason)\n\nRun '\(Session.program) --help' for more information", exitCode: ExitCode.usage)
    }
    if globals.wantsVersion { return try say("Skiff version \(version)") }
    if let refusal = globals.refusal { throw CommandError(refusal, exitCode: ExitCode.usage) }
    if rest.first == "help" { rest = Array(rest.dropFirst()) + (rest.count > 1 ? ["--help"] : []) }
    let catalog = CommandCatalog.find(rest)
    guard let verb = catalog.verb else {
      if catalog.isHelp { return try say(CommandCatalog.overview(of: catalog.path)) }
      let path = ([Session.program] + rest.prefix(catalog.path.isEmpty ? 1 : 2)).joined(separator: " ")
      let help = ([Session.program] + catalog.path).joined(separator: " ")
      let usage = catalog.path.isEmpty ? "" : "Usage:  \(help) COMMAND\n\n"
      throw CommandError(
        "\(Session.program): unknown command: \(path)\n\n\(usage)Run '\(help) --help' for more information")
    }
    let address: EngineAddress
    do { address = try EngineAddress.chosen(flag: globals.host, environment: environment["SKIFF_HOST"]) } catch {
      throw CommandError("\(error)", exitCode: ExitCode.usage)
    }
    let session = Session(address: address, environment: environment, path: verb.path)
    defer { try? session.output.flush() }
    let code = try verb.run(Array(rest.dropFirst(catalog.path.count)), session)
    try session.output.flush()
    return code
  }

  private static func say(_ text: String) throws -> Int32 {
    try StandardStreams.output.writeAll(text + "\n")
    return 0
  }

  /// Says what went wrong, and which exit code that means.
  private static func report(_ error: any Error) -> Int32 {
    switch error {
    case let error as CommandError:
      let stream = error.exitCode == 0 ? StandardStreams.output : StandardStreams.error
      if !error.message.isEmpty { try? stream.writeAll(error.message + "\n") }
      return error.exitCode
    case let error as SyscallError where error.errno == .brokenPipe,
      ClientError.system(let error) where error.errno == .brokenPipe:
      // Nobody reads our output any more. Other programs die of it; so do we, and a shell sees 141.
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
      return 128 + SIGPIPE
    default:
      try? StandardStreams.error.writeAll("\(error)\n")
      return 1
    }
  }
}

/// The flags that stand before the command.
struct GlobalOptions {
  var host: String?
  var wantsVersion = false
  var context = ""
  var debug = false

  static var flags: [Flag<GlobalOptions>] {
    [
      .optionalText("host", "H", \.host, "Engine to talk to, as unix:///PATH"),
      .toggle("version", "v", \.wantsVersion, "Print the version"),
      .text("context", "c", \.context, "Named engine to talk to"),
      .toggle("debug", "D", \.debug, "Accepted for scripts; messages are always complete"),
    ]
  }

  /// What was asked for and is not there.
  var refusal: String? {
    context.isEmpty || context == "default"
      ? nil : "context \"\(context)\" cannot be used: contexts are not there yet\nhint: name the engine with -H"
  }
}
