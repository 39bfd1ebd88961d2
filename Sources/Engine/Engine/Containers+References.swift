import LaunchPlan

extension Containers {
  /// Replaces the names that a request calls other containers by with their ids, and adds the mounts of those whose
  /// volumes it takes.
  ///
  /// The owner of a network may be made later, as with Docker; the start tells then that it is not there.
  ///
  /// - Throws: `invalid` with Docker's texts.
  nonisolated func resolveReferences(of spec: inout ContainerSpec) throws(EngineError) {
    if case .container(let name) = spec.network.mode, let owner = try? container(name) {
      spec.network.mode = .container(id: owner.id)
    }
    if case .container(let name) = spec.namespaces.process {
      spec.namespaces.process = .container(id: try named(name).id)
    }
    if case .container(let name) = spec.namespaces.ipc { spec.namespaces.ipc = .container(id: try named(name).id) }
    for source in spec.namespaces.volumesFrom {
      guard !source.container.isEmpty else { throw EngineError(.invalid, "invalid name or ID supplied: \"\"") }
      let owner = try named(source.container)
      spec.addMounts(source.copies(of: owner.snapshot.spec.mounts, owner: owner.id))
    }
  }

  /// What is not found is the request's mistake here: Docker answers 400.
  private nonisolated func named(_ name: String) throws(EngineError) -> Container {
    do { return try container(name) } catch { throw EngineError(.invalid, error.message) }
  }

  /// `containers` in groups, so that each comes after those whose namespaces it joins.
  static func ownersFirst(_ containers: [Container]) -> [[Container]] {
    var groups: [[Container]] = []
    var rest = containers
    while !rest.isEmpty {
      let waiting = Set(rest.map(\.id))
      let ready = rest.filter { waiting.isDisjoint(with: $0.snapshot.spec.joinedContainers) }
      // Those that wait for each other, which cannot start anyway, go as they are.
      groups.append(ready.isEmpty ? rest : ready)
      let gone = Set(groups[groups.count - 1].map(\.id))
      rest.removeAll { gone.contains($0.id) }
    }
    return groups
  }
}
