import Cgroups
import Glibc
import Linux
import OCI
import Runtime
import Seccomp

/// What is kept of a container between two calls of the OCI command line: `ROOT/ID/state.json`. Beside it stands
/// `config.json` as the container was made of it, which only exec needs.
struct ContainerRecord: Codable {
  var id: String
  var bundle: String
  /// The init process and the kernel's start time of it, which together name one process for ever. 0 and 0: it is being
  /// made, or whoever made it was killed meanwhile.
  var pid: Int32 = 0
  var startTime: UInt64 = 0
  var cgroupPath: String
  var annotations: [String: String]
  /// Those that run after creation.
  var poststart: [RuntimeSpec.Hook]
  var poststop: [RuntimeSpec.Hook]

  /// The state as the specification and hooks have it.
  func state(_ status: RuntimeState.Status) -> RuntimeState {
    RuntimeState(
      id: id, status: status, pid: status == .stopped || pid == 0 ? nil : pid, bundle: bundle,
      annotations: annotations)
  }

  /// Runs `hooks`. One that fails is a warning: OCI runtime-spec, runtime.md "Lifecycle", 9 and 13.
  func run(_ hooks: [RuntimeSpec.Hook], _ status: RuntimeState.Status) {
    for hook in hooks {
      do { try hook.run(state(status)) } catch { CommandLineInterface.warn("\(error)") }
    }
  }
}

/// The directory below which the command line keeps its containers.
struct StateRoot {
  let path: String

  /// Default: `/run/skiff-monitor`, which a reboot empties as it empties the containers.
  static let defaultPath = "/run/skiff-monitor"

  private static let recordName = "state.json"
  private static let specName = "config.json"

  /// Makes the directory of the container `id`.
  ///
  /// - Throws: `conflict` when the id is taken.
  func create(_ id: String) throws(RuntimeError) -> Descriptor {
    try StateRoot.check(id)
    do {
      try makeDirectories(path, mode: 0o700)
      try makeDirectory("\(path)/\(id)", mode: 0o700)
      return try Linux.open("\(path)/\(id)", O_RDONLY | O_DIRECTORY)
    } catch {
      if error.errno == .exists { throw RuntimeError(.conflict, "container \"\(id)\" exists already") }
      throw RuntimeError(.system, "cannot make the state directory of \"\(id)\": \(error)")
    }
  }

  /// Opens the directory of the container `id`.
  ///
  /// - Throws: `notFound`.
  func directory(of id: String) throws(RuntimeError) -> Descriptor {
    try StateRoot.check(id)
    do { return try Linux.open("\(path)/\(id)", O_RDONLY | O_DIRECTORY) } catch {
      if error.errno == .noSuchFile { throw RuntimeError(.notFound, "container \"\(id)\" does not exist") }
      throw RuntimeError(.system, "cannot open the state directory of \"\(id)\": \(error)")
    }
  }

  /// Whether a call that was to make `id` was killed before it had written anything.
  func isEmpty(_ id: String) throws(RuntimeError) -> Bool {
    let directory = try directory(of: id)
    return try during("look at the state of \"\(id)\"") { () throws(SyscallError) in
      do throws(SyscallError) { return try status(of: StateRoot.recordName, at: .directory(directory)).size == 0 } catch
      {
        if error.errno == .noSuchFile { return true }
        throw error
      }
    }
  }

  /// Removes everything kept of `id`.
  func remove(_ id: String) throws(RuntimeError) {
    try during("remove the state of \"\(id)\"") { try removeTree("\(path)/\(id)") }
  }

  /// The compiled seccomp program of `spec`; compiled ones are kept beside the containers.
  func seccompProgram(_ spec: RuntimeSpec) throws(RuntimeError) -> SeccompProgram? {
    // Not an id that a container can have.
    let cache = try during("open the seccomp cache") {
      try makeDirectories("\(path)/.seccomp", mode: 0o700)
      return SeccompCache(directory: try Linux.open("\(path)/.seccomp", O_RDONLY | O_DIRECTORY))
    }
    return try SeccompProgram.compiled(spec.linux?.seccomp, cache: cache)
  }

  /// The ids of all containers, sorted.
  func ids() throws(RuntimeError) -> [String] {
    do { return try Linux.open(path, O_RDONLY | O_DIRECTORY).entries().filter { $0 != ".seccomp" }.sorted() } catch {
      if error.errno == .noSuchFile { return [] }
      throw RuntimeError(.system, "cannot list \"\(path)\": \(error)")
    }
  }

  /// Reads the record of `id`.
  func record(_ id: String) throws(RuntimeError) -> ContainerRecord {
    let directory = try directory(of: id)
    do {
      return try BoundedJSON.decode(
        ContainerRecord.self, from: try readFile(StateRoot.recordName, at: .directory(directory)))
    } catch {
      throw RuntimeError(.system, "cannot read the state of container \"\(id)\": \(error)")
    }
  }

  /// Reads the spec that the container `id` was made of.
  func spec(_ id: String) throws(RuntimeError) -> RuntimeSpec {
    let directory = try directory(of: id)
    do {
      return try BoundedJSON.decode(RuntimeSpec.self, from: try readFile(StateRoot.specName, at: .directory(directory)))
    } catch {
      throw RuntimeError(.system, "cannot read the configuration of container \"\(id)\": \(error)")
    }
  }

  /// Keeps `configuration`, the bundle's `config.json`, in `directory`.
  func write(configuration: [UInt8], to directory: Descriptor) throws(RuntimeError) {
    try during("keep the container's configuration") {
      try replaceFile(StateRoot.specName, at: .directory(directory), configuration)
    }
  }

  /// Writes `record` into `directory`.
  func write(_ record: ContainerRecord, to directory: Descriptor) throws(RuntimeError) {
    do {
      try replaceFile(StateRoot.recordName, at: .directory(directory), try BoundedJSON.encode(record))
    } catch {
      throw RuntimeError(.system, "cannot write the state of container \"\(record.id)\": \(error)")
    }
  }

  /// An id is one path component: OCI runtimes take `[A-Za-z0-9_+.-]`.
  private static func check(_ id: String) throws(RuntimeError) {
    let isValid =
      !id.isEmpty && id.utf8.count <= 255 && !id.hasPrefix(".")
      && id.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "."),
          UInt8(ascii: "-"):
          true
        default: false
        }
      }
    guard isValid else { throw RuntimeError(.invalid, "invalid container id \"\(id)\"") }
  }
}

extension ContainerRecord {
  /// The container's init, if it still runs.
  func process() throws(RuntimeError) -> Descriptor? {
    guard pid > 0 else { return nil }
    do {
      let handle = try openProcess(pid)
      // Opened before the check: from here on the number cannot pass to another process.
      let stat = try ProcessStat(pid: pid)
      return stat.startTime == startTime && !stat.isZombie ? handle : nil
    } catch {
      if error.errno == .noSuchProcess || error.errno == .noSuchFile { return nil }
      throw RuntimeError(.system, "cannot look at process \(pid): \(error)")
    }
  }

  /// The container's status as the specification names it.
  ///
  /// - Parameter directory: its state directory.
  func status(in directory: Descriptor) throws(RuntimeError) -> RuntimeState.Status {
    if pid == 0 { return .creating }
    guard try process() != nil else { return .stopped }
    if ContainerLaunch.awaitsStart(in: directory) { return .created }
    let cgroup = try cgroup()
    return try during("read the freezer") { try cgroup.isFrozen() } ? .paused : .running
  }

  /// The running init.
  ///
  /// - Throws: `conflict` when it has stopped.
  func runningProcess() throws(RuntimeError) -> Descriptor {
    guard let process = try process() else { throw RuntimeError(.conflict, "container \"\(id)\" is not running") }
    return process
  }

  /// The container's cgroup.
  func cgroup() throws(RuntimeError) -> any Cgroup {
    try during("find the container's cgroup") { try CgroupHierarchy.detect().cgroup(at: cgroupPath) }
  }
}
