import EngineClient

/// How a template finds the fields of an answer of the engine.
///
/// Docker's client evaluates templates on Go's types, whose fields are spelled a little differently from the JSON
/// (`.ID` is `Id`), exist when the JSON leaves them out, and print by their type when they are null. We have the JSON.
enum FieldRules {
  /// The field `name` of `value`.
  ///
  /// - Parameter isTyped: a null is what Go's type has then, and not a null.
  /// - Throws: Go's complaint about a field that nothing has.
  static func field(
    _ name: String, of value: JSONValue, isTyped: Bool, place: String
  ) throws(TemplateError) -> JSONValue {
    guard case .object(let members) = value else {
      if value.isNull { return .null }
      throw TemplateError(
        "\(place): can't evaluate field \(name) in type \(TemplateText.kind(value))")
    }
    let exact = members.last { $0.name == name }
    let lowered = name.lowercased()
    guard let found = exact ?? members.last(where: { $0.name.lowercased() == lowered }) else {
      if optionalFields.contains(name) { return isTyped ? typed(.null, name) : .null }
      throw TemplateError("\(place): map has no entry for key \"\(name)\"")
    }
    return isTyped ? typed(found.value, name) : found.value
  }

  /// What a null stands for, by the field's type in Go: maps and slices print as empty ones.
  private static func typed(_ value: JSONValue, _ name: String) -> JSONValue {
    guard value.isNull else { return value }
    if mapFields.contains(name) { return .object([]) }
    if pointerFields.contains(name) { return .null }
    return .array([])
  }

  private static let mapFields: Set = [
    "Annotations", "DriverOpts", "ExposedPorts", "Labels", "LogOpts", "Networks", "Options", "PortBindings", "Ports",
    "Status", "StorageOpt", "Sysctls", "Tmpfs", "Volumes",
  ]
  private static let pointerFields: Set = [
    "Health", "Healthcheck", "Init", "IPAMConfig", "ImageManifestDescriptor", "MemorySwappiness", "OomKillDisable",
    "PidsLimit", "Platform", "SizeRootFs", "SizeRw", "StopTimeout", "UsageData", "ClusterVolume", "State",
    "NetworkSettings", "Descriptor", "Identity",
  ]
  /// What Docker leaves out of its JSON when it is empty.
  private static let optionalFields: Set = [
    "Annotations", "Author", "ClusterVolume", "Comment", "Container", "Health", "Healthcheck",
    "ImageManifestDescriptor", "Init", "MacAddress", "Mounts", "Manifests", "NetworkDisabled", "OnBuild", "OsVersion",
    "Runtime", "Shell", "SizeRootFs", "SizeRw", "Status", "StopSignal", "StopTimeout", "StorageOpt", "Sysctls",
    "Tmpfs", "UsageData", "Variant", "VirtualSize", "Descriptor",
  ]
}
