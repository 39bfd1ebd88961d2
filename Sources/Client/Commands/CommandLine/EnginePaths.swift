import EngineClient

extension EngineRequest {
  /// A request to the container `name`; an action or nothing follows.
  static func container(
    _ method: String, _ name: String, _ action: String = "", query: [(name: String, value: String)] = [],
    body: Body = .none
  ) -> EngineRequest {
    let suffix = action.isEmpty ? "" : "/\(action)"
    return EngineRequest(method, "/containers/\(percentEncoded(name))\(suffix)", query: query, body: body)
  }

  /// A request to the image `name`, in which slashes, colons and `@` stand for themselves.
  static func image(
    _ method: String, _ name: String, _ action: String = "", query: [(name: String, value: String)] = [],
    body: Body = .none
  ) -> EngineRequest {
    // A name with a part of dots alone would walk through the API's tree.
    let climbs = name.split(separator: "/").contains { $0 == "." || $0 == ".." }
    let encoded = percentEncoded(name, allowed: climbs ? ":@" : "/:@")
    return EngineRequest(method, "/images/\(encoded)\(action.isEmpty ? "" : "/\(action)")", query: query, body: body)
  }

  /// A request to the volume `name`.
  static func volume(_ method: String, _ name: String, query: [(name: String, value: String)] = []) -> EngineRequest {
    EngineRequest(method, "/volumes/\(percentEncoded(name))", query: query)
  }
}
