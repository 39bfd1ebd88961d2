package import DockerWire

extension Request {
  /// Reads the body as JSON, in Docker's way and with its errors.
  ///
  /// - Returns: the value and the names of members that it does not have, which must be refused.
  /// - Throws: `invalidArgument` for another content type or a body that is not such a value, and as `RequestBody`.
  package func json<Value: WireValue>(_ type: Value.Type) async throws -> Decoded<Value> {
    let bytes = try await body.collect()
    do throws(WireError) {
      guard !bytes.isEmpty else { throw WireError.empty }
      try checkContentType()
      return try Value.decode(bytes)
    } catch {
      throw APIError(.invalidArgument, error.description)
    }
  }

  /// As `json`, for routes that Docker also serves without a body.
  package func jsonIfPresent<Value: WireValue>(_ type: Value.Type) async throws -> Decoded<Value>? {
    body.isEmpty ? nil : try await json(type)
  }

  private func checkContentType() throws(WireError) {
    let text = headers["content-type"] ?? ""
    let type = text.prefix { $0 != ";" }.trimmed
    guard !type.isEmpty else { throw WireError("malformed Content-Type header (\(text)): mime: no media type") }
    guard equalsIgnoringCase(type, "application/json") else {
      throw WireError("unsupported Content-Type header (\(text)): must be 'application/json'")
    }
  }
}
