import Glibc
import LaunchPlan
import Linux
import MonitorProtocol
import OCI
import Runtime
import Seccomp
import Tasks

/// One start of an exec, from its definition to its process.
struct ExecLauncher: Sendable {
  let exec: Exec
  let container: ContainerSpec
  let running: Running
  let execs: Execs
  let services: ContainerServices

  /// What of an exec stands in its task's directory, so that the next daemon knows it.
  struct Stored: Codable {
    let id: String
    let spec: ExecSpec
  }

  static let storedName = "exec"
  /// As much as an API request may carry.
  private static let storedBytesMax = 4 << 20

  /// Launches it.
  ///
  /// - Parameter client: attached from the first byte on; the monitor's end.
  func launch(
    _ launch: LaunchID, size: RuntimeSpec.ConsoleSize?, client: (socket: Descriptor, streams: StreamSet)?
  ) async throws -> (Started, TaskConnection) {
    let (record, state) = try await services.executor.run { try prepare(launch, size) }
    var launched = record
    launched.descriptors += client.map { [.attach($0.streams)] } ?? []
    return try await services.tasks.launch(launched, [state] + (client.map { [$0.socket] } ?? []))
  }

  private func prepare(_ launch: LaunchID, _ size: RuntimeSpec.ConsoleSize?) throws -> (LaunchRecord, Descriptor) {
    var spec = exec.spec
    spec.consoleSize = size
    let plan = try ExecPlan.make(spec, in: container, on: services.host)
    var process = plan.process
    if let user = exec.user { process.user = user }
    let seccomp = try execs.seccomp {
      let profile = try ExecPlan.seccomp(of: container, on: services.host)
      let program = try SeccompProgram.compiled(profile, cache: services.seccomp)
      return program.map { LaunchRecord.Seccomp(program: $0.bytes, flags: $0.flags) }
    }
    let state = try services.tasks.makeDirectory(container: String(container.id.prefix(12)), launch: launch)
    let file = try open(Self.storedName, at: .directory(state), O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    try file.writeAll(String(decoding: try BoundedJSON.encode(Stored(id: exec.id, spec: spec)), as: UTF8.self))
    let record = LaunchRecord(
      launchID: launch,
      kind: .exec(LaunchRecord.RunningContainer(pid: running.pid, startTime: running.startTime)),
      spec: RuntimeSpec(process: process), seccomp: seccomp, user: exec.user == nil ? plan.user : nil,
      additionalGroups: exec.user == nil ? plan.additionalGroups : [],
      // Docker's `StdinOnce`: no other client can come.
      input: spec.attachesInput ? .open : .none, cgroupPath: services.cgroupPath(of: container),
      descriptors: [.stateDirectory])
    return (record, state)
  }

  /// Reads what `launch` stored of an exec; nil for a directory that is none of an exec's.
  static func stored(in task: Descriptor) -> Stored? {
    guard let bytes = try? readFile(storedName, at: .directory(task), limit: storedBytesMax) else { return nil }
    return try? BoundedJSON.decode(Stored.self, from: bytes)
  }
}
