internal import Glibc
internal import Linux

/// Starts an engine where none answers.
package struct EngineStarter: Sendable {
  private let address: EngineAddress

  /// From starting to the first answer. An engine with ten thousand containers reads them in two.
  package static let deadlineSeconds = 15
  /// What the engine has to say when nobody listens.
  static let log = "/var/log/skiffd.log"
  /// The exit code of an engine that finds its roots taken: another one is about to answer.
  private static let rootsTaken: Int32 = 3
  /// Nothing announces the listen(2) of an engine that somebody else starts.
  private static let pauseMilliseconds: Int32 = 10

  /// The starter for `address`; nil unless it is the default socket and we are root: another address is somebody
  /// else's engine, and an engine needs root.
  package init?(for address: EngineAddress) {
    guard address == .standard, geteuid() == 0 else { return nil }
    self.address = address
  }

  /// Starts an engine and returns once it answers: systemd's unit where there is one, else `skiffd` as a daemon.
  ///
  /// Two clients may do so at once: the second engine finds the first one's lock, and both clients get the first.
  func start() throws(ClientError) {
    let deadline = ContinuousClock.now + .seconds(Self.deadlineSeconds)
    if let unit = SystemdUnit.installed() {
      try unit.start(deadline)
    } else {
      try startDaemon(deadline)
    }
  }

  private func startDaemon(_ deadline: ContinuousClock.Instant) throws(ClientError) {
    let program = try Self.program()
    do {
      let log = try open(Self.log, O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
      let begin = try log.status().size
      let (daemon, ready) = try Self.spawn(program, log: log)
      // The pipe is readable when the engine answers, and at its end when the engine has ended without.
      guard try ready.waitUntilReadable(milliseconds: deadline.milliseconds) else {
        throw ClientError.engineSilent(seconds: Self.deadlineSeconds, log: Self.log)
      }
      var buffer = [UInt8](repeating: 0, count: 16)
      let count = try buffer.withUnsafeMutableBytes { try ready.read(into: $0) }
      if count > 0 { return }
      let status = try daemon.wait()
      guard status == .exited(Self.rootsTaken) else {
        throw ClientError.engineEnded(status, lastWords: Self.text(after: begin))
      }
      try waitForOther(deadline)
    } catch let error as ClientError { throw error } catch let error as SyscallError { throw .system(error) } catch {
      throw .malformed("\(error)")
    }
  }

  /// Starts `program`, which alone holds the other end of the pipe then.
  private static func spawn(_ program: String, log: Descriptor) throws -> (daemon: ChildProcess, ready: Descriptor) {
    let (ready, other) = try makePipe()
    return (try DaemonProcess.start(program, log: log, ready: other), ready)
  }

  /// Waits for the engine that somebody else has started.
  private func waitForOther(_ deadline: ContinuousClock.Instant) throws(ClientError) {
    while (try? EngineConnection.open(address)) == nil {
      guard ContinuousClock.now < deadline else {
        throw .engineSilent(seconds: Self.deadlineSeconds, log: Self.log)
      }
      poll(nil, 0, Self.pauseMilliseconds)
    }
  }

  /// `skiffd` beside this program, else in `PREFIX/libexec/skiff`.
  static func program() throws(ClientError) -> String {
    guard let own = try? readLink("/proc/self/exe"), let slash = own.lastIndex(of: "/") else {
      throw .noEnginePrograms(searched: [])
    }
    let folder = String(own[..<slash])
    let prefix = folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
    let candidates = ["\(folder)/skiffd", "\(prefix)/libexec/skiff/skiffd"]
    guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw .noEnginePrograms(searched: candidates)
    }
    return found
  }

  /// What was added to the log since it had `size` bytes; its last lines if that is long.
  private static func text(after size: Int64) -> String {
    guard let text = try? readText(log) else { return "" }
    return text.utf8.dropFirst(Int(size)).split(separator: UInt8(ascii: "\n")).suffix(5)
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "\n")
  }
}

extension ContinuousClock.Instant {
  /// What is left until then, as poll(2) takes it; 0 when it has passed.
  var milliseconds: Int32 {
    let (seconds, attoseconds) = (self - .now).components
    return Int32(clamping: max(0, seconds * 1000 + attoseconds / 1_000_000_000_000_000))
  }
}
