/// The same object with its members in alphabetical order, as Go writes what it has put into a map before.
package struct Alphabetical<Wrapped: WireStruct>: WireValue {
  package var value: Wrapped

  /// Wraps `value`.
  package init(_ value: Wrapped) { self.value = value }

  package init(wire value: JSONValue, _ reader: inout WireReader) throws(WireError) {
    self.value = try Wrapped(wire: value, &reader)
  }
  package func write(_ json: inout JSONWriter) {
    let fields = Wrapped.fields.sorted { $0.name < $1.name }
    json.object { json in for field in fields { field.write(value, &json) } }
  }
  package var isEmpty: Bool { false }
  package func collectSet(path: String, into names: inout [String]) { value.collectSet(path: path, into: &names) }
}
