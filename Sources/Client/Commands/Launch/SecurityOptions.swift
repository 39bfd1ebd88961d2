import EngineClient
import Linux

/// What the container may do.
struct SecurityOptions {
  var addedCapabilities: [String] = []
  var droppedCapabilities: [String] = []
  var isPrivileged = false
  var options: [String] = []
  var groups: [String] = []
  var isReadOnly = false
  var devices: [String] = []
  var deviceRules: [String] = []
  var kernelParameters: [String] = []
  var storageOptions: [String] = []

  static var flags: [Flag<SecurityOptions>] {
    [
      .list("cap-add", nil, \.addedCapabilities, "Capability that it has besides the default ones"),
      .list("cap-drop", nil, \.droppedCapabilities, "Capability that it does not have"),
      .list("device", nil, \.devices, "Device of the host, as PATH[:PATH_INSIDE[:rwm]]"),
      .values("device-cgroup-rule", nil, \.deviceRules, "list", "Rule for devices, as \"c 1:3 rwm\"", deviceRule),
      .list("group-add", nil, \.groups, "Group that it is a member of besides"),
      .toggle("privileged", nil, \.isPrivileged, "Give it all capabilities and devices, and no confinement"),
      .toggle("read-only", nil, \.isReadOnly, "Do not let it write to its root file system"),
      .list("security-opt", nil, \.options, "Security option, as no-new-privileges or seccomp=FILE"),
      .list("storage-opt", nil, \.storageOptions, "Option of its root file system, as NAME=VALUE"),
      .values("sysctl", nil, \.kernelParameters, "map", "Kernel parameter, as NAME=VALUE", kernelParameter),
    ]
  }

  /// `c 1:3 rwm`.
  private static func deviceRule(_ text: String) throws(FlagValueError) -> String {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    let numbers = parts.count == 3 ? parts[1].split(separator: ":", omittingEmptySubsequences: false) : []
    guard parts.count == 3, ["a", "b", "c"].contains(parts[0]), numbers.count == 2,
      numbers.allSatisfy({ $0 == "*" || UInt32($0) != nil }), (1...3).contains(parts[2].count),
      parts[2].allSatisfy({ "rwm".contains($0) })
    else { throw FlagValueError("invalid device cgroup format '\(text)'") }
    return text
  }

  /// The parameters that belong to namespaces of the container's.
  private static func kernelParameter(_ text: String) throws(FlagValueError) -> String {
    let name = text.prefix { $0 != "=" }
    let own: Set<Substring> = [
      "kernel.msgmax", "kernel.msgmnb", "kernel.msgmni", "kernel.sem", "kernel.shmall", "kernel.shmmax",
      "kernel.shmmni", "kernel.shm_rmid_forced",
    ]
    guard name.endIndex < text.endIndex, own.contains(name) || name.hasPrefix("net.") || name.hasPrefix("fs.mqueue.")
    else { throw FlagValueError("sysctl '\(text)' is not allowed") }
    return text
  }

  /// What `--security-opt` says, with a profile's file replaced by what it holds. `systempaths` is not among the
  /// options of the API: it unmasks.
  func parsedOptions() throws -> (options: [String], unmasks: Bool) {
    var parsed: [String] = []
    var unmasks = false
    for option in options {
      let separator: Character = option.contains("=") ? "=" : ":"
      let parts = option.split(separator: separator, maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      switch (parts[0], parts.count) {
      case ("systempaths", 2) where parts[1] == "unconfined": unmasks = true
      case ("no-new-privileges", 1): parsed.append(option)
      case ("seccomp", 2) where !["unconfined", "builtin"].contains(parts[1]):
        parsed.append("seccomp=\(try Self.profile(parts[1]))")
      case (_, 2): parsed.append(option)
      default: throw LaunchProblem("Invalid --security-opt: \"\(option)\"")
      }
    }
    return (parsed, unmasks)
  }

  /// A profile. Docker's own has 20 KiB.
  private static let profileBytesMax = 4 << 20

  private static func profile(_ path: String) throws -> String {
    let bytes: [UInt8]
    do { bytes = try readFile(path, limit: profileBytesMax) } catch {
      throw LaunchProblem("opening seccomp profile (\(path)) failed: open \(path): \(error.errno)")
    }
    do { return try JSONParser.parse(bytes).compactUnescaped } catch {
      throw LaunchProblem("compacting json for seccomp profile (\(path)) failed: \(error)")
    }
  }

  /// `Devices`, and `DeviceRequests` for names of the Container Device Interface.
  func parsedDevices() throws -> (devices: [JSONValue], requests: JSONValue) {
    let named = devices.filter { !$0.hasPrefix("/") && $0.contains("/") && $0.contains("=") }
    let request = JSONValue.object([
      .init("Driver", .string("cdi")), .init("Count", JSONValue(0)), .init("DeviceIDs", JSONValue(named)),
      .init("Capabilities", .null), .init("Options", .null),
    ])
    let paths = try devices.filter { !named.contains($0) }.map(Self.device)
    return (paths, named.isEmpty ? .null : .array([request]))
  }

  private static func device(_ text: String) throws -> JSONValue {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    func isMode(_ text: String) -> Bool {
      !text.isEmpty && text.allSatisfy { "rwm".contains($0) } && Set(text).count == text.count
    }
    guard !parts[0].isEmpty else { throw LaunchProblem("bad format for path: \(text)") }
    var inside = parts[0]
    var mode = "rwm"
    switch parts.count {
    case 1: break
    case 2 where isMode(parts[1]): mode = parts[1]
    case 2: inside = parts[1]
    case 3:
      guard isMode(parts[2]) else { throw LaunchProblem("bad mode specified: \(parts[2])") }
      (inside, mode) = (parts[1], parts[2])
    default: throw LaunchProblem("invalid device specification: \(text)")
    }
    return .object([
      .init("PathOnHost", .string(parts[0])), .init("PathInContainer", .string(inside)),
      .init("CgroupPermissions", .string(mode)),
    ])
  }

  /// Capabilities as the API spells them: upper case, with `CAP_`, each once, in order; `ALL` stays.
  static func capabilities(_ names: [String]) -> JSONValue {
    if names.isEmpty { return .null }
    let normal = names.map { name in
      let upper = name.uppercased()
      return upper == "ALL" || upper.hasPrefix("CAP_") ? upper : "CAP_\(upper)"
    }
    return JSONValue(Set(normal).sorted())
  }
}
