import OCI

extension ContainerLaunch {
  /// Refuses by name what a spec asks for and this runtime does not honour; nothing is ignored that would make a
  /// container less, or less protected, than was asked.
  func refuseUnsupported(_ process: RuntimeSpec.Process) throws(RuntimeError) {
    let linux = spec.linux
    let refused: [(String, Bool)] = [
      ("process.apparmorProfile", !process.apparmorProfile.isEmpty && process.apparmorProfile != "unconfined"),
      ("process.selinuxLabel", !process.selinuxLabel.isEmpty),
      ("process.ioPriority", process.ioPriority != nil),
      ("process.scheduler", process.scheduler != nil),
      ("process.execCPUAffinity", process.execCPUAffinity != nil),
      ("linux.uidMappings", !(linux?.uidMappings ?? []).isEmpty),
      ("linux.gidMappings", !(linux?.gidMappings ?? []).isEmpty),
      ("linux.timeOffsets", !(linux?.timeOffsets ?? [:]).isEmpty),
      ("linux.netDevices", !(linux?.netDevices ?? [:]).isEmpty),
      ("linux.mountLabel", !(linux?.mountLabel ?? "").isEmpty),
      ("linux.intelRdt", linux?.intelRdt != nil),
      ("linux.personality", linux?.personality.map { $0.domain != .linux || !$0.flags.isEmpty } ?? false),
      ("linux.memoryPolicy", linux?.memoryPolicy != nil),
    ]
    if let (name, _) = refused.first(where: \.1) {
      throw RuntimeError(.unsupported, "\(name) is not supported yet")
    }
  }
}
