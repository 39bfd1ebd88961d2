import Linux

/// Something that happened, in Docker's words.
package struct Event: Equatable, Sendable {
  package let kind: Kind
  /// `create`, `tag`, `exec_start: sh` and so on.
  package let action: String
  /// An image's or container's ID, a volume's name; empty for prunes.
  package let id: String
  package let attributes: [String: String]
  /// Nanoseconds since 1970.
  package let time: Int64

  /// What it happened to.
  package enum Kind: String, Sendable {
    case container, image, volume, network, daemon, builder
  }

  /// An event of now.
  package init(_ kind: Kind, _ action: String, id: String, attributes: [String: String] = [:]) {
    let now = FileTime.now()
    self.init(kind, action, id: id, attributes: attributes, time: now.seconds * 1_000_000_000 + now.nanoseconds)
  }

  init(_ kind: Kind, _ action: String, id: String, attributes: [String: String], time: Int64) {
    self.kind = kind
    self.action = action
    self.id = id
    self.attributes = attributes
    self.time = time
  }
}
