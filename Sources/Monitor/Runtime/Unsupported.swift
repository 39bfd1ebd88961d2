import OCI

extension ContainerLaunch {
  /// Refuses by name what a spec asks for and this runtime does not honour; nothing is ignored that would make a
  /// container less, or less protected, than was asked.
  func refuseUnsupported(_ process: RuntimeSpec.Process) throws(RuntimeError) {
    try process.refuseUnsupported()
    let linux = spec.linux
    try refuse([
      ("linux.uidMappings", !(linux?.uidMappings ?? []).isEmpty),
      ("linux.gidMappings", !(linux?.gidMappings ?? []).isEmpty),
      ("linux.timeOffsets", !(linux?.timeOffsets ?? [:]).isEmpty),
      ("linux.netDevices", !(linux?.netDevices ?? [:]).isEmpty),
      ("linux.mountLabel", !(linux?.mountLabel ?? "").isEmpty),
      ("linux.intelRdt", linux?.intelRdt != nil),
      ("linux.personality", linux?.personality.map { $0.domain != .linux || !$0.flags.isEmpty } ?? false),
      ("linux.memoryPolicy", linux?.memoryPolicy != nil),
    ])
  }
}

extension RuntimeSpec.Process {
  /// The same for what a process of a container and one that enters it have in common.
  func refuseUnsupported() throws(RuntimeError) {
    try refuse([
      ("process.apparmorProfile", !apparmorProfile.isEmpty && apparmorProfile != "unconfined"),
      ("process.selinuxLabel", !selinuxLabel.isEmpty),
      ("process.ioPriority", ioPriority != nil),
      ("process.scheduler", scheduler != nil),
      ("process.execCPUAffinity", execCPUAffinity != nil),
    ])
  }
}

/// Refuses the first of the members that is set.
private func refuse(_ members: [(name: String, isSet: Bool)]) throws(RuntimeError) {
  guard let member = members.first(where: \.isSet) else { return }
  throw RuntimeError(.unsupported, "\(member.name) is not supported yet")
}
