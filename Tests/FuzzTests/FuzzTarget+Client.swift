import EngineClient

extension FuzzTarget {
  /// Answers of an engine, which need not be ours.
  static let clientJSON = FuzzTarget(
    "client-json",
    words: ["{", "}", "[", "]", ",", ":", "\"", "null", "-0", "\\u0000", "\\ud800", "[[[[[[[[", "1e999"],
    seeds: { [try golden("DockerWireTests/Fixtures/container-inspect.json")] }
  ) { bytes in
    guard let read = try? JSONParser.parse(bytes) else { return false }
    try same(JSONParser.parse(read.compact), read, "value")
    return true
  }
}
