import Glibc
import MonitorProtocol
import Tasks

extension Container {
  /// Finds the execs of an earlier daemon again. What of one is over is told, and its directory removed.
  func recoverExecs() async {
    let (tasks, name) = (services.tasks, taskName)
    let found = try? await services.executor.run {
      try tasks.launches(of: name).compactMap { launch in
        ExecLauncher.stored(in: try tasks.openDirectory(container: name, launch: launch)).map { (launch, $0) }
      }
    }
    for (launch, stored) in found ?? [] {
      let exec = Exec(id: stored.id, containerID: id, spec: stored.spec, user: nil, phase: .starting)
      await recover(exec, launch)
    }
  }

  private func recover(_ exec: Exec, _ launch: LaunchID) async {
    switch try? await services.tasks.adopt(container: taskName, launch: launch) {
    case .running(let started, let connection):
      let process = Exec.Process(
        pid: started.pid, startTime: started.startTime, launch: launch, connection: connection)
      _ = exec.began(process)
      // Without room in the list it is still followed, and its directory goes with it.
      try? execs.add(exec)
      follow(exec, process)
      await clientLeft(exec, detached: false)
    case .ended(let record):
      try? execs.add(exec)
      await ended(exec, Finished(record).exitCode, launch)
    case .lost: await ended(exec, 137, launch)
    // It cannot be looked at now: the next daemon tries again.
    case nil: return
    }
  }
}
