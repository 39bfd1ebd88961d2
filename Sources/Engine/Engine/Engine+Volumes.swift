package import Volumes

// Volumes, and what happens to them.
extension Engine {
  /// The only driver.
  package static let volumeDriver = "local"

  /// Makes a volume, or finds the one that has the name already.
  ///
  /// - Parameter name: nil makes an anonymous one.
  /// - Throws: `invalid`, `unsupported`, `exhausted`, in the words that Docker has for them.
  package func createVolume(
    _ name: String?, labels: [String: String], options: [String: String]
  ) async throws(EngineError) -> Volume {
    try await executor.run { [volumes, events] in
      // Of a name that is there already nothing is created, and so nothing is told.
      let isNew = name.map { (try? volumes.volume($0)) == nil } ?? true
      do {
        let volume = try volumes.create(name, labels: labels, options: options)
        if isNew { events.publish(Self.event("create", of: volume.name)) }
        return volume
      } catch { throw EngineError(volume: error, operation: "create", name: name ?? "") }
    }
  }

  /// The volume `name`.
  ///
  /// - Throws: `notFound`.
  package func volume(_ name: String) async throws(EngineError) -> Volume {
    try await executor.run { [volumes] in
      do { return try volumes.volume(name) } catch { throw EngineError(volume: error, operation: "get", name: name) }
    }
  }

  /// All volumes, in the order of their names.
  package func volumeList() async throws(EngineError) -> [Volume] {
    try await executor.run { [volumes] in try volumes.list() }
  }

  /// Removes a volume with what is in it.
  ///
  /// - Parameter isForced: one that is not there is no error then.
  /// - Throws: `notFound`.
  package func removeVolume(_ name: String, isForced: Bool) async throws(EngineError) {
    let users = containers.users(ofVolume: name)
    guard users.isEmpty else {
      throw EngineError(.conflict, "remove \(name): volume is in use - [\(users.joined(separator: ", "))]")
    }
    try await executor.run { [volumes, events] in
      do {
        // Docker looks for it first, and says so in its error.
        _ = try volumes.volume(name)
      } catch VolumeError.notFound where isForced { return } catch {
        throw EngineError(volume: error, operation: "get", name: name)
      }
      do { try volumes.remove(name) } catch VolumeError.notFound where isForced { return } catch {
        throw EngineError(volume: error, operation: "remove", name: name)
      }
      events.publish(Self.event("destroy", of: name))
    }
  }

  /// Removes every volume that no container uses and that `isWanted` says may go.
  ///
  /// - Returns: their names, and the bytes that they had.
  package func pruneVolumes(
    _ isWanted: @escaping @Sendable (Volume) -> Bool
  ) async throws(EngineError) -> (names: [String], bytes: Int64) {
    try await executor.run { [volumes, events, containers] in
      var names: [String] = []
      var bytes: Int64 = 0
      for volume in try volumes.list() where isWanted(volume) && containers.users(ofVolume: volume.name).isEmpty {
        let size = (try? volumes.usage(of: volume.name)) ?? 0
        do { try volumes.remove(volume.name) } catch VolumeError.notFound { continue }
        events.publish(Self.event("destroy", of: volume.name))
        names.append(volume.name)
        bytes += size
      }
      events.publish(Event(.volume, "prune", id: "", attributes: ["reclaimed": "\(bytes)"]))
      return (names, bytes)
    }
  }

  /// All volumes with the bytes that they take; -1 where that cannot be told.
  package func volumeUsage() async throws(EngineError) -> [(volume: Volume, bytes: Int64)] {
    try await executor.run { [volumes] in
      try volumes.list().map { volume in (volume, (try? volumes.usage(of: volume.name)) ?? -1) }
    }
  }

  private static func event(_ action: String, of name: String) -> Event {
    Event(.volume, action, id: name, attributes: ["driver": volumeDriver])
  }
}

extension EngineError {
  /// Docker puts the operation and the name before the volume store's words.
  fileprivate init(volume error: any Error, operation: String, name: String) {
    let plain = EngineError(error)
    self.init(plain.code, "\(operation) \(name): \(plain.message)", hint: plain.hint)
  }
}
