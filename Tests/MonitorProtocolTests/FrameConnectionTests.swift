import Glibc
import Linux
import Testing

@testable import MonitorProtocol

@Suite("A blocking connection") struct FrameConnectionTests {
  @Test("both sides say hello first")
  func greeting() throws {
    let (ours, theirs) = try socketPair()
    var client = ClientConnection(ours)
    var monitor = MonitorConnection(theirs)
    try client.send(.hello(Hello(version: 9)))
    #expect(try monitor.greet() == 1)
    #expect(try client.receive() == .hello(Hello(version: 1)))
  }

  @Test(
    "who does not is refused",
    arguments: [
      (MonitorReply.done, ProtocolError.noHello), (.hello(Hello(version: 0)), .unknownVersion(0)),
    ])
  func noGreeting(first: MonitorReply, expected: ProtocolError) throws {
    let (ours, theirs) = try socketPair()
    var client = ClientConnection(ours)
    try theirs.writeAll(try first.encoded())
    #expect(throws: expected) { try client.greet() }
  }

  @Test("a launch comes with its descriptors, in their order")
  func descriptors() throws {
    let (ours, theirs) = try socketPair()
    let client = ClientConnection(ours)
    var monitor = MonitorConnection(theirs)
    let (first, second) = (try makePipe(), try makePipe())
    try client.send(.pause)
    try client.send(.launch(Samples.exec), [first.write, second.write])
    #expect(try monitor.receive() == .pause)
    #expect(try monitor.receive() == .launch(Samples.exec))
    let received = monitor.takeDescriptors()
    #expect(received.count == 2)
    try received[1].writeAll([7])
    #expect(try second.read.waitUntilReadable(milliseconds: 0))
    #expect(try !first.read.waitUntilReadable(milliseconds: 0))
    #expect(monitor.takeDescriptors().isEmpty)
  }

  @Test("an end between frames is an end, one inside a frame an error")
  func ends() throws {
    for (bytes, isWhole) in [([], true), (Array(try MonitorReply.done.encoded().dropLast()), false)] {
      let (ours, theirs) = try socketPair()
      var client = ClientConnection(ours)
      try theirs.writeAll(bytes)
      try theirs.endSending()
      if isWhole {
        #expect(try client.receive() == nil)
      } else {
        #expect(throws: ProtocolError.ended) { try client.receive() }
      }
    }
  }

  @Test("who sends descriptors without end is cut off")
  func tooManyDescriptors() throws {
    let (ours, theirs) = try socketPair()
    var monitor = MonitorConnection(theirs)
    let pipe = try makePipe()
    let many = [Descriptor](repeating: pipe.write, count: LaunchRecord.descriptorsMax)
    for _ in 0..<2 { _ = try [0x41 as UInt8].withUnsafeBytes { try ours.send($0, many) } }
    #expect(throws: ProtocolError.self) { try monitor.receive() }
  }
}
