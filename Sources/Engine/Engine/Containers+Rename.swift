import LaunchPlan

extension Containers {
  /// Gives the container that `name` means the name `newName`, with or without a slash. When this returns, the new name
  /// is on the disk.
  ///
  /// - Throws: `notFound`; `invalid` for no name at all, and for the one that it has; `conflict` for another's name.
  package func rename(_ name: String, to newName: String) async throws {
    guard !newName.isEmpty else { throw EngineError(.invalid, "Neither old nor new names may be empty") }
    let container = try container(name)
    let plain = newName.hasPrefix("/") ? String(newName.dropFirst()) : newName
    guard plain != container.snapshot.spec.name else {
      throw EngineError(.invalid, "Renaming a container with the same name as its current name")
    }
    do throws(EngineError) { try reserve(plain, shown: "/\(plain)") } catch {
      throw EngineError(error.code, "Error when allocating new name: \(error.message)")
    }
    defer { reservedNames.remove(plain) }
    try await container.rename(to: plain)
  }
}

extension Container {
  /// Takes a name that is reserved for it.
  fileprivate func rename(to name: String) async throws {
    let oldName = row.spec.name
    row.spec.name = name
    do { try await save(isDefinition: true) } catch {
      row.spec.name = oldName
      throw error
    }
    publishSnapshot()
    tell(.rename(oldName: oldName))
  }
}
