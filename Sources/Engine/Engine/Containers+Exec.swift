extension Containers {
  /// The exec with the whole id `id`, and its container. One that was never started goes with its container's process.
  ///
  /// - Throws: `notFound` with Docker's text.
  package nonisolated func exec(_ id: String) throws(EngineError) -> (container: Container, exec: Exec) {
    for container in all {
      guard let exec = container.execs.exec(id) else { continue }
      if case .created = exec.phase, !container.snapshot.hasProcess { break }
      return (container, exec)
    }
    throw EngineError(.notFound, "No such exec instance: \(id)")
  }
}
