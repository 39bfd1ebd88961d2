import EngineClient
import Linux

/// What a running command has at hand: the engine, the user's streams, the environment.
final class Session {
  /// How this program calls itself in messages.
  static let program = "skiff"

  let address: EngineAddress
  let environment: [String: String]
  let output = OutputBuffer(StandardStreams.output)
  /// The words after which the command is found: `container run`.
  let path: String
  /// The engine, which is not asked before a command does.
  let engine: EngineAPI

  init(address: EngineAddress, environment: [String: String], path: String) {
    self.address = address
    self.environment = environment
    self.path = path
    engine = EngineAPI(address, starter: EngineStarter(for: address))
  }

  /// Says `line` on standard error, after what was printed before.
  func complain(_ line: String) {
    try? output.flush()
    try? StandardStreams.error.writeAll(line + "\n")
  }

  /// Does `body` for each name, goes on after a refusal, and says at the end what was refused.
  ///
  /// - Returns: 1 if one was refused.
  func forEach(_ names: [String], _ body: (String) throws -> Void) throws -> Int32 {
    var code: Int32 = 0
    for name in names {
      do { try body(name) } catch let error as ClientError where error.status != nil {
        complain("\(error)")
        code = 1
      }
    }
    return code
  }

  /// Asks before something is lost; only `y` means yes.
  func confirm(_ question: String) throws -> Bool {
    try output.print("\(question) [y/N] ", terminator: "")
    try output.flush()
    let answer = readLine() ?? ""
    return answer.lowercased() == "y"
  }
}
