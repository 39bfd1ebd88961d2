import DockerWire
import Engine
import HTTPServer

extension ContainerRoutes {
  /// Between two samples; Docker's clients count on it.
  private static let samplePause = Duration.seconds(1)

  /// `docker stats`.
  @Sendable func statistics(_ request: Request) async throws -> Response {
    let container = try container(request)
    let isStream = request.query.flag("stream", default: true)
    let isOneShot = request.version >= APIVersion(1, 41) && request.query.flag("one-shot")
    guard !isStream || !isOneShot else {
      throw EngineError(.invalid, "cannot have stream=true and one-shot=true")
    }
    guard isStream else { return .json(try await Self.sample(container, isOneShot: isOneShot).json) }
    let containers = engine.containers
    return .stream(contentType: "application/json") { writer in
      var previous: ContainerStatistics?
      // It is over when the container is gone, or the client, which cancels the pause.
      while (try? containers.container(container.id)) != nil {
        let (now, sample) = (ContinuousClock.now, try await container.statistics())
        try await writer.write(Self.wire(sample, after: previous, of: container).jsonLine)
        previous = sample
        try await Task.sleep(until: now + Self.samplePause, clock: .continuous)
      }
    }
  }

  /// One sample. Unless it is to be had at once, it is the second of two, so that it says what happened between.
  private static func sample(_ container: Container, isOneShot: Bool) async throws -> ContainerStats {
    guard let first = try await container.statistics() else { return ContainerStats(ofStopped: container.snapshot) }
    // Docker does not say whose sample this one is.
    if isOneShot { return ContainerStats(first, after: nil) }
    try await Task.sleep(for: samplePause)
    return wire(try await container.statistics(), after: first, of: container)
  }

  private static func wire(
    _ sample: ContainerStatistics?, after previous: ContainerStatistics?, of container: Container
  ) -> ContainerStats {
    guard let sample else { return ContainerStats(ofStopped: container.snapshot) }
    var stats = ContainerStats(sample, after: previous)
    stats.name(container.snapshot)
    return stats
  }
}
