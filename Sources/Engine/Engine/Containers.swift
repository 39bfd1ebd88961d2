import Database
import Images
package import LaunchPlan
package import Linux
import OCI
import Snapshots
import Synchronization
import Volumes

/// All containers of an engine: their names, their making, and their return after a daemon's death.
package actor Containers {
  private nonisolated let services: ContainerServices
  private let index = Index()
  /// Names that are being given to containers which are not stored yet.
  var reservedNames: Set<String> = []

  /// The containers by id, read by anybody without waiting.
  private final class Index: Sendable {
    let containers = Mutex<[String: Container]>([:])
  }

  /// Opens the containers of an earlier daemon. What of them cannot be decoded is told, and left as it is.
  ///
  /// It blocks; nothing is started and no task is looked for before `recover`.
  package init(_ services: ContainerServices) throws {
    self.services = services
    let found = try ContainerRow.all(services.database)
    undecodable = found.undecodable.map { "\($0.id): \($0.reason)" }
    services.sweep(keeping: found.rows, undecodable: found.undecodable.map(\.id))
    for row in found.rows { Containers.add(row, services, isNew: false, to: index) }
  }

  /// Where containers keep their logs and their files for `/etc`.
  package nonisolated var folder: ContainerFolder { services.folder }

  /// Containers that are stored and cannot be read: their ids, and why.
  package let undecodable: [String]

  /// All containers, in no order.
  nonisolated var all: [Container] { index.containers.withLock { Array($0.values) } }

  /// All containers as they are now, the newest first.
  package nonisolated var snapshots: [ContainerSnapshot] {
    index.containers.withLock { $0.values.map(\.snapshot) }.sorted { $0.created > $1.created }
  }

  /// The containers that were made from the image `id`.
  nonisolated func users(of id: Digest) -> [ImageStore.User] {
    snapshots.filter { $0.spec.image.id == id.description }.map { container in
      ImageStore.User(containerID: container.spec.id, isRunning: container.isRunning)
    }
  }

  /// By the ids of images, how many containers were made from each.
  package nonisolated var countsByImage: [String: Int] {
    snapshots.reduce(into: [:]) { counts, container in counts[container.spec.image.id, default: 0] += 1 }
  }

  /// The ids of the containers that have the volume `name`, running or not.
  package nonisolated func users(ofVolume name: String) -> [String] {
    snapshots.filter { $0.spec.uses(volume: name) }.map(\.spec.id)
  }

  /// The container that `name` means: an id, a name, or the beginning of one id.
  ///
  /// - Throws: `notFound` with Docker's text; `invalid` when it begins several ids.
  package nonisolated func container(_ name: String) throws(EngineError) -> Container {
    let all = index.containers.withLock { Array($0.values) }
    let plain = name.hasPrefix("/") ? String(name.dropFirst()) : name
    if let exact = all.first(where: { $0.id == plain }) ?? all.first(where: { $0.snapshot.spec.name == plain }) {
      return exact
    }
    let matches = plain.isEmpty ? [] : all.filter { $0.id.hasPrefix(plain) }
    guard matches.count < 2 else { throw EngineError(.invalid, "multiple IDs found with provided prefix: \(plain)") }
    guard let match = matches.first else { throw EngineError(.notFound, "No such container: \(plain)") }
    return match
  }

  /// Makes a container of a request that was merged with nothing yet.
  ///
  /// - Parameter spec: its program is the request's; the image's is merged in here.
  /// - Returns: the container, and Docker's warnings.
  package func create(_ spec: ContainerSpec) async throws -> (container: Container, warnings: [String]) {
    var spec = spec
    if spec.name.isEmpty { spec.name = freeName() }
    try reserve(spec.name, shown: spec.name)
    defer { reservedNames.remove(spec.name) }
    let services = services
    let reference = spec.image.reference
    let image = try await services.executor.run { try services.images.image(reference) }
    spec.image.id = image.id.description
    let warnings: [String]
    try resolveReferences(of: &spec)
    do throws(LaunchPlanError) {
      spec.program = try spec.program.merging(image.config.config ?? ImageConfig.Execution())
      warnings = try spec.settle(on: services.host)
    } catch { throw EngineError(error) }
    guard !spec.program.arguments.isEmpty else { throw EngineError(.invalid, "no command specified") }
    spec.addAnonymousVolumes { Identifier.random() }
    let row = ContainerRow(
      spec: spec,
      machine: ContainerStateMachine(
        restartPolicy: spec.lifecycle.restart, removesItself: spec.lifecycle.isRemovedAtEnd), created: .now())
    try await services.executor.run { [index] in
      try services.store(row, chain: image.chain) { volume in
        index.containers.withLock { all in
          all.values.contains { $0.snapshot.hasProcess && $0.snapshot.spec.uses(volume: volume) }
        }
      }
    }
    let container = Containers.add(row, services, isNew: true, to: index)
    services.publish(ContainerNews(event: .create, spec: spec, time: row.created))
    return (container, warnings)
  }

  /// Finds the tasks of an earlier daemon again, and starts what its restart policy brings back.
  ///
  /// - Parameter isSameBoot: whether tasks may still run.
  package nonisolated func recover(isSameBoot: Bool) async {
    for containers in Containers.ownersFirst(index.containers.withLock { Array($0.values) }) {
      // All at once: one that hangs is in nobody's way.
      await withTaskGroup(of: Void.self) { group in
        for container in containers { group.addTask { await container.recover(isSameBoot: isSameBoot) } }
      }
    }
  }

  /// Leaves nothing behind of a daemon that ends, as far as nothing runs.
  package nonisolated func end() { services.removeEmptyParent() }

  /// Says when to look at the log of `container` again, which is open as `log`: `LogFollowers`.
  package nonisolated func logChanges(of container: String, _ log: Descriptor) throws -> AsyncStream<Void> {
    try services.followers.follow(container, log: log)
  }

  @discardableResult
  private static func add(
    _ row: ContainerRow, _ services: ContainerServices, isNew: Bool, to index: Index
  ) -> Container {
    let id = row.spec.id
    let neighbours = Container.Neighbours(
      removed: { id in index.containers.withLock { _ = $0.removeValue(forKey: id) } },
      usesVolume: { name in
        index.containers.withLock { $0.values.contains { $0.id != id && $0.snapshot.spec.uses(volume: name) } }
      },
      find: { id in index.containers.withLock { $0[id] }?.snapshot })
    let container = Container(row, services, isNew: isNew, neighbours: neighbours)
    index.containers.withLock { $0[id] = container }
    return container
  }

  /// Keeps `name` for a container that is about to have it; the caller takes it out of `reservedNames` again.
  ///
  /// - Parameter shown: the name as errors say it.
  func reserve(_ name: String, shown: String) throws(EngineError) {
    guard ContainerName.isValid(name) else {
      throw EngineError(.invalid, "Invalid container name (\(shown)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
    }
    if let holder = index.containers.withLock({ containers in
      containers.values.first { $0.snapshot.spec.name == name }
    }) {
      throw EngineError(
        .conflict,
        "Conflict. The container name \"/\(name)\" is already in use by container \"\(holder.id)\". "
          + "You have to remove (or rename) that container to be able to reuse that name.")
    }
    guard reservedNames.insert(name).inserted else {
      throw EngineError(.conflict, "Conflict. The container name \"/\(name)\" is already in use.")
    }
  }

  private func freeName() -> String {
    while true {
      let name = ContainerName.random()
      let isTaken = index.containers.withLock { $0.values.contains { $0.snapshot.spec.name == name } }
      if !isTaken, !reservedNames.contains(name) { return name }
    }
  }
}

extension ContainerServices {
  /// Stores a new container: its directory, and in one transaction its volumes, its snapshot and its row. What its image
  /// has at the places of new volumes is copied then.
  fileprivate func store(_ row: ContainerRow, chain: String?, isMounted: (String) -> Bool) throws {
    try row.spec.checkBindSources()
    try folder.create(row.spec.id)
    do {
      try Failpoint("containers.create.folder").reach()
      let wanted = row.spec.volumes.map {
        VolumeStore.Wanted(name: $0.name, isAnonymous: $0.isAnonymous, labels: $0.labels, options: $0.options)
      }
      try volumes.create(wanted) { transaction in
        _ = try snapshots.prepare(row.spec.id, parent: chain, in: transaction)
        try row.insert(transaction)
      }
    } catch {
      try? folder.remove(row.spec.id)
      guard let error = error as? VolumeError, case .invalidName(let name) = error else { throw error }
      throw EngineError(.invalid, "create \(name): \(error)")
    }
    try Failpoint("containers.create.recorded").reach()
    do { try fillVolumes(of: row.spec, chain: chain, isMounted: isMounted) } catch {
      // Nobody has seen it yet.
      let anonymous = row.spec.volumes.filter(\.isAnonymous).map(\.name)
      try sweep(try unstore(row.spec.id, volumes: anonymous), of: row.spec.id)
      throw error
    }
  }
}

extension ContainerSpec {
  /// The volumes that are mounted in it.
  var volumes: [MountSpec.Volume] {
    mounts.compactMap { mount in
      if case .volume(let volume) = mount.kind { volume } else { nil }
    }
  }

  /// Whether the volume `name` is mounted in it.
  package func uses(volume name: String) -> Bool { volumes.contains { $0.name == name } }
}
