import Cgroups
import LaunchPlan
import Linux
import MonitorProtocol
import Tasks

extension ContainerServices {
  /// Removes the cgroup above the containers' if none is left in it, at the end of a daemon.
  func removeEmptyParent() {
    guard let hierarchy = try? CgroupHierarchy.detect(), (try? hierarchy.children(of: cgroupParent))?.isEmpty == true,
      let parent = try? hierarchy.cgroup(at: cgroupParent)
    else { return }
    // One that somebody has just gone into stays.
    try? parent.remove()
  }

  /// Takes away what a daemon that died left of operations which, without a row, did not happen: directories, launches
  /// that are over, cgroups. What cannot be taken away now is left for the next start.
  ///
  /// It blocks, and nothing may be created or launched meanwhile.
  ///
  /// - Parameter undecodable: the ids of rows that cannot be read: what is theirs is left alone.
  func sweep(keeping rows: [ContainerRow], undecodable: [String]) {
    let ids = Set(rows.map(\.spec.id) + undecodable)
    for id in (try? folder.ids()) ?? [] where Identifier.isValid(id) && !ids.contains(id) { try? folder.remove(id) }

    let launched = rows.filter { $0.machine.launchID != nil }
    let launches = Set(launched.map { "\($0.spec.id.prefix(12))/\($0.machine.launchID ?? "")" })
    let (known, unknown) = (Set(rows.map { $0.spec.id.prefix(12) }), Set(undecodable.map { $0.prefix(12) }))
    try? tasks.sweep { container, launch in
      launches.contains("\(container)/\(launch)") || unknown.contains(Substring(container))
        || known.contains(Substring(container)) && isExec(container, launch)
    }

    let populated = Set(launched.map(\.spec.id) + undecodable)
    guard let hierarchy = try? CgroupHierarchy.detect() else { return }
    for id in (try? hierarchy.children(of: cgroupParent)) ?? [] where Identifier.isValid(id) && !populated.contains(id)
    {
      guard let cgroup = try? hierarchy.cgroup(at: "\(cgroupParent)/\(id)") else { continue }
      try? cgroup.kill()
      try? cgroup.remove()
    }
  }
  /// Whether it is an exec's, whose end is still to be told: `Container.recoverExecs` does, and removes it.
  private func isExec(_ container: String, _ launch: String) -> Bool {
    guard let id = LaunchID(launch), let directory = try? tasks.openDirectory(container: container, launch: id) else {
      return false
    }
    return ExecLauncher.stored(in: directory) != nil
  }
}
