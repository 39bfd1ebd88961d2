import Glibc
import Linux
import OCI
import Seccomp

/// Turns the calling child into the process of a spec: limits, user, capabilities, seccomp, program. The last steps of
/// a container's init and of an exec alike; both are in the container's namespaces and root by then.
struct ProcessSetup {
  let process: RuntimeSpec.Process
  let seccomp: SeccompProgram?
  /// Non-nil: this program of ours becomes pid 1 and runs the process as its child (`--init`).
  let initProgram: Descriptor?

  /// Sets the limits, which needs privileges.
  func applyLimits() throws(RuntimeError) {
    for limit in process.rlimits {
      guard let resource = ResourceLimit(rawValue: limit.type.rawValue) else {
        throw RuntimeError(.invalid, "unknown resource limit \"\(limit.type.rawValue)\"")
      }
      try during("set \(limit.type.rawValue)") {
        try setResourceLimit(resource, soft: limit.soft, hard: limit.hard)
      }
    }
  }

  /// Gives up what the process shall not have. After this the child has the user, the groups, the capabilities and
  /// the filter of the spec.
  ///
  /// The order is forced: without `noNewPrivileges` the filter needs CAP_SYS_ADMIN, so it goes in before the
  /// capabilities go; the bounding set needs CAP_SETPCAP; groups and user need the capabilities that are dropped last.
  func dropPrivileges() throws(RuntimeError) {
    if process.noNewPrivileges {
      try during("set no_new_privs") { try setNoNewPrivileges() }
    } else {
      try installFilter()
    }
    let sets = CapabilitySets(process.capabilities)
    ownStreams()
    try during("limit the capability bounding set") {
      try limitBoundingSet(to: sets.bounding)
      try keepCapabilities(true)
    }
    let user = process.user
    try during("become user \(user.uid):\(user.gid)") {
      try setCredentials(uid: user.uid, gid: user.gid, groups: user.additionalGids)
      try keepCapabilities(false)
    }
    try enterWorkingDirectory()
    try during("set the capabilities") {
      try setCapabilities(effective: sets.effective, permitted: sets.permitted, inheritable: sets.inheritable)
      try setAmbientCapabilities(sets.ambient)
    }
    umask(mode_t(user.umask ?? 0o022))
    if process.noNewPrivileges { try installFilter() }
  }

  /// Gives our pipes to the user, who may want to open them again as /dev/stdout. What is not ours to give stays.
  private func ownStreams() {
    guard process.user.uid != 0 else { return }
    for number in 0..<Int32(3) {
      var status = stat()
      guard fstat(number, &status) == 0, [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT) else { continue }
      _ = fchown(number, process.user.uid, gid_t.max)
    }
  }

  private func installFilter() throws(RuntimeError) {
    guard let seccomp else { return }
    try during("install the seccomp filter") {
      try seccomp.install()
    }
  }

  /// As the user, so that a directory only root may enter is refused as Docker does.
  private func enterWorkingDirectory() throws(RuntimeError) {
    let path = process.cwd
    try during("enter the working directory \"\(path)\"") {
      _ = try syscall("chdir", path) { chdir(path) }
    }
    // CVE-2024-21626: a path such as /proc/self/fd/7 could have led out of the container.
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    guard getcwd(&buffer, buffer.count) != nil, buffer.first == CChar(bitPattern: UInt8(ascii: "/")) else {
      throw RuntimeError(.invalid, "working directory \"\(path)\" is outside of the container")
    }
  }

  /// Finds the program as execvp(3) would, with the container's PATH.
  func locateProgram() throws(RuntimeError) -> String {
    guard let name = process.args.first, !name.isEmpty else {
      throw RuntimeError(.invalid, "no command specified: process.args is empty")
    }
    if name.contains("/") {
      try requireExecutable(name, name)
      return name
    }
    let path = Environment(process.env).value(of: "PATH") ?? ProcessSetup.defaultPath
    var denied = false
    for directory in path.split(separator: ":", omittingEmptySubsequences: false) {
      let candidate = directory.isEmpty ? "./\(name)" : "\(directory)/\(name)"
      do {
        try requireExecutable(candidate, name)
        return candidate
      } catch { if error.kind == .notExecutable { denied = true } }
    }
    if denied { throw RuntimeError(.notExecutable, "exec: \"\(name)\": permission denied") }
    throw RuntimeError(.commandNotFound, "exec: \"\(name)\": executable file not found in $PATH")
  }

  private static let defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  private func requireExecutable(_ path: String, _ name: String) throws(RuntimeError) {
    let found: FileStatus
    do { found = try status(of: path) } catch {
      switch error.errno {
      case .noSuchFile, .notDirectory:
        throw RuntimeError(.commandNotFound, "exec: \"\(name)\": stat \(path): \(error.errno)")
      default: throw RuntimeError(.notExecutable, "exec: \"\(name)\": stat \(path): \(error.errno)")
      }
    }
    if found.isDirectory { throw RuntimeError(.notExecutable, "exec: \"\(name)\": is a directory") }
    guard found.isRegular, access(path, X_OK) == 0 else {
      throw RuntimeError(.notExecutable, "exec: \"\(name)\": permission denied")
    }
  }

  /// Becomes `program`; returns only with the reason why not.
  func execute(_ program: String, environment: [String]) -> RuntimeError {
    resetSignals()
    let error: SyscallError
    if let initProgram {
      error = Linux.execute(
        initProgram, arguments: [ProcessSetup.initName, "--", program] + process.args, environment: environment)
    } else {
      error = Linux.execute(program, arguments: process.args, environment: environment)
    }
    let name = process.args.first ?? program
    switch error.errno {
    case .noSuchFile:
      // It was there a moment ago: what is missing is its interpreter or dynamic loader.
      return RuntimeError(
        .commandNotFound, "exec: \"\(name)\": \(error.errno) (its interpreter or loader is not in the image)")
    case .noExec: return RuntimeError(.notExecutable, "exec: \"\(name)\": exec format error")
    default: return RuntimeError(.notExecutable, "exec: \"\(name)\": \(error.errno)")
    }
  }

  /// `argv[0]` of the monitor's binary when it is a container's pid 1.
  static let initName = "skiff-init"
}

/// Sets how readily the kernel kills the calling process when memory is short.
func setOOMScore(_ score: Int) throws(RuntimeError) {
  try during("set the OOM score to \(score)") { () throws(SyscallError) in
    do throws(SyscallError) { try writeExisting("/proc/self/oom_score_adj", "\(score)") } catch {
      // A lower score than ours needs CAP_SYS_RESOURCE. Where the host keeps that from root, the container has what
      // we have: less protected than asked, and nobody's security depends on it.
      guard error.errno == .accessDenied || error.errno == .notPermitted else { throw error }
    }
  }
}

/// The five sets of a spec, without what this machine keeps from root.
private struct CapabilitySets {
  var bounding = CapabilitySet()
  var effective = CapabilitySet()
  var permitted = CapabilitySet()
  var inheritable = CapabilitySet()
  var ambient = CapabilitySet()

  /// Reads the names. What our own bounding set lacks cannot be given to anybody and is left out, as a runtime
  /// inside of a restricted host must.
  init(_ spec: RuntimeSpec.Capabilities?) {
    guard let spec else { return }
    let possible = boundingSet()
    bounding = CapabilitySets.named(spec.bounding).intersection(possible)
    permitted = CapabilitySets.named(spec.permitted).intersection(possible)
    effective = CapabilitySets.named(spec.effective).intersection(permitted)
    inheritable = CapabilitySets.named(spec.inheritable).intersection(possible)
    ambient = CapabilitySets.named(spec.ambient).intersection(permitted).intersection(inheritable)
  }

  /// OCI runtime-spec, config.md "Linux Process": a name that the kernel does not know is no error, but a warning,
  /// which is the caller's.
  private static func named(_ names: [String]) -> CapabilitySet { CapabilitySet(names.compactMap { Capability($0) }) }
}
