/// Finds the route of a request. A value made from the table; the first line that matches wins.
package struct Router: Sendable {
  /// The table as given, for the API reference, metrics and audit.
  package let routes: [Route]
  /// The lines that can match a path, by method and first segment, in the table's order.
  private let byFirstSegment: [Key: [Route]]

  private struct Key: Hashable {
    let method: Method
    /// Nil for routes that begin with a parameter.
    let segment: String?
  }

  /// Serves `routes`.
  package init(_ routes: [Route]) {
    self.routes = routes
    byFirstSegment = Dictionary(grouping: routes) { route in
      guard case .literal(let text)? = route.pattern.segments.first else {
        return Key(method: route.method, segment: nil)
      }
      return Key(method: route.method, segment: text)
    }
  }

  struct Match {
    let route: Route
    let version: APIVersion
    let path: String
    let parameters: [String: String]
  }

  /// Finds the route of `head`, in the order in which Docker looks: path, then method, then version.
  ///
  /// The path is decoded before it is cut into segments, as Docker does: `%2F` separates, and image names may be sent
  /// either way.
  func match(_ head: RequestHead) throws(APIError) -> Match {
    let encoded = head.target.prefix { $0 != "?" }
    guard let path = PercentDecoding.decode(encoded, plusIsSpace: false), path.utf8.allSatisfy({ $0.isFieldValue })
    else {
      throw APIError(.invalidArgument, "invalid request path")
    }
    // An empty segment, as in `//` or at the end, is never part of a path of ours.
    var segments = path.split(separator: "/", omittingEmptySubsequences: false)
    guard segments.count >= 2, segments.removeFirst().isEmpty, !segments.contains(where: \.isEmpty),
      let method = head.method
    else { throw .pageNotFound }

    let prefix = VersionPrefix(segment: segments[0])
    if prefix != .none { segments.removeFirst() }
    guard let first = segments.first, let (route, parameters) = find(method, first: first, segments) else {
      throw .pageNotFound
    }
    let version = try negotiate(prefix)
    guard version >= route.since else { throw .pageNotFound }
    return Match(route: route, version: version, path: path, parameters: parameters)
  }

  private func find(
    _ method: Method, first: Substring, _ segments: [Substring]
  ) -> (Route, [String: String])? {
    for key in [Key(method: method, segment: String(first)), Key(method: method, segment: nil)] {
      for route in byFirstSegment[key] ?? [] {
        if let parameters = route.pattern.match(segments) { return (route, parameters) }
      }
    }
    return nil
  }

  private func negotiate(_ prefix: VersionPrefix) throws(APIError) -> APIVersion {
    switch prefix {
    case .none: return .newest
    case .served(let version): return version
    case .tooOld(let text):
      throw APIError(
        .clientTooOld,
        "client version \(text) is too old. Minimum supported API version is \(APIVersion.oldest), "
          + "please upgrade your client to a newer version")
    case .tooNew(let text):
      throw APIError(
        .invalidArgument,
        "client version \(text) is too new. Maximum supported API version is \(APIVersion.newest)")
    }
  }
}
