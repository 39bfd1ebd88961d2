import Engine
import Linux
import Testing

@Suite struct BoundedChannelTests {
  @Test("bytes go through in order, from a task to a thread, however they are cut")
  func taskToThread() async throws {
    let channel = BoundedChannel<[UInt8]>(limit: 2)
    let executor = BlockingExecutor(threadsMax: 1)
    async let received = executor.run {
      var source = ChannelSource(channel)
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 7)
      while true {
        let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        if count == 0 { return bytes }
        bytes += buffer[..<count]
      }
    }
    for piece in 0..<100 { #expect(await channel.send([UInt8](repeating: UInt8(piece), count: piece))) }
    channel.finish()
    #expect(try await received == (0..<100).flatMap { [UInt8](repeating: UInt8($0), count: $0) })
  }

  @Test("a source whose sender breaks off throws, and is not at its end")
  func broken() async throws {
    let channel = BoundedChannel<[UInt8]>(limit: 2)
    channel.finish(isComplete: false)
    let executor = BlockingExecutor(threadsMax: 1)
    let error = await #expect(throws: EngineError.self) {
      try await executor.run {
        var source = ChannelSource(channel)
        var buffer: [UInt8] = [0]
        _ = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      }
    }
    #expect(error?.message.hasPrefix("read request body: ") == true, "\(error?.message ?? "")")
  }

  @Test("a thread that sends waits for room, and is let go when nobody will receive")
  func abandoned() async throws {
    let channel = BoundedChannel<Int>(limit: 1)
    let executor = BlockingExecutor(threadsMax: 1)
    async let sent = executor.run { (0..<3).map { channel.sendBlocking($0) } }
    // The first is taken, so a second was or will be sent; from here on nobody takes any.
    guard case .element(0) = await channel.receive() else {
      Issue.record("the first element is not the first")
      return
    }
    channel.abandon()
    #expect(try await sent.first == true)
    #expect(try await sent.last == false)
  }

  @Test("jobs beyond the executor's threads wait for their turn, and all run")
  func executorQueues() async throws {
    let executor = BlockingExecutor(threadsMax: 2)
    let results = try await withThrowingTaskGroup(of: Int.self) { group in
      for number in 0..<100 { group.addTask { try await executor.run { number } } }
      var sum = 0
      for try await number in group { sum += number }
      return sum
    }
    #expect(results == 4950)
  }
}
