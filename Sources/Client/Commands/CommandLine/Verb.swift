/// A command under one of its names, with its type forgotten.
struct Verb {
  /// `container rm`, `rm`.
  let path: String
  let summary: String
  /// An older spelling, which overviews leave out.
  let isAlias: Bool
  /// Parses the words after the path and runs the command.
  let run: ([String], Session) throws -> Int32
  /// The page that `--help` shows.
  let help: () -> String

  init<Spoken: Command>(_ path: String, _ command: Spoken.Type, isAlias: Bool = false) {
    self.path = path
    self.isAlias = isAlias
    summary = Spoken.usage.summary
    run = { words, session in try Self.run(command, words, session) }
    help = { HelpPage(path: path, usage: Spoken.usage, flags: Spoken.flags).text }
  }

  /// Parses `words` as the command line of `command` without running it.
  ///
  /// - Throws: `CommandError` as the user sees it: a wrong flag ends with 125, a wrong number of arguments with 1.
  static func parse<Spoken: Command>(_ command: Spoken.Type, _ words: [String], path: String) throws -> Spoken {
    let full = "\(Session.program) \(path)"
    let usage = Spoken.usage
    let synopsis = "Usage:  \(full)\(usage.line.isEmpty ? "" : " ")\(usage.line)"
    var instance = Spoken()
    do {
      let parser = FlagParser(flags: Spoken.flags, allowsFlagsAfterArguments: !usage.passesThrough)
      instance.arguments = try parser.parse(words, into: &instance)
    } catch .helpWanted {
      throw CommandError(HelpPage(path: path, usage: usage, flags: Spoken.flags).text, exitCode: 0)
    } catch {
      throw CommandError(
        "\(error.reason)\n\n\(synopsis)\n\nRun '\(full) --help' for more information", exitCode: ExitCode.usage)
    }
    if let problem = usage.count.problem(instance.arguments.count, path: full) {
      throw CommandError(
        "\(Session.program): \(problem)\n\n\(synopsis)\n\n\(usage.count.hint) '\(full) --help' for more information")
    }
    return instance
  }

  private static func run<Spoken: Command>(_ command: Spoken.Type, _ words: [String], _ session: Session) throws
    -> Int32
  {
    try parse(command, words, path: session.path).run(session)
  }
}
