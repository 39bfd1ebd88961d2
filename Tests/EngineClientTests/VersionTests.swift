import Linux
import Testing

@testable import EngineClient

@Suite("Negotiation of the API's version")
struct VersionTests {
  private func negotiated(_ fields: String) throws -> String {
    let request = EngineRequest("GET", "/_ping")
    let (connection, _) = try exchange(request, "HTTP/1.1 200 OK\r\n\(fields)\r\n")
    do { return try EngineVersion(connection.receive(request).head).api } catch { return "\(error)" }
  }

  @Test(
    "the newest version that both speak is taken",
    arguments: [("1.55", "1.51"), ("1.51", "1.51"), ("1.41", "1.41"), ("1.9", "too old"), ("2.0", "1.51")])
  func newestCommon(_ engine: String, _ expected: String) throws {
    let tooOld = "the engine at hand speaks API version \(engine), and this client needs at least 1.24"
    #expect(try negotiated("Api-Version: \(engine)\r\n") == (expected == "too old" ? tooOld : expected))
  }

  @Test("an engine that says nothing is one of before 1.24")
  func silent() throws {
    #expect(try negotiated("") == "the engine at hand speaks API version 1.23, and this client needs at least 1.24")
  }

  @Test("a version that is none is an error", arguments: ["1", "1.x", "1.51.2", "-1.51", ""])
  func nonsense(_ text: String) throws {
    #expect(
      try negotiated("Api-Version: \(text)\r\n") == "the engine's answer makes no sense: API version \"\(text)\"")
  }
}
