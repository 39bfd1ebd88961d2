import Engine
import HTTPServer

extension RequestBody {
  /// Pieces of the body, of up to 64 KiB each, that wait between client and disk.
  private static let piecesMax = 16

  /// Hands the body, as it arrives, to `work`, which reads it on a thread that may block. The client is not read faster
  /// than that.
  ///
  /// When the client goes away, or this task is cancelled, the source breaks; what `work` does not read stays unread.
  func feed<Result: Sendable>(
    _ work: @escaping @Sendable (ChannelSource) async throws -> Result
  ) async throws -> Result {
    let channel = BoundedChannel<[UInt8]>(limit: Self.piecesMax)
    return try await withTaskCancellationHandler {
      // Leaving this scope cancels the pump, which may be waiting for a client that waits for us, and awaits its end.
      async let _: Void = pump(into: channel)
      let result: Swift.Result<Result, any Error>
      do { result = .success(try await work(ChannelSource(channel))) } catch { result = .failure(error) }
      channel.abandon()
      return try result.get()
    } onCancel: {
      channel.abandon()
    }
  }

  private func pump(into channel: BoundedChannel<[UInt8]>) async {
    do {
      while let piece = try await read() {
        guard await channel.send(piece) else { return }
      }
      channel.finish()
    } catch { channel.finish(isComplete: false) }
  }
}

extension ResponseWriter {
  /// Sends what comes out of `channel` until its end, while `work` fills it on a thread that may block.
  ///
  /// - Throws: what `work` throws, and the client's going away.
  func drain(
    _ channel: BoundedChannel<[UInt8]>, while work: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await withTaskCancellationHandler {
      async let done: Void = work()
      do {
        receiving: while true {
          switch await channel.receive() {
          case .element(let piece): try await write(piece)
          case .end, .broken: break receiving
          }
        }
      } catch {
        channel.abandon()
        try? await done
        throw error
      }
      try await done
    } onCancel: {
      channel.abandon()
    }
  }
}
