import Linux

@testable import EngineClient

/// One exchange with an engine that has said `answer` and hung up: a socket pair, so nothing runs beside the test.
func exchange(
  _ request: EngineRequest, _ answer: String, closes: Bool = true
) throws -> (connection: EngineConnection, engine: Descriptor) {
  let (client, engine) = try socketPair()
  try engine.writeAll(answer)
  if closes { try engine.endSending() }
  let connection = EngineConnection(client)
  try connection.send(request, version: "1.51")
  return (connection, engine)
}

/// The body of `answer` to a GET, or the text of the error.
func body(of answer: String, limit: Int = 1 << 20) throws -> String {
  let request = EngineRequest("GET", "/info")
  let (connection, _) = try exchange(request, answer)
  do {
    var (_, body) = try connection.receive(request)
    return String(decoding: try body.readAll(limit: limit), as: UTF8.self)
  } catch { return "error: \(error)" }
}
