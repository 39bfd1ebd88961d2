import Glibc
import Linux

/// Whoever started the daemon and wants to hear from it: systemd, by sd_listen_fds(3) and sd_notify(3), or a client, by
/// a pipe.
struct Supervisor {
  /// Sockets that listen already.
  let sockets: [Descriptor]
  private let pipe: Descriptor?
  private let notificationPath: String?

  /// sd_listen_fds(3): SD_LISTEN_FDS_START.
  private static let firstSocket: Int32 = 3
  /// A daemon has one or two; the number comes from outside.
  private static let socketsMax: Int32 = 64

  /// Takes over what the environment and the flag `--ready-descriptor` name. To be called once, before anything else
  /// opens a file.
  init(readyDescriptor: Int32?) throws {
    sockets = try Self.inheritedSockets()
    if let number = readyDescriptor {
      guard fcntl(number, F_GETFD) >= 0 else { throw OptionError("--ready-descriptor \(number) is not open") }
      pipe = Descriptor(owning: number)
    } else {
      pipe = nil
    }
    // A name that begins with `@` is abstract; systemd's is a path.
    notificationPath = getenv("NOTIFY_SOCKET").map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    try closeOnExecute(from: 3)
  }

  private static func inheritedSockets() throws -> [Descriptor] {
    func number(_ name: String) -> Int32? { getenv(name).flatMap { Int32(String(cString: $0)) } }
    // They may be meant for the process that started us.
    guard number("LISTEN_PID") == getpid(), let count = number("LISTEN_FDS"), count > 0 else { return [] }
    guard count <= socketsMax else { throw OptionError("LISTEN_FDS names \(count) sockets, more than \(socketsMax)") }
    return try (firstSocket..<firstSocket + count).map { number in
      var isListening: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      guard getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening == 1 else {
        throw OptionError("LISTEN_FDS: descriptor \(number) is no listening socket")
      }
      let socket = Descriptor(owning: number)
      try socket.setNonblocking(true)
      return socket
    }
  }

  /// Says that the API answers.
  func announceReady() {
    // Whoever started us may be gone by now, and that is all that can go wrong.
    try? pipe?.writeAll("READY=1\n")
    notify("READY=1")
  }

  /// Says that the end has begun, and is meant.
  func announceEnd() { notify("STOPPING=1") }

  private func notify(_ state: String) {
    guard let notificationPath else { return }
    try? sendDatagram(state, toPath: notificationPath)
  }
}
