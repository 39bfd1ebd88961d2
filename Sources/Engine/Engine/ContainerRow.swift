import Database
import LaunchPlan
import OCI

/// What is stored of a container.
struct ContainerRow: Sendable {
  var spec: ContainerSpec
  var machine: ContainerStateMachine
  let created: Timestamp
  /// Not stored here, but with the launch; nil before the first one, and without a test.
  var health: HealthStateMachine?

  /// Inserts it, in the caller's transaction.
  func insert(_ transaction: Transaction) throws {
    try transaction.execute(
      "INSERT INTO containers (id, name, created, spec, machine) VALUES (?, ?, ?, ?, ?)", spec.id, spec.name,
      created.nanoseconds, try BoundedJSON.encode(spec), try BoundedJSON.encode(machine))
  }

  /// Writes what happened to it. What it is stays as it is stored: encoding that takes ten times as long.
  func updateState(_ transaction: Transaction) throws {
    try transaction.execute(
      "UPDATE containers SET machine = ? WHERE id = ?", try BoundedJSON.encode(machine), spec.id)
  }

  /// Writes all of it.
  func update(_ transaction: Transaction) throws {
    try transaction.execute(
      "UPDATE containers SET name = ?, spec = ?, machine = ? WHERE id = ?", spec.name, try BoundedJSON.encode(spec),
      try BoundedJSON.encode(machine), spec.id)
  }

  /// Forgets the container.
  static func delete(_ id: String, _ transaction: Transaction) throws {
    try transaction.execute("DELETE FROM containers WHERE id = ?", id)
  }

  /// All containers. What cannot be decoded is named and left alone: it is somebody's container.
  static func all(_ database: StateDatabase) throws -> (
    rows: [ContainerRow], undecodable: [(id: String, reason: String)]
  ) {
    var rows: [ContainerRow] = []
    var undecodable: [(id: String, reason: String)] = []
    for row in try database.read({ try $0.rows("SELECT * FROM containers ORDER BY created") }) {
      do {
        rows.append(
          ContainerRow(
            spec: try BoundedJSON.decode(ContainerSpec.self, from: try row.blob("spec")),
            machine: try BoundedJSON.decode(ContainerStateMachine.self, from: try row.blob("machine")),
            created: Timestamp(nanoseconds: try row.integer("created"))))
      } catch { undecodable.append((try row.text("id"), "\(error)")) }
    }
    return (rows, undecodable)
  }
}
