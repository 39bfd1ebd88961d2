import EngineClient
import Linux

/// `skiff daemon status`: says whether an engine answers, and which.
struct DaemonStatus: Command {
  var arguments: [String] = []
  static let usage = Usage(line: "", summary: "Say whether the engine runs", count: .exactly(0))
  static var flags: [Flag<DaemonStatus>] { [] }

  func run(_ session: Session) throws -> Int32 {
    let engine = EngineAPI(session.address)
    let process: EngineProcess
    do { process = try EngineProcess(at: session.address) } catch ClientError.notRunning {
      try session.output.print("The engine is not running at \(session.address)")
      return 1
    }
    let version = try engine.call(EngineRequest("GET", "/version"))
    let who = process.isSystemd ? "started by systemd" : "process \(process.pid)"
    try session.output.print(
      "The engine is running at \(session.address): version \(version["Version"].text), \(who)")
    return 0
  }
}

/// `skiff daemon start`: starts the engine, unless it runs.
struct DaemonStart: Command {
  var arguments: [String] = []
  static let usage = Usage(line: "", summary: "Start the engine", count: .exactly(0))
  static var flags: [Flag<DaemonStart>] { [] }

  func run(_ session: Session) throws -> Int32 {
    if EngineAPI(session.address).answers() {
      try session.output.print("The engine is running at \(session.address) already")
      return 0
    }
    guard EngineStarter(for: session.address) != nil else {
      throw CommandError(
        """
        cannot start an engine at \(session.address): that takes root, and the default socket
        hint: run this as root, or start `skiffd` with the socket that you want
        """)
    }
    _ = try session.engine.version()
    try session.output.print("The engine is running at \(session.address)")
    return 0
  }
}

/// `skiff daemon stop`: ends the engine. Containers go on.
struct DaemonStop: Command {
  var arguments: [String] = []
  static let usage = Usage(line: "", summary: "Stop the engine; containers go on without it", count: .exactly(0))
  static var flags: [Flag<DaemonStop>] { [] }

  func run(_ session: Session) throws -> Int32 {
    let process: EngineProcess
    do { process = try EngineProcess(at: session.address) } catch ClientError.notRunning {
      try session.output.print("The engine is not running at \(session.address)")
      return 0
    }
    if process.isSystemd, let unit = SystemdUnit.installed() { try unit.stop() } else { try process.stop() }
    try session.output.print("The engine has stopped; containers go on")
    return 0
  }
}
