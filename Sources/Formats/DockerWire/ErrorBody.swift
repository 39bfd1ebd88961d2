/// The body of a failed request.
package struct ErrorBody: Equatable, Sendable {
  package var message: String

  /// Says what went wrong.
  package init(message: String) { self.message = message }

  /// `{"message":…}` and a newline.
  package var json: [UInt8] {
    var json = JSONWriter()
    json.object { $0.field("message") { $0.string(message) } }
    return json.bytes + [UInt8(ascii: "\n")]
  }
}
