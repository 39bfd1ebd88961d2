import Glibc
import Linux

/// A cgroup of v2: one directory for all controllers.
struct UnifiedCgroup: Cgroup {
  let root: String
  let path: String
  let components: [String]

  var directory: ControlDirectory { ControlDirectory(path: root + path) }

  func create() throws(CgroupError) {
    var parent = ControlDirectory(path: root)
    for (index, component) in components.enumerated() {
      try enableControllers(in: parent)
      let directory = parent.child(component)
      do { try makeDirectory(directory.path) } catch {
        guard error.errno == .exists else { throw .system(error) }
        if index == components.count - 1 { throw .exists(path: path) }
      }
      parent = directory
    }
  }

  /// Gives the children of `parent` the controllers we use, as far as `parent` has them.
  ///
  /// - Throws: `occupied` when `parent` has processes of its own: v2's rule is that only leaves have (cgroup-v2.rst,
  ///   "No Internal Process Constraint"; the root is exempt).
  private func enableControllers(in parent: ControlDirectory) throws(CgroupError) {
    let enabled = try parent.words("cgroup.subtree_control")
    let missing = try parent.words("cgroup.controllers").filter { used.contains($0) && !enabled.contains($0) }
    if missing.isEmpty { return }
    let all = missing.map { "+\($0)" }.joined(separator: " ")
    if (try? parent.write("cgroup.subtree_control", all, for: "controllers")) != nil { return }
    for controller in missing {
      do { try parent.write("cgroup.subtree_control", "+\(controller)", for: "controllers") } catch {
        if case .refused(_, _, .busy) = error { throw .occupied(path: parent.path) }
        // A controller can be out of reach for reasons of its own (cpu, while real-time processes run): the limit that
        // needs it will say so.
      }
    }
  }

  func entry() throws(CgroupError) -> CgroupEntry {
    CgroupEntry(
      cloneTarget: try system { () throws(SyscallError) in try open(directory.path, O_RDONLY | O_DIRECTORY) })
  }

  func remove() throws(CgroupError) { try directory.remove() }
}

private let used = ["cpu", "cpuset", "hugetlb", "io", "memory", "pids"]

// MARK: - Its processes

extension UnifiedCgroup {
  func processes() throws(CgroupError) -> [Int32] { try directory.processesBelow() }

  func isPopulated() throws(CgroupError) -> Bool { try directory.table("cgroup.events")["populated"] == 1 }

  func waitUntilEmpty(within limit: Duration) throws(CgroupError) {
    let isEmpty = try wait(for: "populated", toBe: 0, within: limit)
    if !isEmpty { throw .timedOut(path: path, waitingFor: "its processes have ended") }
  }

  func freeze(within limit: Duration) throws(CgroupError) {
    try directory.write("cgroup.freeze", "1", for: "the frozen state")
    if try wait(for: "frozen", toBe: 1, within: limit) { return }
    try thaw()
    throw .timedOut(path: path, waitingFor: "its processes are frozen")
  }

  func thaw() throws(CgroupError) { try directory.write("cgroup.freeze", "0", for: "the frozen state") }

  func isFrozen() throws(CgroupError) -> Bool { try directory.table("cgroup.events")["frozen"] == 1 }

  func kill() throws(CgroupError) {
    guard directory.has("cgroup.procs") else { return }
    do { try directory.write("cgroup.kill", "1", for: "a signal to all") } catch {
      // Linux before 5.14. A frozen v2 cgroup dies of SIGKILL without being thawed.
      guard case .missingControl = error else { throw error }
      let isFrozen = (try? freeze(within: killFreezeLimit)) != nil
      for _ in 0..<(isFrozen ? 1 : killRoundsMax) {
        let pids = try processes()
        if pids.isEmpty { break }
        for pid in pids { _ = Glibc.kill(pid, SIGKILL) }
      }
    }
    try thaw()
  }

  /// Waits until `cgroup.events` says `value` for `key`; the kernel wakes those who poll the file when it changes.
  private func wait(for key: String, toBe value: UInt64, within limit: Duration) throws(CgroupError) -> Bool {
    let deadline = Deadline(after: limit)
    let events: Descriptor
    do { events = try open(directory.file("cgroup.events"), O_RDONLY) } catch {
      if error.errno == .noSuchFile { return value == 0 }
      throw .system(error)
    }
    while true {
      // Opened before it is read: a change after the reading is not missed.
      if try directory.table("cgroup.events")[key, default: 0] == value { return true }
      let left = deadline.remainingMilliseconds
      if left == 0 { return false }
      _ = try system { () throws(SyscallError) in try events.waitForChange(milliseconds: left) }
    }
  }
}

// MARK: - Out of memory

extension UnifiedCgroup {
  func watchOOM() throws(CgroupError) -> OOMWatch {
    let watch = try system { () throws(SyscallError) in try watchModifications(of: directory.file("memory.events")) }
    return OOMWatch(descriptor: watch, directory: directory, file: "memory.events")
  }
}
