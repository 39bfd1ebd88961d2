import DockerWire
import Engine
import HTTPServer
import Images
import LaunchPlan
import OCI
import Volumes

extension ContainerRoutes {
  /// `docker ps`.
  @Sendable func list(_ request: Request) async throws -> Response {
    let selection = try await ContainerSelection(
      try request.filters(known: ContainerSelection.filters), showsAll: request.query.flag("all"),
      limit: try request.query.integer("limit") ?? 0, engine)
    let found = selection.selected
    guard request.query.flag("size") else {
      return .json(found.map { ContainerSummary($0, volumePath: engine.volumes.mountpoint) }.json)
    }
    return .json(try await summariesWithSizes(found).json)
  }

  /// The lines of `found` with what their files take.
  func summariesWithSizes(_ found: [ContainerSnapshot]) async throws -> [ContainerSummary] {
    let sizes = try await engine.containerSizes(found.map(\.spec.id))
    return found.map { container in
      var line = ContainerSummary(container, volumePath: engine.volumes.mountpoint)
      line.sizeRw = Int(sizes[container.spec.id]?.ownBytes ?? 0)
      line.sizeRootFs = Int(sizes[container.spec.id]?.rootBytes ?? 0)
      return line
    }
  }
}

/// Which containers a list shows.
private struct ContainerSelection {
  static let filters: Set<String> = [
    "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network",
    "publish", "since", "status", "volume",
  ]
  private static let states = ["created", "running", "paused", "restarting", "removing", "exited", "dead"]
  private static let healths = ["none", "starting", "healthy", "unhealthy"]

  /// In the list's order, the newest first.
  private(set) var selected: [ContainerSnapshot]

  init(_ filters: Filters, showsAll: Bool, limit: Int, _ engine: Engine) async throws {
    let exitCodes = try Self.check(filters)
    let names = filters.values("name").map { (text: $0, pattern: NamePattern($0)) }
    let ports = try PortFilter(filters)
    let images = try await Self.images(filters.values("ancestor"), engine)
    selected = try Self.between(filters, engine)
    let ids = Self.ids(filters.values("id"), engine)
    if try filters.flag("is-task") == true { selected = [] }
    selected = selected.filter { container in
      let spec = container.spec
      return (showsAll || limit > 0 || !filters.values("status").isEmpty || container.isRunning)
        && filters.allows("status", container.status) && filters.allows(labels: spec.program.labels)
        && filters.allows("health", container.healthWord) && filters.allows("isolation", "")
        && filters.allows("network", spec.network.wireMode) && (ids?.contains(spec.id) ?? true)
        && (images?.contains(spec.image.id) ?? true) && ports.allows(spec) && Self.allows(volumesOf: spec, filters)
        && (names.isEmpty || names.contains { Self.isNamed(spec.name, $0.text, $0.pattern) })
        && (exitCodes.isEmpty || exitCodes.contains { container.ended(with: $0) })
    }
    if limit > 0 { selected = Array(selected.prefix(limit)) }
  }

  /// Refuses, in Docker's words, values that never match anything; answers the exit codes.
  private static func check(_ filters: Filters) throws(EngineError) -> [Int] {
    for (key, word, known) in [("status", "state", states), ("health", "health", healths)] {
      if let value = filters.values(key).first(where: { !known.contains($0) }) {
        let choice = known.joined(separator: ", ")
        throw EngineError(
          .invalid, "invalid filter '\(key)=\(value)': invalid value for \(word) (\(value)): must be one of \(choice)")
      }
    }
    var codes: [Int] = []
    for value in filters.values("exited") {
      guard let code = Int(value) else {
        throw EngineError(
          .invalid, "invalid filter 'exited=\(value)': strconv.Atoi: parsing \"\(value)\": invalid syntax")
      }
      codes.append(code)
    }
    return codes
  }

  /// All containers that are older than `before` and newer than `since`.
  private static func between(_ filters: Filters, _ engine: Engine) throws -> [ContainerSnapshot] {
    let before = try filters.values("before").map { try engine.containers.container($0).id }.last
    let since = try filters.values("since").map { try engine.containers.container($0).id }.last
    var all = engine.containers.snapshots[...]
    if let since { all = all.prefix { $0.spec.id != since } }
    if let before { all = all.drop { $0.spec.id != before }.dropFirst() }
    return Array(all)
  }

  /// The containers that the values of `id` mean; one that begins several ids means none of them.
  private static func ids(_ values: [String], _ engine: Engine) -> Set<String>? {
    guard !values.isEmpty else { return nil }
    let all = engine.containers.snapshots.map(\.spec.id)
    return Set(
      values.compactMap { value in
        let matches = all.filter { $0.hasPrefix(value) }
        return matches.count == 1 ? matches[0] : nil
      })
  }

  /// The images that the values of `ancestor` mean. What means none is no error.
  private static func images(_ values: [String], _ engine: Engine) async throws -> Set<String>? {
    guard !values.isEmpty else { return nil }
    var ids: Set<String> = []
    for value in values {
      do { ids.insert(try await engine.image(value).id.description) } catch {
        guard error.code == .notFound || error.code == .invalid else { throw error }
      }
    }
    return ids
  }

  /// Docker looks at the name with its slash and without.
  private static func isNamed(_ name: String, _ text: String, _ pattern: NamePattern?) -> Bool {
    if name == text || "/\(name)" == text { return true }
    guard let pattern else { return false }
    return pattern.matches("/\(name)") || pattern.matches(name)
  }

  /// A volume is meant by its name, by the directory that is bound, and by where it is mounted.
  private static func allows(volumesOf spec: ContainerSpec, _ filters: Filters) -> Bool {
    let wanted = filters.values("volume")
    guard !wanted.isEmpty else { return true }
    return spec.mounts.contains { mount in
      switch mount.kind {
      case .volume(let volume): wanted.contains(volume.name) || wanted.contains(mount.destination)
      case .bind(let bind): wanted.contains(bind.source) || wanted.contains(mount.destination)
      case .tmpfs: false
      }
    }
  }
}

extension ContainerSnapshot {
  /// Whether it ran, and its last end was `code`.
  fileprivate func ended(with code: Int) -> Bool {
    guard !isRunning, let finished, finished.startedAt != nil else { return false }
    return Int(finished.exitCode) == code
  }
}

/// The filters `publish` and `expose`.
private struct PortFilter {
  private let exposed: Set<String>?
  private let isPublished: Bool

  init(_ filters: Filters) throws(EngineError) {
    isPublished = try !PortFilter.ports(filters, "publish").isEmpty
    let ports = try PortFilter.ports(filters, "expose")
    exposed = ports.isEmpty ? nil : ports
  }

  /// No container publishes a port yet: it is refused when one is made.
  func allows(_ spec: ContainerSpec) -> Bool {
    guard !isPublished else { return false }
    return exposed.map { !$0.isDisjoint(with: spec.program.exposedPorts) } ?? true
  }

  /// The ports of `80`, `80/udp` or `8000-8080/tcp`, each as `80/tcp`.
  private static func ports(_ filters: Filters, _ key: String) throws(EngineError) -> Set<String> {
    var ports: Set<String> = []
    for value in filters.values(key) {
      guard !value.contains(":") else {
        throw EngineError(.internalError, "filter for '\(key)' should not contain ':': \(value)")
      }
      let parts = value.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let ends = parts[0].split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
      let proto = parts.count > 1 && !parts[1].isEmpty ? parts[1].lowercased() : "tcp"
      guard let first = UInt16(ends[0]), let last = UInt16(ends.last ?? ends[0]), first <= last else {
        throw EngineError(
          .internalError,
          "error while looking up for \(key) \(value): strconv.ParseUint: parsing \"\(parts[0])\": invalid syntax")
      }
      for port in first...last { ports.insert("\(port)/\(proto)") }
    }
    return ports
  }
}
