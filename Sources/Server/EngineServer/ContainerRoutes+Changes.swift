import DockerWire
import Engine
import HTTPServer
import LaunchPlan

// What changes a container's definition, and what removes many.
extension ContainerRoutes {
  /// `docker rename`.
  @Sendable func rename(_ request: Request) async throws -> Response {
    try await engine.containers.rename(request.parameter("name"), to: request.query["name"] ?? "")
    return Response()
  }

  /// `docker container prune`.
  @Sendable func prune(_ request: Request) async throws -> Response {
    let filters = try request.filters(known: ["label", "label!", "until"])
    let until = try filters.until()
    let (ids, bytes) = try await engine.pruneContainers { container in
      if let until, container.created.nanoseconds > until { return false }
      return filters.allowsRemoval(labels: container.spec.program.labels)
    }
    var answer = ContainersPruneReport()
    answer.containersDeleted = ids.isEmpty ? nil : ids
    answer.spaceReclaimed = UInt64(max(0, bytes))
    return .json(answer.json)
  }
}
