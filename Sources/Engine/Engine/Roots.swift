import Glibc
import Linux

/// The two folders that belong to one engine alone: what survives a reboot, and what belongs to one boot.
struct Roots {
  let instance: Instance
  /// Where tasks are, below the exec root.
  let tasks: Descriptor
  /// Where compiled seccomp profiles are kept, below the exec root.
  let seccomp: Descriptor
  /// Whether an engine ran on this exec root since the machine started: then its tasks may still run.
  let isSameBoot: Bool
  /// Held as long as the engine is. The kernel releases them when the process ends, however it does.
  private let locks: [Descriptor]

  private static let lockName = "daemon.lock"
  /// A daemon that has just been killed may have been starting a process, which holds the lock until it is that program.
  private static let lockPatience = Duration.seconds(2)
  private static let bootName = "boot-id"

  /// Makes the roots if they are not there, and takes them: the locks come first, so that nothing of another daemon's
  /// is touched.
  ///
  /// - Throws: `conflict` when another daemon has one of them.
  init(_ configuration: EngineConfiguration) throws {
    locks = [
      try Self.lock(configuration.dataRoot, option: "--data-root"),
      try Self.lock(configuration.execRoot, option: "--exec-root"),
    ]
    instance = try Instance.open(dataRoot: configuration.dataRoot)
    (tasks, isSameBoot) = try Self.openTasks(configuration.execRoot)
    try makeDirectories("\(configuration.execRoot)/seccomp", mode: 0o700)
    seccomp = try Linux.open("\(configuration.execRoot)/seccomp", O_RDONLY | O_DIRECTORY)
  }

  private static func lock(_ root: String, option: String) throws -> Descriptor {
    try makeDirectories(root, mode: 0o711)
    let file = try Linux.open("\(root)/\(lockName)", O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o600)
    guard try file.lock(within: lockPatience) else {
      throw EngineError(
        .conflict, "\"\(root)\" is in use by another daemon", hint: "stop that one, or give this one its own \(option)")
    }
    return file
  }

  /// Opens the tasks of `root`, and sweeps them if they are of an earlier boot: their processes are gone, and what they
  /// left would only be mistaken for living ones.
  private static func openTasks(_ root: String) throws -> (tasks: Descriptor, isSameBoot: Bool) {
    let directory = try Linux.open(root, O_RDONLY | O_DIRECTORY)
    let boot = try readText("/proc/sys/kernel/random/boot_id", limit: 64)
    var earlier = ""
    do { earlier = try readText(bootName, at: .directory(directory), limit: 64) } catch {
      if error.errno != .noSuchFile { throw error }
    }
    if earlier != boot {
      try removeTree("tasks", at: .directory(directory))
      try replaceFile(bootName, at: .directory(directory), Array(boot.utf8), mode: 0o644)
    }
    try makeDirectories("\(root)/tasks", mode: 0o700)
    return (try Linux.open("tasks", at: .directory(directory), O_RDONLY | O_DIRECTORY), earlier == boot)
  }
}
