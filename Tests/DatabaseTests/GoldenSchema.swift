/// The schema after all migrations, as SQLite keeps it. A change here that is no addition breaks databases that exist.
let goldenSchema = """
  CREATE TABLE blobs (
    digest TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE containers (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    spec BLOB NOT NULL,
    machine BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE image_items (
    image TEXT NOT NULL REFERENCES images (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('blob', 'snapshot')),
    name TEXT NOT NULL,
    PRIMARY KEY (image, kind, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX image_items_by_name ON image_items (kind, name);
  CREATE TABLE images (
    id TEXT NOT NULL PRIMARY KEY,
    manifest TEXT NOT NULL,
    chain TEXT,
    size INTEGER NOT NULL,
    added INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE lease_items (
    lease TEXT NOT NULL REFERENCES leases (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('blob', 'snapshot')),
    name TEXT NOT NULL,
    PRIMARY KEY (lease, kind, name)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX lease_items_by_name ON lease_items (kind, name);
  CREATE TABLE leases (
    id TEXT NOT NULL PRIMARY KEY,
    created INTEGER NOT NULL,
    expires INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE repository_digests (
    repository TEXT NOT NULL,
    digest TEXT NOT NULL,
    image TEXT NOT NULL REFERENCES images (id),
    PRIMARY KEY (repository, digest)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX repository_digests_by_image ON repository_digests (image);
  CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('active', 'view', 'committed')),
    parent INTEGER REFERENCES snapshots (id),
    created INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    inodes INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX snapshots_by_parent ON snapshots (parent);
  CREATE TABLE sqlite_sequence(name,seq);
  CREATE TABLE tags (
    repository TEXT NOT NULL,
    tag TEXT NOT NULL,
    image TEXT NOT NULL REFERENCES images (id),
    updated INTEGER NOT NULL,
    PRIMARY KEY (repository, tag)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tags_by_image ON tags (image);
  CREATE TABLE volumes (
    name TEXT NOT NULL PRIMARY KEY,
    anonymous INTEGER NOT NULL,
    created INTEGER NOT NULL,
    labels TEXT NOT NULL,
    options TEXT NOT NULL
  ) STRICT, WITHOUT ROWID

  """
