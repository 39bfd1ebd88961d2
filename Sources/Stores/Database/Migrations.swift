/// One step from a schema to the next: statements that run in one transaction.
///
/// The list only grows. A step that was ever released is never changed, since databases exist that went through it; a
/// golden test holds the schema that all steps make.
package struct Migration: Sendable {
  let statements: [String]

  /// Runs `statements` in their order.
  package init(_ statements: String...) { self.statements = statements }
}

extension Migration {
  /// The whole history of the database. Its `user_version` is how many of these it went through.
  ///
  /// Times are nanoseconds since 1970. Digests are texts, `sha256:…`. Structures that nobody asks for by their members
  /// are JSON of our own types.
  package static let all: [Migration] = [
    Migration(
      // ContentStore. A blob's file is there before its row.
      """
      CREATE TABLE blobs (
        digest TEXT NOT NULL PRIMARY KEY,
        size INTEGER NOT NULL,
        created INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      """
      CREATE TABLE leases (
        id TEXT NOT NULL PRIMARY KEY,
        created INTEGER NOT NULL,
        expires INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      // What a lease keeps: `blob` and a digest, `snapshot` and its key.
      """
      CREATE TABLE lease_items (
        lease TEXT NOT NULL REFERENCES leases (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('blob', 'snapshot')),
        name TEXT NOT NULL,
        PRIMARY KEY (lease, kind, name)
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX lease_items_by_name ON lease_items (kind, name)",
      // Snapshots. `id` names the folder and is never given twice.
      """
      CREATE TABLE snapshots (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        kind TEXT NOT NULL CHECK (kind IN ('active', 'view', 'committed')),
        parent INTEGER REFERENCES snapshots (id),
        created INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        inodes INTEGER NOT NULL
      ) STRICT
      """,
      "CREATE INDEX snapshots_by_parent ON snapshots (parent)",
      // Volumes.
      """
      CREATE TABLE volumes (
        name TEXT NOT NULL PRIMARY KEY,
        anonymous INTEGER NOT NULL,
        created INTEGER NOT NULL,
        labels TEXT NOT NULL,
        options TEXT NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      // Images. `id` is the config's digest, `chain` the key of the topmost layer's snapshot.
      """
      CREATE TABLE images (
        id TEXT NOT NULL PRIMARY KEY,
        manifest TEXT NOT NULL,
        chain TEXT,
        size INTEGER NOT NULL,
        added INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID
      """,
      // Every blob and snapshot that an image needs: the roots of garbage collection.
      """
      CREATE TABLE image_items (
        image TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('blob', 'snapshot')),
        name TEXT NOT NULL,
        PRIMARY KEY (image, kind, name)
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX image_items_by_name ON image_items (kind, name)",
      // What users call an image: a repository with its domain, and a tag or a digest in it.
      """
      CREATE TABLE tags (
        repository TEXT NOT NULL,
        tag TEXT NOT NULL,
        image TEXT NOT NULL REFERENCES images (id),
        updated INTEGER NOT NULL,
        PRIMARY KEY (repository, tag)
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX tags_by_image ON tags (image)",
      """
      CREATE TABLE repository_digests (
        repository TEXT NOT NULL,
        digest TEXT NOT NULL,
        image TEXT NOT NULL REFERENCES images (id),
        PRIMARY KEY (repository, digest)
      ) STRICT, WITHOUT ROWID
      """,
      "CREATE INDEX repository_digests_by_image ON repository_digests (image)"
    ),
    Migration(
      // Containers. `spec` is the definition, `machine` where it is in its life.
      """
      CREATE TABLE containers (
        id TEXT NOT NULL PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        created INTEGER NOT NULL,
        spec BLOB NOT NULL,
        machine BLOB NOT NULL
      ) STRICT, WITHOUT ROWID
      """
    ),
  ]
}
