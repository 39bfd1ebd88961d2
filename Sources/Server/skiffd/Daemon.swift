import Engine
import EngineServer
import Glibc
import HTTPServer
import Linux

/// The daemon's life: an engine, its sockets, and the wait for a signal to end.
struct Daemon {
  let options: DaemonOptions

  /// How long requests that are being served may take when the daemon ends.
  private static let graceSeconds = 5.0

  init(_ options: DaemonOptions) { self.options = options }

  /// Serves until SIGTERM or SIGINT, and returns when everything is closed.
  ///
  /// It blocks the first thread and is called before there is another: the signals it waits for must be blocked in all.
  func run() throws {
    umask(0o022)
    let signals = try SignalDescriptor([SIGTERM, SIGINT])
    let engine = try Engine(options.configuration(program: try readLink("/proc/self/exe")))
    let server = APIServer(
      Router(EngineRoutes.all(engine)), options: APIServer.Options(serverName: "Skiff/\(Engine.version) (linux)"))
    try wait { try await listen(server) }
    // What runs needs nobody to be found again, so the API answers meanwhile.
    Task.detached { await engine.containers.recover(isSameBoot: engine.isSameBoot) }
    log("serving \(options.sockets.joined(separator: ", "))")

    try waitForSignal(signals)
    log("ending")
    // Whoever waits for events would wait for ever.
    engine.events.close()
    try wait { await server.shutdown(graceSeconds: Self.graceSeconds) }
    withExtendedLifetime(engine) { engine.containers.end() }
  }

  private func listen(_ server: APIServer) async throws {
    for path in options.sockets {
      do { try await server.listen(on: .unix(path: path, group: Self.group)) } catch {
        throw EngineError(
          .internalError, "cannot serve on unix://\(path): \(error)",
          hint: "another daemon may be there; choose another address with -H")
      }
    }
  }

  /// The group whose members may use the sockets, where there is one; else root only.
  private static var group: UInt32? { getgrnam("skiff")?.pointee.gr_gid }

  private func waitForSignal(_ signals: SignalDescriptor) throws {
    while try signals.next() == nil { _ = try signals.descriptor.waitUntilReadable() }
  }

  /// Runs `body` on the cooperative pool and waits for it on this thread, which is not of the pool.
  private func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
    let done = WaitingLock<Result<Void, any Error>?>(nil)
    Task.detached {
      let result: Result<Void, any Error>
      do { result = .success(try await body()) } catch { result = .failure(error) }
      done.withLock { $0 = result }
    }
    try done.wait { $0 }.get()
  }

  private func log(_ text: String) {
    if options.isDebugging { Terminal.write("skiffd: \(text)\n", to: 2) }
  }
}
