import Database
import FoundationEssentials

// How a volume is stored.
extension Volume {
  init(_ row: Row) throws(DatabaseError) {
    self.init(
      name: try row.text("name"), isAnonymous: try row.truth("anonymous"), created: try row.integer("created"),
      labels: try Self.decode(try row.text("labels")), options: try Self.decode(try row.text("options")))
  }

  func insert(in transaction: Transaction) throws(DatabaseError) {
    try transaction.execute(
      "INSERT INTO volumes (name, anonymous, created, labels, options) VALUES (?, ?, ?, ?, ?)", name, isAnonymous,
      created, try Self.encode(labels), try Self.encode(options))
  }

  private static func encode(_ map: [String: String]) throws(DatabaseError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return String(decoding: try encoder.encode(map), as: UTF8.self) } catch {
      throw .unexpectedValue("\(error)")
    }
  }

  private static func decode(_ text: String) throws(DatabaseError) -> [String: String] {
    do { return try JSONDecoder().decode([String: String].self, from: Data(text.utf8)) } catch {
      throw .unexpectedValue("\"\(text)\" is not an object of texts")
    }
  }
}
