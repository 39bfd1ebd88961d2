internal import Cgroups
internal import Glibc
internal import Linux

/// The making of a daemon out of a client's child: nothing of the user's session stays with it.
enum DaemonProcess {
  /// Where daemons of ours are, so that an engine does not end or starve with the session of who needed it first.
  private static let cgroupPath = "/skiffd"
  /// A socket, a pipe and a log for each of some ten thousand containers; systemd's own upper bound for services.
  private static let openFilesMax: UInt64 = 524_288
  /// What a shell may have set for its own children, and no daemon should inherit.
  private static let unlimited: [ResourceLimit] = [.cpu, .fileSize, .data, .core, .processes, .addressSpace]

  /// Starts `program` in a session and a cgroup of its own, with nothing of our environment, umask, limits or
  /// descriptors.
  ///
  /// - Parameter ready: what the program writes to once it answers.
  static func start(_ program: String, log: Descriptor, ready: Descriptor) throws -> ChildProcess {
    let silence = try open("/dev/null", O_RDONLY)
    let entry = cgroupEntry()
    // We have one thread, so the child may go on in Swift.
    switch try fork(cgroup: entry?.cloneTarget) {
    case .parent(let child): return child
    case .child:
      do {
        try? entry?.enter()
        try detach(silence: silence, log: log, ready: ready)
        throw execute(
          program, arguments: [program, "--ready-descriptor", "3"],
          environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"])
      } catch {
        try? log.writeAll("\(error)\n")
        _exit(127)
      }
    }
  }

  private static func detach(silence: Descriptor, log: Descriptor, ready: Descriptor) throws {
    setsid()
    umask(0o022)
    chdir("/")
    resetSignals()
    // A limit that cannot be raised is one that this host puts on root.
    for limit in unlimited { try? setResourceLimit(limit, soft: .max, hard: .max) }
    let openFiles = try resourceLimit(.openFiles)
    do { try setResourceLimit(.openFiles, soft: openFilesMax, hard: openFilesMax) } catch {
      try setResourceLimit(.openFiles, soft: openFiles.hard, hard: openFiles.hard)
    }
    // Above the numbers that are about to be taken.
    let (silence, log, ready) = (
      try silence.duplicate(from: 10), try log.duplicate(from: 10), try ready.duplicate(from: 10)
    )
    try silence.install(as: 0)
    try log.install(as: 1)
    try log.install(as: 2)
    try ready.install(as: 3)
    try closeOnExecute(from: 4)
  }

  /// The way into the daemons' cgroup. Where none can be made the engine has more to say about it than we.
  private static func cgroupEntry() -> CgroupEntry? {
    guard let cgroup = try? CgroupHierarchy.detect().cgroup(at: cgroupPath) else { return nil }
    do { try cgroup.create() } catch .exists {} catch { return nil }
    return try? cgroup.entry()
  }

  /// Removes the daemons' cgroup, unless a process is in it.
  static func removeCgroup() { try? CgroupHierarchy.detect().cgroup(at: cgroupPath).remove() }
}
