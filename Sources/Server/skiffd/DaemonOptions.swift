import Engine
import Tasks

/// What the command line of `skiffd` says.
struct DaemonOptions {
  var dataRoot = EngineConfiguration.defaultDataRoot
  var execRoot = EngineConfiguration.defaultExecRoot
  /// Paths of unix sockets.
  var sockets: [String] = []
  /// Also serve Docker's own socket.
  var servesDockerSocket = false
  var isDebugging = false

  /// Where Docker's clients look without being told.
  static let dockerSocket = "/var/run/docker.sock"

  /// What to do.
  enum Action {
    case serve(DaemonOptions)
    case text(String)
  }

  static let help = """
    Usage: skiffd [OPTIONS]

    The daemon of Skiff: keeps images, volumes and containers, and serves Docker's API.

    Options:
          --data-root DIR   what survives a reboot (default \(EngineConfiguration.defaultDataRoot))
          --debug           tell more on standard error
          --docker-socket   also serve \(dockerSocket)
          --exec-root DIR   what belongs to one boot (default \(EngineConfiguration.defaultExecRoot))
      -H, --host ADDRESS    where to serve, unix://PATH; may be repeated (default unix://EXEC-ROOT/skiff.sock)
      -h, --help            print this
      -v, --version         print the version

    """

  /// Reads the words after the program's name.
  static func read(_ words: [String]) throws(OptionError) -> Action {
    var options = DaemonOptions()
    var rest = words[...]
    while let word = rest.popFirst() {
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
      case "--data-root": options.dataRoot = try directory(try value(), flag)
      case "--exec-root": options.execRoot = try directory(try value(), flag)
      case "-H", "--host": options.sockets.append(try socket(try value()))
      case "--docker-socket" where attached == nil: options.servesDockerSocket = true
      case "--debug" where attached == nil: options.isDebugging = true
      case "-h", "--help": return .text(help)
      case "-v", "--version": return .text("skiffd version \(Engine.version)\n")
      default: throw OptionError("unknown flag or word \"\(word)\"\nhint: see `skiffd --help`")
      }
    }
    if options.sockets.isEmpty { options.sockets = ["\(options.execRoot)/skiff.sock"] }
    if options.servesDockerSocket { options.sockets.append(dockerSocket) }
    return .serve(options)
  }

  /// The engine's part of it.
  ///
  /// - Parameter program: the path of this program, beside which the others are.
  func configuration(program: String) -> EngineConfiguration {
    EngineConfiguration(
      dataRoot: dataRoot, execRoot: execRoot, monitorPath: MonitorProgram.path(besides: program),
      isDebugging: isDebugging)
  }

  private static func directory(_ path: String, _ flag: String) throws(OptionError) -> String {
    guard path.hasPrefix("/") else { throw OptionError("\(flag) \"\(path)\" is not an absolute path") }
    var path = path
    while path.count > 1, path.last == "/" { path.removeLast() }
    return path
  }

  private static func socket(_ address: String) throws(OptionError) -> String {
    let scheme = "unix://"
    guard address.hasPrefix(scheme) else {
      throw OptionError("cannot serve on \"\(address)\": only unix://PATH is supported yet")
    }
    let path = String(address.dropFirst(scheme.count))
    guard path.hasPrefix("/") else { throw OptionError("socket path \"\(path)\" is not absolute") }
    return path
  }
}

/// What is wrong with how the daemon was started.
struct OptionError: Error, CustomStringConvertible {
  let description: String
  let exitCode: Int32

  init(_ description: String, exitCode: Int32 = 125) {
    self.description = description
    self.exitCode = exitCode
  }
}
