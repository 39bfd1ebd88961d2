/// Any JSON, so that documents can be compared whole.
enum JSONValue: Codable, Equatable, CustomStringConvertible {
  case object([String: JSONValue]), list([JSONValue]), text(String), number(Double), flag(Bool), null

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .list(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .object(let value): try container.encode(value)
    case .list(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    case .null: try container.encodeNil()
    }
  }

  var description: String {
    switch self {
    case .object(let members):
      "{" + members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .list(let items): "[" + items.map(\.description).joined(separator: ", ") + "]"
    case .text(let value): "\"\(value)\""
    case .number(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .null: "null"
    }
  }
}
