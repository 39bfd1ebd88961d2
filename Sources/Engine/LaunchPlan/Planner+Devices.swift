import OCI

extension Planner {
  /// The nodes that are made besides the runtime's own: those asked for, after all of the host's if privileged.
  func deviceNodes() throws(LaunchPlanError) -> [RuntimeSpec.Device] {
    var nodes = spec.security.isPrivileged ? inputs.hostDevices.map { RuntimeSpec.Device($0, at: $0.path) } : []
    for mapping in spec.devices.mappings {
      // There already, with every access.
      if spec.security.isPrivileged, mapping.pathOnHost == mapping.pathInContainer { continue }
      nodes += try devices(of: mapping).map { RuntimeSpec.Device($0.device, at: $0.path) }
    }
    return nodes
  }

  /// Which devices may be used. Without privileges none but Docker's default ones and those asked for.
  func deviceRules() throws(LaunchPlanError) -> [RuntimeSpec.DeviceRule] {
    if spec.security.isPrivileged { return [RuntimeSpec.DeviceRule(allow: true, access: "rwm")] }
    var rules = Self.defaultDeviceRules
    for mapping in spec.devices.mappings {
      for (device, _) in try devices(of: mapping) {
        rules.append(
          RuntimeSpec.DeviceRule(
            allow: true, type: device.type, major: device.major, minor: device.minor, access: mapping.access))
      }
    }
    for rule in spec.devices.cgroupRules { rules.append(try RuntimeSpec.DeviceRule(text: rule)) }
    return rules
  }

  /// The device of a mapping, or those in the directory that it names, and where each is in the container.
  private func devices(
    of mapping: DeviceSpec.Mapping
  ) throws(LaunchPlanError) -> [(device: HostDevice, path: String)] {
    guard let found = inputs.devices[mapping.pathOnHost], !found.isEmpty else {
      throw .missing(
        "error gathering device information while adding custom device \"\(mapping.pathOnHost)\": "
          + "no such file or directory")
    }
    let directory = ContainerPath.clean(mapping.pathOnHost) + "/"
    return found.map { device in
      guard device.path.hasPrefix(directory) else { return (device, mapping.pathInContainer) }
      return (device, "\(ContainerPath.clean(mapping.pathInContainer))/\(device.path.dropFirst(directory.count))")
    }
  }

  /// zero, null, urandom, random, tty and console; fuse is named to be denied.
  private static let defaultDeviceRules: [RuntimeSpec.DeviceRule] =
    [RuntimeSpec.DeviceRule(allow: false, access: "rwm")]
    + [(1, 5), (1, 3), (1, 9), (1, 8), (5, 0), (5, 1)].map { major, minor in
      RuntimeSpec.DeviceRule(allow: true, type: .character, major: major, minor: minor, access: "rwm")
    } + [RuntimeSpec.DeviceRule(allow: false, type: .character, major: 10, minor: 229, access: "rwm")]
}

extension RuntimeSpec.Device {
  /// A node with the owner and permissions that it has on the host.
  fileprivate init(_ device: HostDevice, at path: String) {
    self.init(
      type: device.type, path: path, major: device.major, minor: device.minor, fileMode: device.mode,
      uid: device.uid, gid: device.gid)
  }
}

extension RuntimeSpec.DeviceRule {
  /// Reads a rule of `--device-cgroup-rule`: `TYPE MAJOR:MINOR ACCESS`, where a number may be `*`.
  ///
  /// - Throws: `invalid` with Docker's text.
  init(text: String) throws(LaunchPlanError) {
    let malformed = LaunchPlanError.invalid("invalid device cgroup rule format: '\(text)'")
    let fields = text.split(separator: " ", omittingEmptySubsequences: false)
    guard fields.count == 3, ["a", "b", "c"].contains(fields[0]), (1...3).contains(fields[2].utf8.count),
      fields[2].allSatisfy("rwm".contains)
    else { throw malformed }
    let numbers = fields[1].split(separator: ":", omittingEmptySubsequences: false)
    guard numbers.count == 2 else { throw malformed }
    func number(_ text: Substring) throws(LaunchPlanError) -> Int64? {
      if text == "*" { return nil }
      guard let number = UInt32(text), text.first != "+" else { throw malformed }
      return Int64(number)
    }
    self.init(
      allow: true, type: RuntimeSpec.DeviceKind(rawValue: String(fields[0])), major: try number(numbers[0]),
      minor: try number(numbers[1]), access: String(fields[2]))
  }
}
