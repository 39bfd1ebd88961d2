import HTTPServer
import MonitorProtocol
import Synchronization

/// Frames a client's input for the monitor: `docs/monitor-protocol.md`.
struct InputFrames: InputFilter {
  private let takesInput: Bool
  /// Whether the process's input ends with this client's, or when it leaves: Docker's `StdinOnce`.
  private let endsInput: Bool
  /// nil: no keys leave it.
  private var detachKeys: DetachKeys?
  private let state = Detached()

  /// Shared by all copies: the one that sees the input is on an event loop.
  private final class Detached: Sendable {
    let isDetached = Atomic(false)
  }

  init(takesInput: Bool, endsInput: Bool = true, detachKeys: DetachKeys? = nil) {
    self.takesInput = takesInput
    self.endsInput = endsInput
    self.detachKeys = detachKeys
  }

  /// Whether the client left by its keys.
  var detached: Bool { state.isDetached.load(ordering: .acquiring) }

  mutating func pass(_ bytes: [UInt8]) -> [UInt8]? {
    guard takesInput else { return [] }
    var input = bytes
    if let passed = detachKeys?.pass(bytes) {
      guard !passed.isDetached else {
        state.isDetached.store(true, ordering: .releasing)
        return nil
      }
      input = passed.input
    }
    var framed: [UInt8] = []
    var rest = input[...]
    while !rest.isEmpty {
      let piece = Array(rest.prefix(FrameType.dataBytesMax))
      framed += (try? MonitorRequest.input(piece).encoded()) ?? []
      rest = rest.dropFirst(piece.count)
    }
    return framed
  }

  /// Where the client's end is not the process's, it is the end of the session: Docker's attach.
  mutating func end() -> [UInt8]? { takesInput ? endsInput ? Self.closeInput : nil : [] }

  mutating func vanish() -> [UInt8] { takesInput && endsInput ? Self.closeInput : [] }

  private static let closeInput = (try? MonitorRequest.closeInput.encoded()) ?? []
}
