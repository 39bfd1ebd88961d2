/// One line of the API's table: what is served where, since when, for whom, and by whom.
package struct Route: Sendable {
  package let method: Method
  package let pattern: RoutePattern
  /// The first API version that has it; older ones get "page not found".
  package let since: APIVersion
  package let access: Access
  package let handler: Handler

  /// Answers a request. It runs on the cooperative pool and must not block; it is cancelled when the client goes away.
  package typealias Handler = @Sendable (Request) async throws -> Response

  /// Serves `method` on `pattern`, for example `/containers/{id}/json`.
  package init(
    _ method: Method, _ pattern: RoutePattern, since: APIVersion = .oldest, access: Access, handler: @escaping Handler
  ) {
    self.method = method
    self.pattern = pattern
    self.since = since
    self.access = access
    self.handler = handler
  }
}

/// What a caller must be allowed to do.
package enum Access: String, Sendable, CaseIterable {
  /// Look at what is there, without its secrets.
  case read
  /// Run, stop and change containers, images, volumes: as powerful as root on the host, since a container may mount it.
  case operate
  /// Change the engine itself.
  case admin
}

/// The paths of a route: segments that are literal, `{name}` for one segment, `{name...}` for one or more.
///
/// At most one segment is of the last kind; it takes all that the segments after it leave. `/images/{name...}/json`
/// matches `/images/localhost:5000/a/b:tag/json` with the name `localhost:5000/a/b:tag`.
package struct RoutePattern: Sendable, Equatable, ExpressibleByStringLiteral, CustomStringConvertible {
  /// The pattern as written.
  package let description: String
  let segments: [Segment]

  enum Segment: Sendable, Equatable {
    case literal(String)
    case one(String)
    case many(String)
  }

  package init(stringLiteral text: String) {
    description = text
    segments = text.split(separator: "/").map { word in
      guard word.hasPrefix("{"), word.hasSuffix("}") else { return .literal(String(word)) }
      let name = word.dropFirst().dropLast()
      return name.hasSuffix("...") ? .many(String(name.dropLast(3))) : .one(String(name))
    }
  }

  /// The parameters by name if `path` matches.
  func match(_ path: [Substring]) -> [String: String]? {
    guard path.count >= segments.count else { return nil }
    var parameters: [String: String] = [:]
    var position = 0
    for segment in segments {
      switch segment {
      case .literal(let text):
        guard path[position] == text else { return nil }
      case .one(let name):
        parameters[name] = String(path[position])
      case .many(let name):
        let extra = path.count - segments.count
        parameters[name] = path[position...(position + extra)].joined(separator: "/")
        position += extra
      }
      position += 1
    }
    return position == path.count ? parameters : nil
  }
}
