import DockerWire

extension FuzzTarget {
  /// Bodies of requests of Docker's API.
  static let wireRequests = [
    request("wire-container-create", ContainerCreateRequest.self, ["container-create-plain", "container-create"]),
    request("wire-exec-create", ExecCreateRequest.self, ["exec-create"]),
    request("wire-volume-create", VolumeCreateRequest.self, ["volume-create"]),
    FuzzTarget("wire-json", words: words, seeds: { [try golden("DockerWireTests/Fixtures/container-inspect.json")] }) {
      bytes in
      guard let read = try? JSONParser.parse(bytes) else { return false }
      try same(JSONParser.parse(read.json), read, "value")
      return true
    },
  ]

  private static let words = [
    "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-0", "1e9", "\\u0000", "\\ud83d\\ude00", "\\ud800", "[[[[[[[[",
    "{\"a\":", "18446744073709551616", "-9223372036854775809", "\"hostconfig\":{", "\"Unknown\":1,",
  ]

  private static func request<Value: WireStruct>(_ name: String, _: Value.Type, _ files: [String]) -> FuzzTarget {
    FuzzTarget(
      name, words: words,
      seeds: { try files.map { try golden("DockerWireTests/Fixtures/request-\($0).json") } }
    ) { bytes in
      guard let read = try? Value.decode(bytes) else { return false }
      // Every name that is unknown stands in the input, and no name is made of more than that.
      try hold(read.unknown.count <= bytes.count, "more unknown members than bytes")
      let again = try Value.decode(read.value.json)
      try same(again.unknown, [], "unknown members of what was written")
      try same(again.value.json, read.value.json, "the second writing")
      try same(again.value.setNames, read.value.setNames, "the members that are set")
      return true
    }
  }
}
