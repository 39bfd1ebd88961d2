import DockerWire
import Linux

/// `daemon.json`: the operator's settings, under `dockerd`'s keys where it has them.
enum ConfigurationFile {
  /// Where it is unless `--config-file` says otherwise; then it need not be there.
  static let standardPath = "/etc/skiff/daemon.json"
  /// It has a handful of lines; whoever made it larger mistook the file.
  private static let bytesMax = 1 << 20

  /// Reads the settings of the file at `path`; nil stands for the standard one.
  static func read(_ path: String?) throws(OptionError) -> Settings {
    let name = path ?? standardPath
    let bytes: [UInt8]
    do { bytes = try readFile(name, limit: bytesMax) } catch {
      if path == nil, error.errno == .noSuchFile { return [:] }
      throw refusal(name, "cannot open it: \(error.errno)")
    }
    do { return try settings(JSONParser.parse(bytes)) } catch let error as WireError {
      throw refusal(name, error.description)
    } catch { throw refusal(name, "\(error)") }
  }

  /// What flags and file say together. One thing said twice is an error, even if both agree: nobody could tell which
  /// of them a later change would have to touch.
  static func merge(flags: Settings, file: Settings, path: String?) throws(OptionError) -> Settings {
    let conflicts = Setting.allCases.compactMap { setting -> String? in
      guard let flag = flags[setting], let other = file[setting] else { return nil }
      return "\(setting.rawValue): (from flag: \(flag), from file: \(other))"
    }
    guard conflicts.isEmpty else {
      throw refusal(
        path ?? standardPath,
        "the following directives are specified both as a flag and in the configuration file: "
          + conflicts.joined(separator: ", "))
    }
    return flags.merging(file) { flag, _ in flag }
  }

  private static func settings(_ document: JSONValue) throws -> Settings {
    guard case .object(let members) = document else { throw WireError("invalid JSON: it is no object") }
    let unknown = members.map(\.name).filter { Setting(rawValue: $0) == nil }
    guard unknown.isEmpty else {
      throw WireError(
        "the following directives don't match any configuration option: \(unknown.joined(separator: ", "))")
    }
    var settings: Settings = [:]
    for member in members {
      guard let setting = Setting(rawValue: member.name) else { continue }
      settings[setting] = try value(member.value, of: setting)
    }
    return settings
  }

  private static func value(_ value: JSONValue, of setting: Setting) throws -> SettingValue {
    switch (setting.kind, value) {
    case (.text, .string(let text)): return .text(text)
    case (.toggle, .bool(let isOn)): return .toggle(isOn)
    case (.list, .array(let elements)):
      return .list(
        try elements.map { element in
          guard case .string(let text) = element else { throw WireError(mismatch(setting)) }
          return text
        })
    default: throw WireError(mismatch(setting))
    }
  }

  private static func mismatch(_ setting: Setting) -> String {
    "invalid JSON: \(setting.rawValue) is no \(setting.kind.rawValue)"
  }

  private static func refusal(_ path: String, _ reason: String) -> OptionError {
    OptionError("unable to configure the daemon with file \(path): \(reason)", exitCode: 1)
  }
}
