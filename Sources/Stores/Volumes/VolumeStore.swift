package import Database
import Glibc
package import Linux

/// Volumes in the data root's `volumes`, after Docker's local driver:
///
/// ```
/// volumes/<name>/_data          what containers see
/// volumes/.creating/<name>      has no row yet
/// volumes/.removing/<name>      has no row any more, or will not
/// ```
///
/// Names never start with a dot, so the two folders are in nobody's way. A crash leaves each volume as it was or as it
/// was to be: the next start finishes what has a row, and sweeps the two folders. A directory that has no row and was
/// not ours is adopted: data of users are never swept.
///
/// Whether a volume is in use is the caller's to know. All calls block and may come from any thread; two creations of
/// one name give one volume.
package final class VolumeStore: Sendable {
  let database: StateDatabase
  let root: Descriptor
  let creating: Descriptor
  let removing: Descriptor
  private let path: String
  /// The names that are being created or removed: of one name, one at a time.
  private let busy = WaitingLock<Set<String>>([])
  /// The directories that were adopted when the store was opened.
  package let adopted: [String]
  /// What lies among the volumes and cannot be one, by its name; it was left as it is.
  package let foreign: [String]

  /// The longest name: what the kernel takes for a file.
  package static let nameBytesMax = 255

  /// Opens the store in `dataRoot`, makes its folders if they are not there, finishes what a crash interrupted, and
  /// adopts directories that the database does not know.
  package init(dataRoot: String, database: StateDatabase) throws(VolumeError) {
    self.database = database
    path = "\(dataRoot)/volumes"
    do {
      try makeDirectories(path, mode: 0o711)
      try makeDirectories("\(path)/.creating", mode: 0o700)
      try makeDirectories("\(path)/.removing", mode: 0o700)
      root = try Linux.open(path, O_RDONLY | O_DIRECTORY)
      creating = try Linux.open("\(path)/.creating", O_RDONLY | O_DIRECTORY)
      removing = try Linux.open("\(path)/.removing", O_RDONLY | O_DIRECTORY)
      let recovery = VolumeRecovery(database: database, root: root, creating: creating, removing: removing)
      (adopted, foreign) = try recovery.run()
    } catch { throw VolumeError(error) }
  }

  /// Makes a volume; one that has the name already is returned as it is, as Docker does.
  ///
  /// - Parameter name: nil makes an anonymous one, under 64 random hexadecimal digits.
  /// - Throws: errors of names and options, `diskFull`, `database`, `system`; nothing is left of it then.
  package func create(
    _ name: String?, labels: [String: String] = [:], options: [String: String] = [:]
  ) throws(VolumeError) -> Volume {
    try inVolumes {
      if let name { try Self.check(name) }
      try VolumeBacking.check(options)
      let isAnonymous = name == nil
      let name = try name ?? randomName()
      return try alone(with: [name]) {
        if let existing = try find(name) { return existing }
        let volume = Volume(
          name: name, isAnonymous: isAnonymous, created: wallClockNanoseconds(), labels: labels, options: options)
        try make([volume]) { _ in }
        return volume
      }
    }
  }

  /// A volume that is made unless it is there.
  package struct Wanted: Sendable {
    package let name: String
    package let isAnonymous: Bool
    package let labels: [String: String]
    package let options: [String: String]

    /// Creates it from its members.
    package init(
      name: String, isAnonymous: Bool, labels: [String: String] = [:], options: [String: String] = [:]
    ) {
      self.name = name
      self.isAnonymous = isAnonymous
      self.labels = labels
      self.options = options
    }
  }

  /// Makes those of `wanted` that are not there yet, and what `others` does, in one transaction: a crash leaves all of it
  /// or nothing.
  ///
  /// - Throws: errors of names and options, and what `others` throws; nothing is left then.
  package func create(
    _ wanted: [Wanted], alongside others: (Transaction) throws -> Void
  ) throws {
    for volume in wanted {
      try Self.check(volume.name)
      try VolumeBacking.check(volume.options)
    }
    try alone(with: Set(wanted.map(\.name))) {
      var names: Set<String> = []
      let missing = try wanted.filter { try names.insert($0.name).inserted && find($0.name) == nil }
      let volumes = missing.map {
        Volume(
          name: $0.name, isAnonymous: $0.isAnonymous, created: wallClockNanoseconds(), labels: $0.labels,
          options: $0.options)
      }
      try make(volumes, alongside: others)
    }
  }

  /// The volume `name`.
  ///
  /// - Throws: `notFound`.
  package func volume(_ name: String) throws(VolumeError) -> Volume {
    guard let volume = try inVolumes({ try find(name) }) else { throw .notFound(name) }
    return volume
  }

  /// All volumes, in the order of their names.
  package func list() throws(VolumeError) -> [Volume] {
    try inVolumes {
      try database.read { try $0.rows("SELECT * FROM volumes ORDER BY name") }.map { row in try Volume(row) }
    }
  }

  /// Removes the volume `name` and its data. The caller made sure that nobody uses it.
  ///
  /// - Throws: `notFound`. When the deletion of data fails the volume is gone all the same, and the next start goes on.
  package func remove(_ name: String) throws(VolumeError) {
    try inVolumes {
      try alone(with: [name]) {
        guard try find(name) != nil else { throw VolumeError.notFound(name) }
        try unrecord([name]) { _ in () }
      }
      try removeTree(name, at: .directory(removing))
    }
  }

  /// Removes those of `names` that are there, and what `others` removes, in one transaction: a crash leaves all of it or
  /// nothing. The caller made sure that nobody uses them.
  ///
  /// - Throws: what `others` throws; everything is as it was then. Data that cannot be deleted are left for the next
  ///   start.
  package func remove<Result>(_ names: [String], alongside others: (Transaction) throws -> Result) throws -> Result {
    try alone(with: Set(names)) {
      let known = try Set(names).filter { try find($0) != nil }
      let result = try unrecord(Array(known), alongside: others)
      for name in known { try? removeTree(name, at: .directory(removing)) }
      return result
    }
  }

  /// The host's path of the directory that containers see.
  package func mountpoint(of name: String) -> String { "\(path)/\(name)/_data" }

  /// Opens the directory that containers see.
  ///
  /// - Throws: `directoryMissing`.
  package func open(_ name: String) throws(VolumeError) -> Descriptor {
    do { return try Linux.open("\(name)/_data", below: root, O_RDONLY | O_DIRECTORY, [.beneath, .noSymlinks]) } catch {
      if error.errno == .noSuchFile { throw .directoryMissing(name) }
      throw VolumeError(error)
    }
  }

  private func alone<Result>(with names: Set<String>, _ body: () throws -> Result) throws -> Result {
    // All or none, so that nobody waits with some of them for others.
    busy.wait { busy -> Void? in
      guard busy.isDisjoint(with: names) else { return nil }
      busy.formUnion(names)
      return ()
    }
    defer { busy.withLock { busy in busy.subtract(names) } }
    return try body()
  }

  func find(_ name: String) throws -> Volume? {
    try database.read { try $0.row("SELECT * FROM volumes WHERE name = ?", name) }.map { row in try Volume(row) }
  }

  private func make(_ volumes: [Volume], alongside others: (Transaction) throws -> Void) throws {
    do {
      for volume in volumes {
        try makeDirectory(volume.name, at: .directory(creating), mode: 0o701)
        try makeDirectory("\(volume.name)/_data", at: .directory(creating), mode: 0o755)
      }
      if !volumes.isEmpty { try creating.synchronize() }
      try Failpoint("volumes.create.made").reach()
      try database.definitions { transaction in
        for volume in volumes { try volume.insert(in: transaction) }
        try others(transaction)
      }
    } catch {
      for volume in volumes { try? removeTree(volume.name, at: .directory(creating)) }
      throw error
    }
    try Failpoint("volumes.create.recorded").reach()
    for volume in volumes {
      try rename(volume.name, at: .directory(creating), to: volume.name, at: .directory(root))
    }
  }

  /// Moves volumes aside and forgets them; their data are to be deleted.
  private func unrecord<Result>(_ names: [String], alongside others: (Transaction) throws -> Result) throws -> Result {
    let result: Result
    do {
      for name in names {
        try removeTree(name, at: .directory(removing))
        do {
          try rename(name, at: .directory(root), to: name, at: .directory(removing))
        } catch {
          // Somebody took the directory away: what remains is the row.
          if error.errno != .noSuchFile { throw error }
        }
      }
      try Failpoint("volumes.remove.renamed").reach()
      result = try database.definitions { transaction in
        for name in names { try transaction.execute("DELETE FROM volumes WHERE name = ?", name) }
        return try others(transaction)
      }
    } catch {
      for name in names { try? rename(name, at: .directory(removing), to: name, at: .directory(root)) }
      throw error
    }
    try Failpoint("volumes.remove.unrecorded").reach()
    return result
  }

  private static func check(_ name: String) throws(VolumeError) {
    // Docker counts before it looks, and an empty name is none.
    guard name.utf8.count > 1 else { throw .nameTooShort }
    guard isName(name) else { throw .invalidName(name) }
    guard name.utf8.count <= nameBytesMax else { throw .nameTooLong(name) }
  }

  /// `[a-zA-Z0-9][a-zA-Z0-9_.-]+`
  static func isName(_ name: String) -> Bool {
    func isAlphanumeric(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }
    let others = Set("_.-".utf8)
    guard let first = name.utf8.first, isAlphanumeric(first), name.utf8.count > 1 else { return false }
    return name.utf8.allSatisfy { isAlphanumeric($0) || others.contains($0) }
  }
}
