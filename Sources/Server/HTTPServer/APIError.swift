import DockerWire

/// A request that cannot be served: the code decides the status, the message is the body's `message`.
///
/// Handlers throw it. Anything else that they throw is answered as `.internalError` with its description.
package struct APIError: Error, Equatable, Sendable, CustomStringConvertible {
  package let code: Code
  /// The whole text for the user. Clients match some of them; those live in the engine's table.
  package let message: String

  /// Says what went wrong in words for the user.
  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  package var description: String { message }

  /// The closed set of reasons, as Docker distinguishes them, and those of the protocol itself.
  package enum Code: Sendable, CaseIterable {
    case invalidArgument, unauthorized, forbidden, notFound, conflict, notImplemented, unavailable, internalError
    /// The client speaks an API from before 1.24, when errors were plain text.
    case clientTooOld
    /// Nothing changed because it was so already ("container already started"). The answer has no body.
    case notModified
    case requestTimeout, bodyTooLarge, targetTooLong, expectationFailed, headTooLarge, versionNotSupported

    /// The HTTP status.
    package var status: Int {
      switch self {
      case .notModified: 304
      case .invalidArgument, .clientTooOld: 400
      case .unauthorized: 401
      case .forbidden: 403
      case .notFound: 404
      case .requestTimeout: 408
      case .conflict: 409
      case .bodyTooLarge: 413
      case .targetTooLong: 414
      case .expectationFailed: 417
      case .headTooLarge: 431
      case .internalError: 500
      case .notImplemented: 501
      case .unavailable: 503
      case .versionNotSupported: 505
      }
    }
  }

  /// The answer for no route, and for a method that a path does not have: Docker does not tell them apart.
  static let pageNotFound = APIError(.notFound, "page not found")
}

extension Response {
  /// The answer to a failed request: `{"message":…}` and a newline.
  init(_ error: APIError) {
    let status = error.code.status
    switch error.code {
    case .notModified: self.init(status: status)
    case .clientTooOld:
      self = .bytes(Array("\(error.message)\n".utf8), contentType: "text/plain; charset=utf-8", status: status)
    default: self = .json(ErrorBody(message: error.message).json, status: status)
    }
  }
}
