import Linux
import Testing

@testable import EngineClient

@Suite("Errors and addresses")
struct ClientErrorTests {
  @Test("an address is chosen by flag, then by SKIFF_HOST, then by default")
  func chosen() throws {
    #expect(try EngineAddress.chosen(flag: "unix:///a", environment: "unix:///b").path == "/a")
    #expect(try EngineAddress.chosen(flag: nil, environment: "unix:///b").path == "/b")
    #expect(try EngineAddress.chosen(flag: nil, environment: "").path == "/run/skiff/skiff.sock")
    #expect(try EngineAddress.chosen(flag: nil, environment: nil) == .standard)
  }

  @Test(
    "an address that is none says what would be one",
    arguments: [
      ("/run/x.sock", "it has no scheme"), ("tcp://h:1", "tcp is not supported, only unix is"),
      ("unix://x", "it names no absolute path"),
    ])
  func badAddress(_ text: String, _ reason: String) {
    let expected = "invalid engine address \"\(text)\": \(reason)\nhint: write it like unix:///run/skiff/skiff.sock"
    do {
      _ = try EngineAddress(text)
      Issue.record("\(text) was taken")
    } catch { #expect("\(error)" == expected) }
  }

  @Test("a socket that is not there: the error names it and says what to do")
  func notRunning() {
    let engine = EngineAPI(EngineAddress(path: "/nonexistent/engine.sock"))
    do {
      _ = try engine.version()
      Issue.record("somebody answered")
    } catch {
      #expect(
        "\(error)" == """
          cannot reach the engine at unix:///nonexistent/engine.sock: no such file or directory
          hint: nobody listens there; see whether -H or SKIFF_HOST is right, or leave both away
          """)
    }
  }

  @Test("only root starts an engine, and only at the default socket")
  func starter() {
    #expect(EngineStarter(for: EngineAddress(path: "/tmp/other.sock")) == nil)
  }
}
