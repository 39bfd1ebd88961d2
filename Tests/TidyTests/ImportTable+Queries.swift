extension ImportTable {
  /// The row of `room`, if the table has one.
  func row(_ room: String) -> Row? { rows.first { $0.name == room } }

  /// Every module that `room` may import: its row and gains, libraries as their modules.
  func modules(allowedIn room: String) -> Set<String> {
    let named = (row(room)?.mayImport ?? []) + gains.filter { $0.room == room }.map(\.gained)
    return Set(named.flatMap { libraries[$0] ?? [$0] })
  }

  /// What `room` gained and does not depend on: a gain that nobody uses is an open door.
  func unusedGains(of room: String, given dependencies: Set<String>) -> [String] {
    gains.filter { $0.room == room }.map(\.gained).filter {
      dependencies.isDisjoint(with: libraries[$0] ?? [$0])
    }
  }

  /// Rooms whose code may end in a static program.
  func staticRooms() -> Set<String> {
    var found = Set(rows.filter { Self.staticFloors.contains($0.floor) }.map(\.name))
    var open = Self.staticPrograms + found
    while let room = open.popLast() {
      found.insert(room)
      open += modules(allowedIn: room).filter { row($0) != nil && !found.contains($0) }
    }
    return found
  }

  /// What is wrong with the table itself: a name that is not in it, an import from above, a gain that is not from
  /// below.
  func flaws() -> [String] {
    var flaws: [String] = []
    for (index, row) in rows.enumerated() {
      for name in row.mayImport where libraries[name] == nil {
        guard let position = rows.firstIndex(where: { $0.name == name }) else {
          flaws.append("\(row.name): imports \"\(name)\", which is neither a room nor a library")
          continue
        }
        if position >= index { flaws.append("\(row.name): imports \"\(name)\", which does not stand below it") }
      }
    }
    for gain in gains where libraries[gain.gained] == nil {
      guard let room = row(gain.room), let gained = row(gain.gained) else {
        flaws.append("gain of \(gain.room): \"\(gain.gained)\" or the room itself is not in the table")
        continue
      }
      // A main puts its own floor together; it is the one room that nobody imports.
      if gained.floor > room.floor || (gained.floor == room.floor && !room.isProgram) {
        flaws.append("\(room.name): gains \"\(gained.name)\", which is not on a lower floor")
      }
    }
    return flaws
  }
}
