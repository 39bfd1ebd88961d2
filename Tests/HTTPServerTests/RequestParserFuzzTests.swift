import NIOCore
import NIOEmbedded
import NIOHTTP1
import Testing

@testable import HTTPServer

@Suite("RequestParser, fuzzed") struct RequestParserFuzzTests {
  /// Enough to visit every branch many times and stay below a few seconds in a debug build.
  private static let rounds = 3000

  @Test("whatever is accepted, llhttp understands the same or refuses", arguments: [1, 2, 3])
  func agreesWithLLHTTP(seed: UInt64) async { await offPool { compare(seed: seed) } }

  private func compare(seed: UInt64) {
    var random = SplitMix(seed)
    var accepted = 0
    for _ in 0..<Self.rounds {
      let bytes = mutated(&random)
      guard let ours = try? transcript(of: bytes, inPiecesOf: 1 + random.below(bytes.count + 1)) else { continue }
      // A message that is cut short is a message for neither; what came before it must be the same.
      let complete = ours.components(upToLast: "end\n")
      guard !complete.isEmpty else { continue }
      accepted += 1
      let (theirs, refused) = llhttp(bytes)
      let agrees = theirs.hasPrefix(complete) || (refused && complete.hasPrefix(theirs.components(upToLast: "end\n")))
      #expect(agrees, "\(String(decoding: bytes, as: UTF8.self).debugDescription): \(complete) or \(theirs)")
    }
    #expect(accepted > Self.rounds / 20, "the fuzzer makes too few requests that are accepted")
  }

  /// A few requests in a row with a few bytes changed, doubled, dropped or swapped for something that matters to HTTP.
  private func mutated(_ random: inout SplitMix) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0...random.below(3) { bytes += Array(seeds[random.below(seeds.count)].utf8) }
    for _ in 0..<random.below(4) {
      let place = random.below(bytes.count)
      switch random.below(5) {
      case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(bytes[place], at: place)
      case 3: bytes.insert(contentsOf: words[random.below(words.count)].utf8, at: place)
      default: bytes.removeSubrange(place..<min(bytes.count, place + random.below(20)))
      }
      if bytes.isEmpty { bytes = Array(seeds[0].utf8) }
    }
    return bytes
  }

  private func llhttp(_ bytes: [UInt8]) -> (text: String, refused: Bool) {
    let channel = EmbeddedChannel()
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
    try? channel.pipeline.syncOperations.addHandler(decoder)
    let refused = (try? channel.writeInbound(ByteBuffer(bytes: bytes))) == nil
    var text = ""
    var body: [UInt8] = []
    while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
      switch part {
      case .head(let head):
        let method = HTTPServer.Method(rawValue: head.method.rawValue)?.rawValue ?? "?"
        text += "\(method) \(originForm(head.uri))\n"
      case .body(let piece): body += Array(piece.readableBytesView)
      case .end:
        if !body.isEmpty { text += "body \(String(decoding: body, as: UTF8.self))\n" }
        body = []
        text += "end\n"
      }
    }
    return (text, refused)
  }

  private func originForm(_ target: String) -> String {
    guard target.hasPrefix("http://") else { return target }
    let path = target.dropFirst(7).drop { $0 != "/" }
    return path.isEmpty ? "/" : String(path)
  }
}

private let seeds = [
  "GET /_ping HTTP/1.1\r\nHost: x\r\n\r\n",
  "HEAD /v1.51/info?x=%20y HTTP/1.1\r\nHost: docker\r\nUser-Agent: a b\r\n\r\n",
  "GET http://h/version HTTP/1.1\r\nHost: h\r\n\r\n",
  "POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\nContent-Type: application/json\r\n\r\n{\"Image\":1}",
  "POST /images/load HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=y\r\n0123456789\r\n0\r\nT: v\r\n\r\n",
]

private let words = [
  "\r\n", "\n", "\r", " ", "\t", ":", "0", "ffff", "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n",
  "Transfer-Encoding: identity\r\n", "\r\n\r\n", "HTTP/1.0", "0\r\n\r\n", ",", ";", "Content-Length : 4\r\n",
  " chunked",
]

extension String {
  /// Up to and including the last `mark`; empty without one.
  fileprivate func components(upToLast mark: String) -> String {
    var end = startIndex
    var rest = self[...]
    while let range = rest.firstRange(of: mark) {
      end = range.upperBound
      rest = rest[range.upperBound...]
    }
    return String(self[..<end])
  }
}

/// SplitMix64, so that a seed names a run.
struct SplitMix {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { bound <= 1 ? 0 : Int(next() % UInt64(bound)) }
}
