import Glibc
import LaunchPlan
import MonitorProtocol
import Tasks

extension Container {
  /// Finds the execs of an earlier daemon again, and what it knew of the container's health. What of an exec is over is
  /// told, and its directory removed.
  func recoverExecs() async {
    await recoverHealth()
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
      follow(exec, process)
      guard !exec.spec.isProbe else {
        // Nobody is left who waits for its result.
        try? await connection.perform(.signal(SIGKILL, toAll: false))
        return
      }
      // Without room in the list it is still followed, and its directory goes with it.
      try? execs.add(exec)
      await clientLeft(exec, detached: false)
    case .ended(let record):
      if !exec.spec.isProbe { try? execs.add(exec) }
      await ended(exec, Finished(record).exitCode, launch)
    case .lost: await ended(exec, 137, launch)
    // It cannot be looked at now: the next daemon tries again.
    case nil: return
    }
  }
}
