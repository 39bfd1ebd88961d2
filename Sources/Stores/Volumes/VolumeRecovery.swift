import Database
import Glibc
import Linux

/// What the start makes of folders that a crash, or somebody else, left.
struct VolumeRecovery {
  let database: StateDatabase
  let root: Descriptor
  let creating: Descriptor
  let removing: Descriptor

  /// Returns the names that were adopted, and those that cannot be volumes.
  func run() throws -> (adopted: [String], foreign: [String]) {
    let known = Set(try database.read { try $0.rows("SELECT name FROM volumes") }.map { row in try row.text("name") })
    var present = Set(try root.entries())
    // A creation with a row lacks only its last rename; a removal with a row did not happen.
    for folder in [creating, removing] {
      for name in try folder.entries().sorted() {
        if known.contains(name), !present.contains(name) {
          try rename(name, at: .directory(folder), to: name, at: .directory(root))
          present.insert(name)
        } else {
          try removeTree(name, at: .directory(folder))
        }
      }
    }
    present.subtract([".creating", ".removing"])
    var adopted: [String] = []
    var foreign: [String] = []
    for name in present.subtracting(known).sorted() {
      if try adopt(name) { adopted.append(name) } else { foreign.append(name) }
    }
    return (adopted, foreign)
  }

  private func adopt(_ name: String) throws -> Bool {
    guard VolumeStore.isName(name) else { return false }
    let data: Descriptor
    do { data = try open("\(name)/_data", below: root, O_RDONLY | O_DIRECTORY, [.beneath, .noSymlinks]) } catch {
      return false
    }
    let modified = try data.status().modified
    // Not anonymous, whatever its name looks like: nothing that came from outside is pruned unasked.
    let volume = Volume(
      name: name, isAnonymous: false, created: modified.seconds * 1_000_000_000 + modified.nanoseconds, labels: [:],
      options: [:])
    try database.definitions { try volume.insert(in: $0) }
    return true
  }
}
