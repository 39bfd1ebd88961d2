import Database
package import OCI

// From names to images, and back.
extension ImageStore {
  /// Gives the image `source` the name `target`, with the tag `latest` if it has none. Another image that has the name
  /// loses it.
  ///
  /// - Returns: the complete name, and the image that lost it.
  /// - Throws: `noSuchImage`, `digestInTag`.
  package func tag(
    _ source: String, as target: Reference
  ) throws(ImageError) -> (name: Reference, image: Digest, previous: Digest?) {
    guard target.digest == nil else { throw .digestInTag }
    let name = target.taggedByDefault()
    return try inImages {
      try database.definitions { transaction in
        let id = try resolve(source, in: transaction)
        return (name, id, try setTag(name, to: id, in: transaction))
      }
    }
  }

  /// Makes `name` mean `id`, and returns the other image that it meant.
  func setTag(_ name: Reference, to id: Digest, in transaction: Transaction) throws -> Digest? {
    let tag = name.tag ?? Reference.defaultTag
    let row = try transaction.row("SELECT image FROM tags WHERE repository = ? AND tag = ?", name.name, tag)
    let previous = try row.map { row in try Self.digest(row, "image") }
    if previous == id { return nil }
    try transaction.execute(
      """
      INSERT INTO tags (repository, tag, image, updated) VALUES (?, ?, ?, ?)
      ON CONFLICT (repository, tag) DO UPDATE SET image = excluded.image, updated = excluded.updated
      """, name.name, tag, id.description, wallClockNanoseconds())
    return previous
  }

  /// The ID that `name` means; see `image(_:)`.
  func resolve(_ name: String, in transaction: Transaction) throws -> Digest {
    if let id = Self.wholeID(name) {
      guard try transaction.row("SELECT 1 FROM images WHERE id = ?", id.description) != nil else {
        throw ImageError.noSuchImage(name)
      }
      return id
    }
    let reference: Reference
    do { reference = try Reference(parsing: name).taggedByDefault() } catch {
      if let id = try resolve(prefix: name, in: transaction) { return id }
      throw error
    }
    if let id = try resolve(reference, in: transaction) { return id }
    if let id = try resolve(prefix: name, in: transaction) { return id }
    throw ImageError.noSuchImage(reference.familiar)
  }

  /// The ID that a complete reference means, nil if none.
  func resolve(_ reference: Reference, in transaction: Transaction) throws -> Digest? {
    let row: Row?
    if let digest = reference.digest {
      // A digest decides alone; the tag beside it is only for people.
      row = try transaction.row(
        "SELECT image FROM repository_digests WHERE repository = ? AND digest = ?", reference.name, digest.description)
    } else {
      row = try transaction.row(
        "SELECT image FROM tags WHERE repository = ? AND tag = ?", reference.name,
        reference.tag ?? Reference.defaultTag)
    }
    return try row.map { row in try Self.digest(row, "image") }
  }

  /// `sha256:` and 64 digits, or the digits alone.
  static func wholeID(_ name: String) -> Digest? {
    (try? Digest(ofContent: name)) ?? (try? Digest(ofContent: "sha256:\(name)"))
  }

  /// Whether `name` means `id` by its digits, not by a reference.
  static func isPrefix(_ name: String, of id: Digest) -> Bool {
    id.description.hasPrefix(name) || id.hex.hasPrefix(name)
  }

  private func resolve(prefix: String, in transaction: Transaction) throws -> Digest? {
    let digits = prefix.hasPrefix("sha256:") ? String(prefix.dropFirst(7)) : prefix
    // What is hexadecimal has no wildcard of GLOB.
    guard !digits.isEmpty, digits.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else { return nil }
    let rows = try transaction.rows("SELECT id FROM images WHERE id GLOB ? LIMIT 2", "sha256:\(digits)*")
    return rows.count == 1 ? try Self.digest(rows[0], "id") : nil
  }
}
