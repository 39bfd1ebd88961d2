internal import Glibc
internal import Linux

/// The engine's unit, on hosts where systemd runs and knows it.
package struct SystemdUnit {
  private let program: String

  private static let service = "skiff.service"
  private static let socket = "skiff.socket"
  /// systemd.unit(5), in systemd's order.
  private static let folders = [
    "/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
    "/lib/systemd/system",
  ]

  private static let programs: [String] = ["/usr/bin/systemctl", "/bin/systemctl"]

  /// The unit, if there is one. sd_booted(3): the folder is there when systemd is the init.
  package static func installed() -> SystemdUnit? {
    guard access("/run/systemd/system", F_OK) == 0,
      folders.contains(where: { access("\($0)/\(service)", F_OK) == 0 }),
      let program = programs.first(where: { access($0, X_OK) == 0 })
    else { return nil }
    return SystemdUnit(program: program)
  }

  /// Starts it and returns once it has said that it is ready.
  func start(_ deadline: ContinuousClock.Instant) throws(ClientError) {
    let (status, words) = try control(["start", Self.service], deadline)
    guard status == .exited(0) else { throw .engineEnded(status, lastWords: words) }
  }

  /// Stops it and its socket, which would start it again when somebody connects. Containers go on.
  package func stop() throws(ClientError) {
    let deadline = ContinuousClock.now + .seconds(EngineStarter.deadlineSeconds)
    let (status, words) = try control(["stop", Self.socket, Self.service], deadline)
    guard status == .exited(0) else { throw .failedMidway("systemctl cannot stop the engine: \(words)") }
  }

  private func control(
    _ words: [String], _ deadline: ContinuousClock.Instant
  ) throws(ClientError) -> (status: ExitStatus, words: String) {
    do {
      let (output, outputEnd) = try makePipe()
      let silence = try open("/dev/null", O_RDONLY)
      let child = try spawn(
        program, arguments: ["systemctl"] + words,
        environment: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"],
        inherited: [(silence, 0), (outputEnd, 1), (outputEnd, 2)])
      guard try child.handle.waitUntilReadable(milliseconds: deadline.milliseconds) else {
        throw ClientError.engineSilent(seconds: EngineStarter.deadlineSeconds, log: "`journalctl -u \(Self.service)`")
      }
      return (try child.wait(), try Self.text(output))
    } catch let error as ClientError { throw error } catch let error as SyscallError { throw .system(error) } catch {
      throw .malformed("\(error)")
    }
  }

  /// What is in the pipe, without waiting: a child of systemctl's may still have the other end.
  private static func text(_ output: Descriptor) throws(SyscallError) -> String {
    try output.setNonblocking(true)
    var buffer = [UInt8](repeating: 0, count: 4096)
    var span = buffer.mutableSpan
    let transfer = try span.withUnsafeMutableBytes { bytes throws(SyscallError) in
      try output.readAvailable(into: bytes)
    }
    guard case .bytes(let count) = transfer else { return "" }
    var text = String(decoding: buffer[..<count], as: UTF8.self)
    while text.last == "\n" { text.removeLast() }
    return text
  }
}
