import Engine
import EngineServer
import Glibc
import HTTPServer
import Linux

/// The daemon's life: an engine, its sockets, and the wait for a signal to end.
struct Daemon {
  let options: DaemonOptions
  let supervisor: Supervisor

  /// How long requests that are being served may take when the daemon ends.
  private static let graceSeconds = 5.0

  /// Takes over what whoever started the process handed to it.
  init(_ options: DaemonOptions) throws {
    self.options = options
    supervisor = try Supervisor(readyDescriptor: options.readyDescriptor)
  }

  /// Serves until SIGTERM or SIGINT, and returns when everything is closed.
  ///
  /// It blocks the first thread and is called before there is another: the signals it waits for must be blocked in all.
  func run() throws {
    umask(0o022)
    // SIGHUP is among them because a daemon must not end when the terminal does that it was started from.
    let signals = try SignalDescriptor([SIGTERM, SIGINT, SIGHUP])
    let engine = try Engine(options.configuration(program: try readLink("/proc/self/exe")))
    let pidfile = try options.pidfile.map(PIDFile.init)
    defer { pidfile?.remove() }
    let server = APIServer(
      Router(EngineRoutes.all(engine)), options: APIServer.Options(serverName: "Skiff/\(Engine.version) (linux)"))
    try wait { try await listen(server) }
    // What runs needs nobody to be found again, so the API answers meanwhile.
    Task.detached { await engine.containers.recover(isSameBoot: engine.isSameBoot) }
    supervisor.announceReady()
    log("serving \(options.hosts.map(\.description).joined(separator: ", "))")

    try waitForSignal(signals)
    supervisor.announceEnd()
    log("ending")
    // Whoever waits for events would wait for ever.
    engine.events.close()
    try wait { await server.shutdown(graceSeconds: Self.graceSeconds) }
    withExtendedLifetime(engine) { engine.containers.end() }
  }

  private func listen(_ server: APIServer) async throws {
    for host in options.hosts {
      switch host {
      case .unix(let path):
        do { try await server.listen(on: .unix(path: path, group: try group(of: path))) } catch {
          throw EngineError(
            .internalError, "cannot serve on unix://\(path): \(error)",
            hint: "another daemon may be there; choose another address with -H")
        }
      case .inherited:
        guard !supervisor.sockets.isEmpty else {
          throw OptionError("cannot serve on fd://: no sockets were handed over\nhint: fd:// is for systemd's units")
        }
        for socket in supervisor.sockets { try await server.listen(on: .descriptor(socket)) }
      }
    }
  }

  /// The group whose members may use the socket at `path`; nil leaves it to root.
  private func group(of path: String) throws -> UInt32? {
    if let name = options.group {
      guard let entry = getgrnam(name) else { throw OptionError("there is no group \"\(name)\"") }
      return entry.pointee.gr_gid
    }
    return getgrnam(path == DaemonOptions.dockerSocket ? "docker" : "skiff")?.pointee.gr_gid
  }

  private func waitForSignal(_ signals: SignalDescriptor) throws {
    while true {
      switch try signals.next() {
      case nil: _ = try signals.descriptor.waitUntilReadable()
      case SIGHUP: log("nothing is read again on SIGHUP: start the daemon anew, containers do not notice")
      default: return
      }
    }
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
