import Engine
import Tasks

/// What the command line of `skiffd` and its configuration file say.
struct DaemonOptions {
  var dataRoot = EngineConfiguration.defaultDataRoot
  var execRoot = EngineConfiguration.defaultExecRoot
  var hosts: [Host] = []
  /// Who may use the sockets besides root; nil is `skiff`, and `docker` for Docker's socket, where these are known.
  var group: String?
  var pidfile: String?
  var isDebugging = false
  /// Where to say that the API answers.
  var readyDescriptor: Int32?

  /// Where Docker's clients look without being told.
  static let dockerSocket = "/var/run/docker.sock"

  /// Where to serve.
  enum Host: Equatable, CustomStringConvertible {
    case unix(path: String)
    /// On the sockets that systemd hands over.
    case inherited

    /// Reads `unix:///run/skiff/skiff.sock` or `fd://`.
    init(_ address: String) throws(OptionError) {
      if address == "fd://" {
        self = .inherited
        return
      }
      let scheme = "unix://"
      guard address.hasPrefix(scheme) else {
        throw OptionError("cannot serve on \"\(address)\": only unix://PATH and fd:// are supported yet")
      }
      let path = String(address.dropFirst(scheme.count))
      guard path.hasPrefix("/") else { throw OptionError("socket path \"\(path)\" is not absolute") }
      self = .unix(path: path)
    }

    var description: String {
      switch self {
      case .unix(let path): "unix://\(path)"
      case .inherited: "fd://"
      }
    }
  }

  /// What `settings` decide; everything else has its default.
  init(_ settings: Settings) throws(OptionError) {
    func text(_ setting: Setting) -> String? {
      if case .text(let text) = settings[setting] { text } else { nil }
    }
    if let path = text(.dataRoot) { dataRoot = try Self.directory(path, .dataRoot) }
    if let path = text(.execRoot) { execRoot = try Self.directory(path, .execRoot) }
    group = text(.group)
    if let path = text(.pidfile) { pidfile = try Self.directory(path, .pidfile) }
    isDebugging = settings[.debug] == .toggle(true)
    if case .list(let addresses) = settings[.hosts] {
      for address in addresses { hosts.append(try Host(address)) }
    }
    if hosts.isEmpty { hosts = [.unix(path: "\(execRoot)/skiff.sock")] }
    if settings[.dockerSocket] == .toggle(true) { hosts.append(.unix(path: Self.dockerSocket)) }
  }

  /// The engine's part of it.
  ///
  /// - Parameter program: the path of this program, beside which the others are.
  func configuration(program: String) -> EngineConfiguration {
    EngineConfiguration(
      dataRoot: dataRoot, execRoot: execRoot, monitorPath: MonitorProgram.path(besides: program),
      isDebugging: isDebugging)
  }

  private static func directory(_ path: String, _ setting: Setting) throws(OptionError) -> String {
    guard path.hasPrefix("/") else { throw OptionError("--\(setting.rawValue) \"\(path)\" is not an absolute path") }
    var path = path
    while path.count > 1, path.last == "/" { path.removeLast() }
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
