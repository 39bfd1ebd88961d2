/// The body of a failed request.
package struct ErrorBody: WireStruct, Equatable {
  package var message = ""

  /// Says nothing yet.
  package init() {}

  /// Says what went wrong.
  package init(message: String) { self.message = message }

  package static let fields: [WireField<ErrorBody>] = [WireField("message", \.message)]
}
