import EngineClient

/// What a prune removed.
struct PruneReport {
  /// `Deleted Containers:` and the lines below.
  var sections: [(title: String, lines: [String])] = []
  var bytesReclaimed: UInt64 = 0

  /// Prints what was removed, and what that brought.
  func print(to output: OutputBuffer) throws {
    for section in sections where !section.lines.isEmpty {
      try output.print(section.title)
      for line in section.lines { try output.print(line) }
      try output.print("")
    }
    try output.print("Total reclaimed space: \(Sizes.decimal(bytesReclaimed))")
  }

  /// Both reports as one.
  mutating func add(_ other: PruneReport) {
    sections += other.sections
    bytesReclaimed += other.bytesReclaimed
  }
}

/// The engine's prunes, one call each.
enum Prune {
  /// Removes stopped containers.
  static func containers(_ session: Session, _ filters: Filters) throws -> PruneReport {
    try prune(session, "containers", filters) { [("Deleted Containers:", $0["ContainersDeleted"].strings)] }
  }

  /// Removes volumes that no container uses; anonymous ones unless `all` is filtered for.
  static func volumes(_ session: Session, _ filters: Filters) throws -> PruneReport {
    try prune(session, "volumes", filters) { [("Deleted Volumes:", $0["VolumesDeleted"].strings)] }
  }

  /// Removes images that have no name or, with `all`, that no container uses.
  static func images(_ session: Session, _ filters: Filters, all: Bool) throws -> PruneReport {
    var filters = filters
    filters.add("dangling", all ? "false" : "true")
    return try prune(session, "images", filters) { [("Deleted Images:", imageLines($0["ImagesDeleted"]))] }
  }

  /// Removes networks that no container uses.
  static func networks(_ session: Session, _ filters: Filters) throws -> PruneReport {
    try prune(session, "networks", filters) { [("Deleted Networks:", $0["NetworksDeleted"].strings)] }
  }

  /// Removes what builds have kept and nobody needs.
  static func buildCache(_ session: Session, _ filters: Filters, all: Bool) throws -> PruneReport {
    let query = filters.query + (all ? [(name: "all", value: "1")] : [])
    let answer = try session.engine.call(EngineRequest("POST", "/build/prune", query: query))
    return PruneReport(
      sections: [("Deleted build cache objects:", answer["CachesDeleted"].strings)],
      bytesReclaimed: answer["SpaceReclaimed"].unsigned)
  }

  private static func prune(
    _ session: Session, _ kind: String, _ filters: Filters, _ sections: (JSONValue) -> [(String, [String])]
  ) throws -> PruneReport {
    let answer = try session.engine.call(EngineRequest("POST", "/\(kind)/prune", query: filters.query))
    return PruneReport(sections: sections(answer), bytesReclaimed: answer["SpaceReclaimed"].unsigned)
  }

  /// What happened to images: `untagged: …`, `deleted: …`.
  private static func imageLines(_ images: JSONValue) -> [String] {
    images.elements.map { image in
      image["Untagged"].isNull ? "deleted: \(image["Deleted"].text)" : "untagged: \(image["Untagged"].text)"
    }
  }
}
