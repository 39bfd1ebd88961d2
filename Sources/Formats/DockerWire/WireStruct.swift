/// A JSON object of Docker's API: a table of its members, in the order in which the engine writes them.
///
/// The table is all there is: encoding, decoding, the names of members nobody knows, and the names of those that a
/// client has set all follow from it.
package protocol WireStruct: WireValue {
  /// With every member at Go's zero value.
  init()
  /// The table.
  static var fields: [WireField<Self>] { get }
}

/// One member of `Root`.
package struct WireField<Root: Sendable>: Sendable {
  let name: String
  let write: @Sendable (Root, inout JSONWriter) -> Void
  let read: @Sendable (inout Root, JSONValue, inout WireReader) throws(WireError) -> Void
  let collectSet: @Sendable (Root, String, inout [String]) -> Void

  /// When a member is written.
  package enum Presence: Sendable {
    case always
    /// Not when it is empty: `false`, 0, "", nil, no elements. A struct is never empty.
    case omitEmpty
  }

  /// The member `name`, kept at `path`.
  package init<Value: WireValue>(
    _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ presence: Presence = .always
  ) {
    self.name = name
    write = { root, json in
      let value = root[keyPath: path]
      if presence == .always || !value.isEmpty { json.field(name) { value.write(&$0) } }
    }
    read = { root, value, reader throws(WireError) in
      // Null leaves a member as it is where the type has no place for it.
      if case .null = value, !Value.takesNull { return }
      root[keyPath: path] = try reader.within(name) { reader throws(WireError) in try Value(wire: value, &reader) }
    }
    collectSet = { root, prefix, names in root[keyPath: path].collectSet(path: prefix + name, into: &names) }
  }

  /// The members of a struct that Go embeds: they are written as if they were `Root`'s own.
  package static func embedded<Value: WireStruct>(
    _ path: any WritableKeyPath<Root, Value> & Sendable
  ) -> [WireField<Root>] {
    Value.fields.map { field in
      WireField(
        name: field.name, write: { root, json in field.write(root[keyPath: path], &json) },
        read: { root, value, reader throws(WireError) in try field.read(&root[keyPath: path], value, &reader) },
        collectSet: { root, prefix, names in field.collectSet(root[keyPath: path], prefix, &names) })
    }
  }

  private init(
    name: String, write: @escaping @Sendable (Root, inout JSONWriter) -> Void,
    read: @escaping @Sendable (inout Root, JSONValue, inout WireReader) throws(WireError) -> Void,
    collectSet: @escaping @Sendable (Root, String, inout [String]) -> Void
  ) {
    (self.name, self.write, self.read, self.collectSet) = (name, write, read, collectSet)
  }
}

/// What a text said.
package struct Decoded<Value: WireValue>: Sendable {
  package let value: Value
  /// Members that no type of ours has, as `HostConfig.Something`, unless they are empty. They must be refused by name.
  package let unknown: [String]
}

extension WireStruct {
  /// Reads an object by the table; members that it does not have are noted in `reader`.
  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    guard case .object(let members) = value else { throw reader.mismatch(value, "object") }
    self.init()
    let fields = Self.fields
    for member in members {
      // Go prefers the exact name and takes another case; clients exist that rely on it.
      if let field = fields.first(where: { $0.name == member.name })
        ?? fields.first(where: { $0.name.lowercased() == member.name.lowercased() })
      {
        try field.read(&self, member.value, &reader)
      } else {
        reader.meetUnknown(member)
      }
    }
  }

  /// Writes the members in the table's order.
  package func write(_ json: inout JSONWriter) {
    json.object { json in for field in Self.fields { field.write(self, &json) } }
  }

  /// Never: Go leaves out only what a pointer does not point to, which is an optional here.
  package var isEmpty: Bool { false }

  /// Descends into the members.
  package func collectSet(path: String, into names: inout [String]) {
    for field in Self.fields { field.collectSet(self, path.isEmpty ? "" : "\(path).", &names) }
  }

  /// The names of the members that are not empty, as `HostConfig.Memory`, in the table's order. What is not honoured
  /// among them must be refused by name.
  package var setNames: [String] {
    var names: [String] = []
    collectSet(path: "", into: &names)
    return names
  }
}

extension WireValue {
  /// Reads the one value that `bytes` is.
  package static func decode(_ bytes: [UInt8]) throws(WireError) -> Decoded<Self> {
    let json = try JSONParser.parse(bytes)
    var reader = WireReader()
    return Decoded(value: try Self(wire: json, &reader), unknown: reader.unknown)
  }

  /// An answer's body: the value and a newline.
  package var json: [UInt8] { encoded(escapesHTML: false) }

  /// One line of a stream, which Docker escapes differently.
  package var jsonLine: [UInt8] { encoded(escapesHTML: true) }

  private func encoded(escapesHTML: Bool) -> [UInt8] {
    var json = JSONWriter(escapesHTML: escapesHTML)
    write(&json)
    return json.bytes + [UInt8(ascii: "\n")]
  }
}
