import DockerWire
import Engine
import HTTPServer

// `GET /events`.
extension SystemRoutes {
  @Sendable func events(_ request: Request) async throws -> Response {
    let filter = EventFilter(try Filters(parameter: request.query["filters"]))
    let since = try Self.moment("since", request)
    let until = try Self.moment("until", request)
    if let since, let until, since > until {
      let (from, to) = (request.query["since"] ?? "", request.query["until"] ?? "")
      throw EngineError(.invalid, "`since` time (\(from)) cannot be after `until` time (\(to))")
    }
    // Listening begins before the head is sent: a client that has it misses nothing.
    let now = WireTime.now()
    if let until, until <= now {
      let past = since.map { engine.events.history(since: $0, until: until) } ?? []
      let lines = past.filter(filter.allows).flatMap { EventMessage($0).jsonLine }
      return .stream(contentType: "application/json") { writer in try await writer.write(lines) }
    }
    let stream = engine.events.listen(since: since)
    return .stream(contentType: "application/json") { writer in
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for await event in stream where filter.allows(event) {
            try await writer.write(EventMessage(event).jsonLine)
          }
        }
        if let until {
          group.addTask { try await Task.sleep(nanoseconds: UInt64(max(0, until - WireTime.now()))) }
        }
        // Whichever ends first ends the other.
        try await group.next()
        group.cancelAll()
      }
    }
  }

  private static func moment(_ name: String, _ request: Request) throws(EngineError) -> Int64? {
    guard let text = request.query[name], !text.isEmpty else { return nil }
    guard let time = WireTime.parse(timestamp: text) else {
      throw EngineError(.invalid, "invalid value \"\(text)\" for parameter \"\(name)\": not a Unix timestamp")
    }
    return time
  }
}

extension EventMessage {
  /// An event as Docker writes it.
  init(_ event: Event) {
    self.init()
    type = event.kind.rawValue
    action = event.action
    subject.id = event.id
    subject.attributes = event.attributes
    scope = "local"
    time = Int(event.time / 1_000_000_000)
    timeNano = Int(event.time)
    // Older clients know containers and images only, and read these.
    switch event.kind {
    case .container:
      (status, id, from) = (event.action, event.id, event.attributes["image"] ?? "")
    case .image: (status, id) = (event.action, event.id)
    case .volume, .network, .daemon, .builder: break
    }
  }
}

/// Which events a client wants: Docker's `--filter`s, all of which must agree.
struct EventFilter: Sendable {
  private let filters: Filters

  /// Keys that Docker has and nothing of ours fits do not fit, as with Docker.
  init(_ filters: Filters) { self.filters = filters }

  func allows(_ event: Event) -> Bool {
    // An action may carry details: `exec_start: sh`.
    let action = event.action.split(separator: ":", maxSplits: 1).first.map(String.init) ?? event.action
    let named = [
      ("container", Event.Kind.container), ("image", .image), ("volume", .volume), ("network", .network),
      ("daemon", .daemon),
    ]
    return filters.allows("type", event.kind.rawValue) && filters.allows("scope", "local")
      && (filters.allows("event", action) || filters.values("event").contains(event.action))
      && filters.allows(labels: event.attributes)
      && named.allSatisfy { key, kind in filters.values(key).isEmpty || isNamed(event, key, kind) }
  }

  /// By its ID, the beginning of it, or its name; for images also the image of a container.
  private func isNamed(_ event: Event, _ key: String, _ kind: Event.Kind) -> Bool {
    let name = event.attributes["name"] ?? ""
    var names = event.kind == kind ? [name] : []
    if kind == .image, event.kind == .container { names.append(event.attributes["image"] ?? "") }
    return filters.values(key).contains { wanted in
      guard !wanted.isEmpty else { return false }
      if event.kind == kind, event.id == wanted || kind != .volume && event.id.hasPrefix(wanted) { return true }
      return names.contains { known in
        known == wanted || kind == .image && known.split(separator: ":").first.map(String.init) == wanted
      }
    }
  }
}
