import Cgroups
import Glibc
import Linux
import OCI

/// The child that becomes a container's first process.
///
/// It runs in new namespaces, in a process with one thread, and never returns: it becomes the program, or reports why
/// it cannot and exits.
struct ContainerInit {
  let spec: RuntimeSpec
  let process: RuntimeSpec.Process
  let prepared: PreparedContainer
  /// Where errors and milestones are reported.
  let report: Descriptor
  /// Non-nil: the container is created now and started by whoever connects to this socket.
  let startSocket: Descriptor?

  /// Does everything. The exit code is only seen when even the report could not be sent.
  func run() -> Never {
    do {
      try enterNamespaces()
      try buildRoot()
      try enterRoot()
    } catch { report.fail(error) }
    ProcessStart(
      setup: ProcessSetup(process: process, seccomp: prepared.seccomp, initProgram: prepared.initProgram),
      streams: prepared.childStreams, report: report, startSocket: startSocket,
      startHooks: spec.hooks?.startContainer ?? [], hookState: prepared.hookState(.created, pid: 1)
    ).run()
  }

  // MARK: Namespaces

  private func enterNamespaces() throws(RuntimeError) {
    try during("enter the container's namespaces") {
      setProcessName("skiff-init")
      _ = try syscall("setsid") { setsid() }
      // While /proc is the host's: what a container has there may be anything.
      if let score = process.oomScoreAdj { try setOOMScore(score) }
      // Before the cgroup namespace, which is rooted where we are when it is made.
      try prepared.cgroupEntry?.enter()
      for (kind, descriptor) in prepared.namespaces.joined { try descriptor.enterNamespaces([kind]) }
      if prepared.namespaces.unsharesCgroup { try unshare([.cgroup]) }
      if prepared.namespaces.created.contains(.network) { try bringLoopbackUp() }
      try joinNewSessionKeyring(named: "skiff")
    }
    try during("set the host name") {
      if !spec.hostname.isEmpty { try setHostName(spec.hostname) }
      if !spec.domainname.isEmpty { try setDomainName(spec.domainname) }
    }
  }

  // MARK: Root file system

  /// Puts the root together at a place that only this namespace sees.
  private func buildRoot() throws(RuntimeError) {
    let root = ContainerRootDirectory(directory: prepared.root)
    // Directories and nodes that are missing in the image get exactly the modes we give, whatever our caller's mask.
    umask(0)
    try during("attach the root file system") {
      // Nothing that we mount may travel to the host. The root's clone is no part of "/" yet, and still a peer of the
      // host's mount that it was cloned from; pivot_root refuses shared mounts anyway.
      try setPropagation(.slave, of: "/")
      try prepared.root.setMountAttributes(propagation: .slave, isRecursive: true)
      let place = try open("/run", O_PATH | O_DIRECTORY)
      try prepared.root.attachMount(on: place, "/")
    }
    let mounts = MountSetup(root: root, cgroupMounts: prepared.cgroupMounts)
    for mount in prepared.mounts { try mounts.attach(mount) }
    // A /dev that is bound from the host has its nodes, and they are not ours to change.
    if !prepared.mounts.contains(where: \.isBoundDeviceDirectory) {
      try DeviceSetup(root: root).run(spec.linux?.devices ?? [])
    }
    try attachConsole(root)
    try requestHooks()
    for hook in spec.hooks?.createContainer ?? [] { try hook.run(prepared.hookState(.creating, pid: getpid())) }
    try applySysctls(root)
    let protection = PathProtection(root: root)
    for path in spec.linux?.readonlyPaths ?? [] { try protection.makeReadOnly(path) }
    for path in spec.linux?.maskedPaths ?? [] { try protection.mask(path) }
    try protectDevices(root)
  }

  /// The terminal appears as `/dev/console` too.
  private func attachConsole(_ root: ContainerRootDirectory) throws(RuntimeError) {
    guard let terminal = prepared.terminal else { return }
    try during("attach the console") {
      // An image's link there could have the terminal mounted over something else (CVE-2025-52565).
      let target = try root.mountTarget("/dev/console", isDirectory: false, [.confined, .noSymlinks])
      try cloneMount("\(terminal.pair.number)", at: .directory(terminal.mount), isRecursive: false)
        .attachMount(on: target, "/dev/console")
    }
  }

  /// Lets the parent run the hooks that belong into its namespaces.
  private func requestHooks() throws(RuntimeError) {
    guard prepared.hasParentHooks else { return }
    try during("wait for the hooks") {
      try report.writeAll(ChildReport.hooks.bytes)
      var go: UInt8 = 0
      let count = try withUnsafeMutableBytes(of: &go) { buffer throws(SyscallError) in try report.read(into: buffer) }
      guard count == 1 else { _exit(1) }
    }
  }

  /// Sysctls are written through a procfs of our own, not through whatever the image has at `/proc`.
  private func applySysctls(_ root: ContainerRootDirectory) throws(RuntimeError) {
    guard let sysctls = spec.linux?.sysctl, !sysctls.isEmpty else { return }
    let proc = try during("mount a procfs for sysctls") {
      try FileSystemContext("proc").mount([.noSuid, .noExec, .noDevices])
    }
    for (key, value) in sysctls.sorted(by: { $0.key < $1.key }) {
      try during("set sysctl \(key)=\(value)") {
        // net.ipv4.conf.eth0/1.x keeps its inner slash; every dot is a directory.
        let path = key.contains("/") ? key : key.replacing(".", with: "/")
        let file = try open("sys/\(path)", below: proc, O_WRONLY, [.beneath, .noSymlinks])
        try file.writeAll(value)
      }
    }
  }

  /// `/dev` with the option `ro` becomes so after its nodes are made.
  private func protectDevices(_ root: ContainerRootDirectory) throws(RuntimeError) {
    guard let device = prepared.mounts.last(where: { $0.destination == "/dev" }), device.options.set.contains(.readOnly)
    else { return }
    try during("make /dev read-only") {
      try root.open("/dev", O_PATH | O_DIRECTORY).setMountAttributes(.readOnly)
    }
  }

  /// Makes the new root `/` and leaves the host's behind.
  private func enterRoot() throws(RuntimeError) {
    try during("enter the root file system") {
      if spec.root?.readonly == true { try prepared.root.setMountAttributes(.readOnly) }
      _ = try syscall("fchdir") { fchdir(prepared.root.raw) }
      try pivotRootToWorkingDirectory()
      // The old root is now on top of ".": it goes, and with it every path of the host.
      try detachMount(".")
      _ = try syscall("chdir", "/") { chdir("/") }
    }
    if let propagation = spec.linux?.rootfsPropagation, !propagation.isEmpty { try setRootPropagation(propagation) }
    // runc makes a missing working directory too, and images rely on it. Confined even now that we are inside: our
    // descriptors are still open, and /proc/self/fd/N/.. would lead to the host (CVE-2024-21626).
    _ = try? ContainerRootDirectory(directory: prepared.root).mountTarget(process.cwd, isDirectory: true)
  }

  private func setRootPropagation(_ text: String) throws(RuntimeError) {
    let isRecursive = text.hasPrefix("r")
    guard let propagation = MountPropagation(rawValue: isRecursive ? String(text.dropFirst()) : text) else {
      throw RuntimeError(.invalid, "unknown rootfsPropagation \"\(text)\"")
    }
    try during("make / \(text)") {
      try setPropagation(propagation, of: "/", isRecursive: isRecursive)
    }
  }
}
