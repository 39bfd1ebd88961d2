import EngineClient

/// One `--mount`: `type=bind,source=/a,target=/b,readonly`.
struct MountFlag {
  private var type = "volume"
  private var source = ""
  private var target = ""
  private var isReadOnly = false
  private var consistency = ""
  private var bind: [JSONValue.Member] = []
  private var temporary: [JSONValue.Member] = []
  private var image: [JSONValue.Member] = []
  private var volume = Volume()

  private struct Volume: Equatable {
    var noCopy = false
    var labels: [String: String] = [:]
    var subpath = ""
    var driver = ""
    var options: [String: String] = [:]
  }

  /// Reads `text`, whose fields are separated by commas and may be quoted.
  init(_ text: String) throws(FlagValueError) {
    for field in try Self.fields(text) {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      try set(parts[0].lowercased(), parts.count == 2 ? parts[1] : nil, field)
    }
    guard !target.isEmpty else { throw FlagValueError("target is required") }
    try checkMix()
  }

  /// One record of CSV.
  private static func fields(_ text: String) throws(FlagValueError) -> [String] {
    var fields: [String] = []
    var rest = text[...]
    while true {
      var field = ""
      if rest.first == "\"" {
        rest.removeFirst()
        while true {
          guard let character = rest.popFirst() else {
            throw FlagValueError("parse error on line 1: extraneous or missing \" in quoted-field")
          }
          guard character == "\"" else {
            field.append(character)
            continue
          }
          guard rest.first == "\"" else { break }
          field.append(rest.removeFirst())
        }
        guard rest.isEmpty || rest.first == "," else {
          throw FlagValueError("parse error on line 1: extraneous or missing \" in quoted-field")
        }
      } else {
        field = String(rest.prefix { $0 != "," })
        rest = rest.dropFirst(field.count)
      }
      fields.append(field)
      guard rest.popFirst() != nil else { return fields }
    }
  }

  private mutating func set(_ key: String, _ value: String?, _ field: String) throws(FlagValueError) {
    switch key {
    case "readonly", "ro": return isReadOnly = try Self.toggle(key, value)
    case "volume-nocopy": return volume.noCopy = try Self.toggle(key, value)
    case "bind-nonrecursive": return addBind("NonRecursive", .bool(try Self.toggle(key, value)))
    case "bind-create-src": return addBind("CreateMountpoint", .bool(try Self.toggle(key, value)))
    default: break
    }
    guard let value else {
      throw FlagValueError("invalid field '\(field)' must be a key=value pair")
    }
    switch key {
    case "type": type = value.lowercased()
    case "source", "src": source = value
    case "target", "dst", "destination": target = value
    case "consistency": consistency = value.lowercased()
    case "bind-propagation": bind.insert(.init("Propagation", .string(value.lowercased())), at: 0)
    case "bind-recursive": try setRecursion(value)
    case "volume-subpath": volume.subpath = value
    case "volume-label": Self.assign(value, &volume.labels)
    case "volume-driver": volume.driver = value
    case "volume-opt": Self.assign(value, &volume.options)
    case "image-subpath": image = [.init("Subpath", .string(value))]
    case "tmpfs-size":
      guard let size = try? Sizes.parse(value) else { throw FlagValueError("invalid value for \(key): \(value)") }
      temporary.insert(.init("SizeBytes", JSONValue(size)), at: 0)
    case "tmpfs-mode":
      guard let mode = UInt32(value, radix: 8) else { throw FlagValueError("invalid value for \(key): \(value)") }
      temporary.append(.init("Mode", JSONValue(mode)))
    default: throw FlagValueError("unexpected key '\(key)' in '\(field)'")
    }
  }

  private static func toggle(_ key: String, _ value: String?) throws(FlagValueError) -> Bool {
    guard let value else { return true }
    do { return try parseBool(value) } catch { throw FlagValueError("invalid value for \(key): \(value)") }
  }

  private static func assign(_ text: String, _ dictionary: inout [String: String]) {
    dictionary.merge(assignments([text])) { $1 }
  }

  private mutating func addBind(_ name: String, _ value: JSONValue) { bind.append(.init(name, value)) }

  private mutating func setRecursion(_ value: String) throws(FlagValueError) {
    switch value {
    case "enabled": break
    case "disabled": addBind("NonRecursive", .bool(true))
    case "writable": addBind("ReadOnlyNonRecursive", .bool(true))
    case "readonly": addBind("ReadOnlyForceRecursive", .bool(true))
    default:
      throw FlagValueError(
        "invalid value for bind-recursive: \(value) (must be \"enabled\", \"disabled\", \"writable\", or \"readonly\")")
    }
  }

  private func checkMix() throws(FlagValueError) {
    let mixed: (String, Bool)? = [
      ("volume", type != "volume" && volume != Volume()), ("bind", type != "bind" && !bind.isEmpty),
      ("tmpfs", type != "tmpfs" && !temporary.isEmpty), ("image", type != "image" && !image.isEmpty),
    ].first { $0.1 }
    if let mixed { throw FlagValueError("cannot mix '\(mixed.0)-*' options with mount type '\(type)'") }
  }

  /// The mount as the API takes it.
  var document: JSONValue {
    var members: [JSONValue.Member] = [.init("Type", .string(type))]
    if !source.isEmpty { members.append(.init("Source", .string(source))) }
    members.append(.init("Target", .string(target)))
    if isReadOnly { members.append(.init("ReadOnly", .bool(true))) }
    if !consistency.isEmpty { members.append(.init("Consistency", .string(consistency))) }
    if !bind.isEmpty { members.append(.init("BindOptions", .object(bind))) }
    if volume != Volume() { members.append(.init("VolumeOptions", volumeDocument)) }
    if !image.isEmpty { members.append(.init("ImageOptions", .object(image))) }
    if !temporary.isEmpty { members.append(.init("TmpfsOptions", .object(temporary))) }
    return .object(members)
  }

  private var volumeDocument: JSONValue {
    var driver: [JSONValue.Member] = []
    if !volume.driver.isEmpty { driver.append(.init("Name", .string(volume.driver))) }
    if !volume.options.isEmpty { driver.append(.init("Options", JSONValue(volume.options))) }
    var members: [JSONValue.Member] = []
    if volume.noCopy { members.append(.init("NoCopy", .bool(true))) }
    if !volume.labels.isEmpty { members.append(.init("Labels", JSONValue(volume.labels))) }
    if !volume.subpath.isEmpty { members.append(.init("Subpath", .string(volume.subpath))) }
    members.append(.init("DriverConfig", .object(driver)))
    return .object(members)
  }
}
