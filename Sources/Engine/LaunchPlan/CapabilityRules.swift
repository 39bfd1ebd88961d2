/// Docker's rules for which capabilities a container has.
struct CapabilityRules {
  private let host: HostFacts

  init(_ host: HostFacts) { self.host = host }

  /// What a container has that asks for nothing else, in Docker's order.
  static let defaults = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID",
    "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL",
    "CAP_AUDIT_WRITE",
  ]

  private static let everything = "ALL"

  /// The capabilities of a container, `CAP_…`.
  ///
  /// `ALL` among the added gives all but the dropped; else `ALL` among the dropped leaves the added; else the dropped
  /// go and the added come. A privileged container has all that there are, whatever it says.
  ///
  /// - Throws: `invalid`, with Docker's texts, for a name that Linux does not have or that cannot be given here.
  func capabilities(for security: SecuritySpec) throws(LaunchPlanError) -> [String] {
    let added = try normalised(security.addedCapabilities, field: "CapAdd")
    let dropped = try normalised(security.droppedCapabilities, field: "CapDrop")
    if security.isPrivileged { return host.availableCapabilities }
    if added.contains(Self.everything) { return host.availableCapabilities.filter { !dropped.contains($0) } }
    let kept = dropped.contains(Self.everything) ? [] : Self.defaults.filter { !dropped.contains($0) }
    var capabilities = kept
    for capability in added where !capabilities.contains(capability) { capabilities.append(capability) }
    return capabilities
  }

  private func normalised(_ names: [String], field: String) throws(LaunchPlanError) -> [String] {
    var normalised: [String] = []
    for name in names {
      var name = name.uppercased()
      if name != Self.everything, !name.hasPrefix("CAP_") { name = "CAP_" + name }
      guard name != Self.everything else {
        normalised.append(name)
        continue
      }
      guard host.knownCapabilities.contains(name) else {
        throw .invalid("invalid \(field): unknown capability: \"\(name)\"")
      }
      guard host.availableCapabilities.contains(name) else {
        throw .invalid(
          "invalid \(field): capability not supported by your kernel or not available in the current environment: "
            + "\"\(name)\"")
      }
      normalised.append(name)
    }
    return normalised
  }
}
