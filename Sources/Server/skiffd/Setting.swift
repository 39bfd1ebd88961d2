/// What an operator decides, under the key of daemon.json. A flag has the same name, but `hosts`, which is `--host`.
enum Setting: String, CaseIterable {
  case dataRoot = "data-root"
  case debug
  case dockerSocket = "docker-socket"
  case execRoot = "exec-root"
  case group
  case hosts
  case pidfile

  /// What kind of value it takes.
  enum Kind: String {
    case text = "string"
    case list = "array of strings"
    case toggle = "bool"
  }

  var kind: Kind {
    switch self {
    case .dataRoot, .execRoot, .group, .pidfile: .text
    case .hosts: .list
    case .debug, .dockerSocket: .toggle
    }
  }

  /// The flag that says the same: `--debug`, `--host`.
  init?(flag: String) {
    switch flag {
    case "-D": self = .debug
    case "-G": self = .group
    case "-H", "--host": self = .hosts
    case "-p": self = .pidfile
    case "--hosts": return nil
    default:
      guard flag.hasPrefix("--"), let setting = Setting(rawValue: String(flag.dropFirst(2))) else { return nil }
      self = setting
    }
  }
}

/// The value of a setting, printed as `dockerd` prints it when two of them are in conflict.
enum SettingValue: Equatable, CustomStringConvertible {
  case text(String)
  case list([String])
  case toggle(Bool)

  var description: String {
    switch self {
    case .text(let text): text
    case .list(let list): "[\(list.joined(separator: " "))]"
    case .toggle(let isOn): "\(isOn)"
    }
  }
}

/// What one source, the command line or the file, says.
typealias Settings = [Setting: SettingValue]
