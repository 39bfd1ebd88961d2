internal import Glibc
internal import Linux

/// Starts an engine where none answers.
package struct EngineStarter: Sendable {
  private let address: EngineAddress

  /// From spawning to the first answer. An engine with ten thousand containers reads them in two.
  package static let deadlineMilliseconds = 15_000
  private static let pauseMilliseconds: Int32 = 3
  /// What the engine has to say while it has no log of its own.
  private static let log = "/var/log/skiffd.log"

  /// The starter for `address`; nil unless it is the default socket and we are root: another address is somebody
  /// else's engine, and an engine needs root.
  package init?(for address: EngineAddress) {
    guard address == .standard, geteuid() == 0 else { return nil }
    self.address = address
  }

  /// Starts `skiffd` in a session of its own and returns once it answers.
  ///
  /// Two clients may do so at once: the second engine finds the first one's lock, and both clients get the first.
  func start() throws(ClientError) {
    do {
      let program = try Self.program()
      let silence = try open("/dev/null", O_RDONLY)
      let log = try open(Self.log, O_WRONLY | O_CREAT | O_APPEND, mode: 0o640)
      let begin = try log.status().size
      let mask = umask(0o022)
      let child = try spawn(
        program, arguments: [program],
        environment: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
        inherited: [(silence, 0), (log, 1), (log, 2)])
      umask(mask)
      try wait(for: child, lastWords: { Self.text(after: begin) })
    } catch let error as ClientError { throw error } catch let error as SyscallError { throw .system(error) } catch {
      throw .malformed("\(error)")
    }
  }

  private func wait(for child: ChildProcess, lastWords: () -> String) throws {
    let started = ContinuousClock.now
    while ContinuousClock.now - started < .milliseconds(Self.deadlineMilliseconds) {
      if (try? EngineConnection.open(address)) != nil { return }
      let ended = try waitUntilReady([PollRequest(child.handle, reads: true)], milliseconds: Self.pauseMilliseconds)
      guard ended.first?.isReadable == true, let status = try child.reapIfExited() else { continue }
      // It may have found another engine that somebody started at the same moment.
      if (try? EngineConnection.open(address)) != nil { return }
      throw ClientError.engineEnded(status, lastWords: lastWords())
    }
    throw ClientError.engineSilent(seconds: Self.deadlineMilliseconds / 1000, log: Self.log)
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
