import Glibc
import Linux

/// A cgroup of v1: a directory of the same name in the tree of each controller.
struct LegacyCgroup: Cgroup {
  let mounts: [CgroupHierarchy.LegacyMount]
  let path: String
  let components: [String]

  /// The cgroup in each tree.
  var directories: [ControlDirectory] { mounts.map { ControlDirectory(path: $0.root + path) } }

  /// The cgroup in the tree of `controller`, or nil where this host has none.
  func directory(_ controller: String) -> ControlDirectory? {
    mounts.first { $0.controllers.contains(controller) }.map { ControlDirectory(path: $0.root + path) }
  }

  func create() throws(CgroupError) {
    var made: [ControlDirectory] = []
    do {
      for mount in mounts {
        try create(in: mount)
        made.append(ControlDirectory(path: mount.root + path))
      }
    } catch {
      for directory in made { try? directory.remove() }
      throw error
    }
  }

  private func create(in mount: CgroupHierarchy.LegacyMount) throws(CgroupError) {
    var parent = ControlDirectory(path: mount.root)
    for (index, component) in components.enumerated() {
      let directory = parent.child(component)
      let isLast = index == components.count - 1
      do { try makeDirectory(directory.path) } catch {
        guard error.errno == .exists else { throw .system(error) }
        if isLast { throw .exists(path: path) }
      }
      if mount.controllers.contains("cpuset") {
        // Nobody can enter a new one before it has processors and memory nodes.
        do {
          for name in ["cpuset.cpus", "cpuset.mems"] where try directory.words(name).isEmpty {
            try directory.write(name, try parent.words(name).joined(), for: "processors of a new cgroup")
          }
        } catch {
          if isLast { try? directory.remove() }
          throw error
        }
      }
      parent = directory
    }
  }

  func entry() throws(CgroupError) -> CgroupEntry {
    var tasks: [(path: String, file: Descriptor)] = []
    for directory in directories {
      let path = directory.file("tasks")
      tasks.append((path, try system { () throws(SyscallError) in try open(path, O_WRONLY) }))
    }
    return CgroupEntry(tasks: tasks)
  }

  func remove() throws(CgroupError) {
    for directory in directories { try directory.remove() }
  }
}

// MARK: - Its processes

extension LegacyCgroup {
  /// The tree that is asked for the processes, which are the same in all.
  private var anyDirectory: ControlDirectory? { directory("freezer") ?? directories.first }

  func processes() throws(CgroupError) -> [Int32] { try anyDirectory?.processesBelow() ?? [] }

  func isPopulated() throws(CgroupError) -> Bool { try !processes().isEmpty }

  func waitUntilEmpty(within limit: Duration) throws(CgroupError) {
    let deadline = Deadline(after: limit)
    while try isPopulated() {
      if deadline.hasPassed { throw .timedOut(path: path, waitingFor: "its processes have ended") }
      deadline.pause()
    }
  }

  func freeze(within limit: Duration) throws(CgroupError) {
    guard let freezer = directory("freezer") else {
      throw .missingControl(file: "freezer.state", limit: "the frozen state")
    }
    let deadline = Deadline(after: limit)
    // The state stays FREEZING while a process is in the kernel or has just been forked; writing again makes the kernel
    // look at those that came since.
    repeat {
      try freezer.write("freezer.state", "FROZEN", for: "the frozen state")
      if try isFrozen() { return }
      deadline.pause()
    } while !deadline.hasPassed
    try thaw()
    throw .timedOut(path: path, waitingFor: "its processes are frozen")
  }

  func thaw() throws(CgroupError) {
    try directory("freezer")?.write("freezer.state", "THAWED", for: "the frozen state")
  }

  func isFrozen() throws(CgroupError) -> Bool {
    try directory("freezer")?.words("freezer.state").first == "FROZEN"
  }

  func kill() throws(CgroupError) {
    // Frozen processes do not fork, so one list has them all, and none of its numbers can be another process by now.
    let isFrozen = (try? freeze(within: killFreezeLimit)) != nil
    defer { if isFrozen { try? thaw() } }
    for _ in 0..<(isFrozen ? 1 : killRoundsMax) {
      let pids = try processes()
      if pids.isEmpty { return }
      for pid in pids { _ = Glibc.kill(pid, SIGKILL) }
    }
  }
}

// MARK: - Out of memory

extension LegacyCgroup {
  func watchOOM() throws(CgroupError) -> OOMWatch {
    guard let memory = directory("memory") else {
      throw .missingControl(file: "memory.oom_control", limit: "a watch for lack of memory")
    }
    let counter = try system { () throws(SyscallError) in
      let counter = try makeEventCounter()
      let control = try open(memory.file("memory.oom_control"), O_RDONLY)
      // Memory cgroup, v1 documentation, section 10: "<eventfd> <descriptor of memory.oom_control>".
      try writeExisting(memory.file("cgroup.event_control"), "\(counter.raw) \(control.raw)")
      return counter
    }
    return OOMWatch(descriptor: counter, directory: memory, file: "memory.oom_control")
  }
}
