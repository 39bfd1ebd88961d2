import Engine

/// The words after `skiffd`.
struct DaemonCommandLine {
  private var settings: Settings = [:]
  private var file: String?
  private var validates = false
  private var readyDescriptor: Int32?

  /// What to do.
  enum Action {
    case serve(DaemonOptions)
    case text(String)
  }

  static let help = """
    Usage: skiffd [OPTIONS]

    The daemon of Skiff: keeps images, volumes and containers, and serves Docker's API.

    Options:
          --config-file FILE      settings, as JSON (default \(ConfigurationFile.standardPath))
          --data-root DIR         what survives a reboot (default \(EngineConfiguration.defaultDataRoot))
      -D, --debug                 tell more on standard error
          --docker-socket         also serve \(DaemonOptions.dockerSocket)
          --exec-root DIR         what belongs to one boot (default \(EngineConfiguration.defaultExecRoot))
      -G, --group GROUP           who may use the sockets besides root (default skiff; docker for Docker's socket)
      -H, --host ADDRESS          where to serve: unix://PATH, or fd:// for systemd's sockets; may be repeated
                                  (default unix://EXEC-ROOT/skiff.sock)
      -h, --help                  print this
      -p, --pidfile FILE          where to write the process's number
          --ready-descriptor N    write READY=1 to the open file N once the API answers
          --validate              check the configuration and end
      -v, --version               print the version

    """

  /// Reads `words` and the configuration file.
  static func read(_ words: [String]) throws(OptionError) -> Action {
    var line = DaemonCommandLine()
    var rest = words[...]
    while let word = rest.popFirst() {
      if let text = try line.take(word, &rest) { return .text(text) }
    }
    let file = try ConfigurationFile.read(line.file)
    let settings = try ConfigurationFile.merge(flags: line.settings, file: file, path: line.file)
    var options = try DaemonOptions(settings)
    options.readyDescriptor = line.readyDescriptor
    return line.validates ? .text("configuration OK\n") : .serve(options)
  }

  /// Takes the flag `word`, and its value from `rest` if it wants one.
  ///
  /// - Returns: what to print instead of serving.
  private mutating func take(_ word: String, _ rest: inout ArraySlice<String>) throws(OptionError) -> String? {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let attached = word.hasPrefix("--") && parts.count == 2 ? parts[1] : nil
    let flag = attached == nil ? word : parts[0]
    func value() throws(OptionError) -> String {
      guard let text = attached ?? rest.popFirst(), !text.isEmpty else {
        throw OptionError("flag \(flag) needs a value\nhint: see `skiffd --help`")
      }
      return text
    }
    switch flag {
    case "--config-file": file = try value()
    case "--ready-descriptor":
      guard let number = Int32(try value()), number > 2 else {
        throw OptionError("--ready-descriptor takes the number of an open file, 3 or more")
      }
      readyDescriptor = number
    case "--validate" where attached == nil: validates = true
    case "-h" where attached == nil, "--help" where attached == nil: return Self.help
    case "-v" where attached == nil, "--version" where attached == nil: return "skiffd version \(Engine.version)\n"
    default:
      guard let setting = Setting(flag: flag) else {
        throw OptionError("unknown flag or word \"\(word)\"\nhint: see `skiffd --help`")
      }
      switch setting.kind {
      case .toggle: settings[setting] = .toggle(try Self.toggle(attached, flag))
      case .text: settings[setting] = .text(try value())
      case .list:
        var list: [String] = []
        if case .list(let earlier) = settings[setting] { list = earlier }
        settings[setting] = .list(list + [try value()])
      }
    }
    return nil
  }

  private static func toggle(_ text: String?, _ flag: String) throws(OptionError) -> Bool {
    switch text {
    case nil, "true", "1": return true
    case "false", "0": return false
    case .some(let text): throw OptionError("flag \(flag) is true or false, not \"\(text)\"")
    }
  }
}
