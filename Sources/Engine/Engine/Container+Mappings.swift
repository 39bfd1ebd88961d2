import Glibc
import LaunchPlan
import Linux
import MonitorProtocol
import OCI
import Runtime
import Snapshots
import Tasks

// How the words of the rooms below are each other's.

extension EngineError {
  /// Docker's answer to an order that a container's state does not allow.
  init(_ refusal: ContainerStateMachine.Refusal, container: ContainerSpec) {
    let id = container.id
    self =
      switch refusal {
      case .alreadyRunning: EngineError(.notModified, "container \(id) is already running")
      case .notRunning: EngineError(.conflict, "container \(id) is not running")
      case .isPaused:
        EngineError(.conflict, "cannot start a paused container, try unpause instead")
      case .notPaused: EngineError(.internalError, "Container \(id) is not paused")
      case .isRestarting: EngineError(.conflict, "Container \(id) is restarting, wait until the container is running")
      case .isBeingRemoved:
        EngineError(.conflict, "removal of container \(id) is already in progress")
      case .mustBeStopped:
        EngineError(.conflict, "container is running: stop the container before removing or force remove")
      }
  }

  /// Why a launch failed, with the monitor's or the plan's words.
  init(launchFailure error: any Error) {
    switch error {
    case let error as EngineError: self = error
    case let error as LaunchPlanError: self = EngineError(error)
    case TaskError.refused(let failure):
      let code: Code =
        switch RuntimeError.Kind(rawValue: failure.kind) {
        case .invalid, .commandNotFound, .notExecutable: .invalid
        case .unsupported: .unsupported
        case .notFound: .notFound
        case .conflict: .conflict
        case .system, nil: .internalError
        }
      // Docker looks users up before it makes a task.
      let isOfUser = failure.text.hasPrefix("unable to find ") || failure.text.hasPrefix("uids and gids ")
      self = EngineError(code, isOfUser ? failure.text : "failed to create task for container: \(failure.text)")
    default: self = EngineError(.internalError, "failed to create task for container: \(error)")
    }
  }

  /// A plan's refusal.
  init(_ error: LaunchPlanError) {
    let code: Code =
      switch error.kind {
      case .invalid: .invalid
      case .unsupported: .unsupported
      case .missing: .invalid
      }
    self = EngineError(code, error.text)
  }

}

extension Failure {
  /// Docker's exit code of a process that never ran because of this: 127, 126 or 128.
  var exitCode: Int32 {
    switch RuntimeError.Kind(rawValue: kind) {
    case .commandNotFound: 127
    case .notExecutable: 126
    case .invalid, .unsupported, .notFound, .conflict, .system, nil: Finished.unknownExitCode
    }
  }
}

extension Finished {
  /// What Docker shows of a process that never ran, when there is no better number.
  static let unknownExitCode: Int32 = 128

  /// The end of a launch that failed: the process never ran.
  init(launch: String, failure error: any Error) {
    let exitCode = if case TaskError.refused(let failure) = error { failure.exitCode } else { Self.unknownExitCode }
    self.init(
      launch: launch, startedAt: nil, finishedAt: .now(), exitCode: exitCode,
      error: EngineError(launchFailure: error).message)
  }

  /// The end that a monitor wrote down.
  init(_ record: ExitRecord) {
    let (code, error): (Int32, String?) =
      switch record.outcome {
      case .exited(let code): (code, nil)
      case .signaled(let signal): (128 + signal, nil)
      case .failedToStart(let failure): (failure.exitCode, failure.text)
      case .monitorLost: (137, "the monitor of this container was lost")
      }
    self.init(
      launch: "\(record.launchID)", startedAt: record.startedAtNanoseconds.map { Timestamp(nanoseconds: $0) },
      finishedAt: Timestamp(nanoseconds: record.finishedAtNanoseconds), exitCode: code,
      wasOutOfMemory: record.wasOutOfMemory, error: error)
  }
}

extension Timestamp {
  /// The time of day.
  package static func now() -> Timestamp {
    let now = FileTime.now()
    return Timestamp(nanoseconds: now.seconds * 1_000_000_000 + now.nanoseconds)
  }
}

extension RootSource {
  /// The root that a snapshot gives.
  init(_ root: SnapshotRoot) {
    switch root {
    case .overlay(let lowers, let upper):
      self = .overlay(OverlayRoot(lowers: lowers, upper: upper.map { ($0.path, $0.work) }))
    case .directory(let path, _): self = .directory(path)
    }
  }
}

extension LaunchRecord.Root {
  /// The same for a launch record.
  init(_ root: SnapshotRoot) {
    switch root {
    case .overlay(let lowers, let upper):
      self = .overlay(
        LaunchRecord.Overlay(
          lowers: lowers, upper: upper.map { LaunchRecord.Upper(path: $0.path, work: $0.work) }))
    case .directory(let path, _): self = .directory(path)
    }
  }
}

extension LaunchRecord.Input {
  /// Whether these streams have an input. That it ends with its first client is for the door to say, where clients leave.
  init(_ streams: StreamSpec) { self = streams.isInputOpen ? .open : .none }
}

extension LaunchRecord.Log {
  /// The log that a plan wants.
  init(_ settings: LogSettings) {
    // A table of texts is always JSON.
    let attributes = settings.attributes.isEmpty ? [] : (try? BoundedJSON.encode(settings.attributes)) ?? []
    self.init(
      format: .jsonFile(attributes: attributes), segmentBytesMax: settings.segmentBytesMax,
      segmentCountMax: UInt32(clamping: settings.segmentsMax))
  }
}
