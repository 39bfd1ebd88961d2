package import Linux

/// A control group: a set of processes that is limited, counted, frozen and killed as one.
///
/// A `Cgroup` is the name of one, at a path of the hierarchy; making the value touches nothing. Its life:
///
///     let cgroup = try CgroupHierarchy.detect().cgroup(at: "/skiff/3f2a…")
///     try cgroup.create()                                  // fails if it is there already
///     try cgroup.apply(limits)                             // again later, to change some of them
///     let entry = try cgroup.entry()                       // in the parent, before the clone
///     switch try fork(into: kinds, cgroup: entry.cloneTarget) {
///     case .child: try entry.enter(); …
///     case .parent(let child): …
///     }
///     try cgroup.kill()
///     try cgroup.remove()                                  // whoever called `create` calls this
///
/// Anybody who knows the path may make the value again, in another process too: nothing is kept in memory.
///
/// There are two backends, `UnifiedCgroup` (v2) and `LegacyCgroup` (v1, also in hybrid mode); both pass one suite.
package protocol Cgroup: Sendable {
  /// Where it is in the hierarchy: absolute, below the hierarchy's root.
  var path: String { get }

  /// Makes the cgroup and its missing parents, with every controller we use.
  ///
  /// - Throws: `exists` when it is there already: it may be somebody else's. Nothing stays behind of a failed attempt
  ///   but parents, which others may be using already.
  func create() throws(CgroupError)

  /// Sets what `limits` names and leaves everything else as it is. May be called at any time and any number of times.
  ///
  /// - Throws: `refused` with the file and the value when the kernel does not take one; those before it are set then.
  func apply(_ limits: CgroupLimits) throws(CgroupError)

  /// Opens the way into the cgroup, for one or more processes: the first or one more.
  func entry() throws(CgroupError) -> CgroupEntry

  /// Stops every process in it, and waits until all have stopped. It is thawed again when they do not in time.
  func freeze(within limit: Duration) throws(CgroupError)

  /// Lets frozen processes run on. Of one that is not frozen, does nothing.
  func thaw() throws(CgroupError)

  /// Whether it was frozen, by anybody.
  func isFrozen() throws(CgroupError) -> Bool

  /// Sends SIGKILL to every process in it and below, also of a frozen one, which is thawed. Does not wait for their
  /// end. Of a cgroup that is gone, does nothing.
  func kill() throws(CgroupError)

  /// Waits until no process is left in it or below.
  func waitUntilEmpty(within limit: Duration) throws(CgroupError)

  /// Whether a process is in it or below.
  func isPopulated() throws(CgroupError) -> Bool

  /// The processes in it and below, in no order, as the caller's pid namespace numbers them.
  func processes() throws(CgroupError) -> [Int32]

  /// Starts to listen for processes that are killed because the cgroup's memory is used up.
  func watchOOM() throws(CgroupError) -> OOMWatch

  /// What its processes use and have used. What the kernel does not count is nil.
  func statistics() throws(CgroupError) -> CgroupStatistics

  /// Removes it and all below, which processes inside may have made. One that is gone is no error.
  ///
  /// - Throws: `occupied` when a process is in it.
  func remove() throws(CgroupError)
}

/// The way into a cgroup, opened by the parent so that a child needs no path to go in.
package struct CgroupEntry: Sendable {
  /// v2: what `fork(into:cgroup:)` wants, and then the child is inside from its first instruction.
  package let cloneTarget: Descriptor?
  /// v1: the `tasks` file of each controller.
  private let tasks: [(path: String, file: Descriptor)]

  init(cloneTarget: Descriptor) {
    self.cloneTarget = cloneTarget
    tasks = []
  }

  init(tasks: [(path: String, file: Descriptor)]) {
    cloneTarget = nil
    self.tasks = tasks
  }

  /// Moves the calling, single-threaded process inside; a child that was cloned into `cloneTarget` is there already.
  ///
  /// It writes to `tasks`, which takes one thread: `cgroup.procs` waits for an RCU grace period (5–12 ms).
  package func enter() throws(SyscallError) {
    for (path, file) in tasks {
      do { try file.writeAll("0") } catch { throw SyscallError("write", path, errno: error.errno) }
    }
  }
}

/// How long removing waits for the kernel to let go of a process that has just ended.
let removalLimit = Duration.seconds(2)
/// How long `kill` gives the freezer, which only saves it from racing with forks.
let killFreezeLimit = Duration.milliseconds(500)
/// Without a freezer the list is read until nobody is left who could have forked meanwhile. Processes that only wait to
/// be reaped are not listed; one that the kernel holds uninterruptibly is, and does not fork.
let killRoundsMax = 64
