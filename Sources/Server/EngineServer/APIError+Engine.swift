import DockerWire
import Engine
import HTTPServer

extension APIError {
  /// The answer to what an engine did not do.
  init(_ error: EngineError) {
    let code: Code =
      switch error.code {
      case .notFound: .notFound
      case .conflict: .conflict
      case .invalid: .invalidArgument
      case .unsupported: .notImplemented
      case .notModified: .notModified
      case .forbidden: .forbidden
      case .unavailable: .unavailable
      // Docker's clients know no better code for a full disk.
      case .exhausted, .internalError: .internalError
      }
    self.init(code, error.description)
  }
}

/// Runs a handler, whose errors become Docker's answers.
func answering(_ handler: @escaping @Sendable (Request) async throws -> Response) -> Route.Handler {
  { request in
    do { return try await handler(request) } catch let error as EngineError { throw APIError(error) } catch let error
      as WireError
    { throw APIError(.invalidArgument, error.description) }
  }
}

extension Request {
  /// The `filters` parameter.
  ///
  /// - Throws: `invalid` in Docker's words for what is no filter, and for a key that is not one of `known`.
  func filters(known: Set<String>) throws -> Filters {
    let filters = try Filters(parameter: query["filters"])
    try filters.check(known: known)
    return filters
  }

  /// Refuses a parameter by its name, unless it is empty: what is not honoured is not ignored.
  func refuse(_ names: String...) throws(EngineError) {
    for name in names where !(query[name] ?? "").isEmpty {
      throw EngineError(.unsupported, "parameter \"\(name)\" is not supported yet")
    }
  }
}
