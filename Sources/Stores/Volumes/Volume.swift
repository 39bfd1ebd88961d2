/// A directory of data that outlives containers.
package struct Volume: Equatable, Sendable {
  package let name: String
  /// Whether nobody named it: `--rm`, `rm -v` and `volume prune` remove it with its container.
  package let isAnonymous: Bool
  /// Nanoseconds since 1970.
  package let created: Int64
  package let labels: [String: String]
  /// As they were given: `type`, `o`, `device`.
  package let options: [String: String]

  /// What stands behind it.
  package var backing: VolumeBacking { VolumeBacking(validated: options) }
}

/// What a volume's options mean, after those of Docker's local driver.
package enum VolumeBacking: Equatable, Sendable {
  /// The directory `_data` itself.
  case directory
  /// A tmpfs of its own for as long as a container uses it.
  case tmpfs(options: [String])
  /// A directory of the host.
  case bind(source: String, options: [String])
  /// A file system on a device.
  case fileSystem(type: String, device: String, options: [String])

  /// Reads options that `check` took.
  init(validated options: [String: String]) {
    let flags = (options["o"] ?? "").split(separator: ",").map(String.init)
    let device = options["device"] ?? ""
    switch options["type"] {
    case nil: self = .directory
    case "tmpfs": self = .tmpfs(options: flags)
    case "none", "bind", "": self = .bind(source: device, options: flags.filter { $0 != "bind" })
    case let type?: self = .fileSystem(type: type, device: device, options: flags)
    }
  }

  /// Refuses options that Docker's local driver refuses, with its texts, and those that are not honoured yet.
  static func check(_ options: [String: String]) throws(VolumeError) {
    guard !options.isEmpty else { return }
    let known: Set = ["type", "o", "device", "size"]
    if let unknown = options.keys.filter({ !known.contains($0) }).min() { throw .invalidOption(unknown) }
    if options["size"] != nil { throw .noQuota }
    for (option, required) in [("device", ["type"]), ("o", ["device", "type"]), ("type", ["device"])]
    where options[option] != nil {
      if let missing = required.first(where: { options[$0] == nil }) { throw .missingOption(missing) }
    }
    guard let type = options["type"] else { return }
    // They need a name to be resolved and a helper of the host; refused by name until somebody does that.
    if ["nfs", "nfs4", "cifs", "smb3", "sshfs"].contains(type) { throw .unsupportedType(type) }
    if case .bind(let source, _) = VolumeBacking(validated: options), !source.hasPrefix("/") {
      throw .relativeDevice(source)
    }
  }
}
