import Engine
import Glibc
import Linux
import Testing

@Suite("who follows logs", .timeLimit(.minutes(1))) struct LogFollowersTests {
  @Test("each is woken by what is written to his log and by the end of his container, and by nothing else")
  func wakes() async throws {
    var template = Array("/tmp/skiff-followers-XXXXXX".utf8CString)
    let path = try #require(mkdtemp(&template).map { String(cString: $0) })
    defer { #expect(throws: Never.self) { try removeTree(path) } }
    let followers = LogFollowers()
    var streams: [String: AsyncStream<Void>.Iterator] = [:]
    for name in ["a", "b", "c"] {
      try makeDirectories("\(path)/\(name)")
      let stream = try followers.follow(name, log: open("\(path)/\(name)", O_RDONLY | O_DIRECTORY))
      streams[name] = stream.makeAsyncIterator()
    }
    try replaceFile("\(path)/a/1.log", [1])
    followers.wake("b")
    #expect(await streams["a"]?.next() != nil)
    #expect(await streams["b"]?.next() != nil)
    // A log that was let go of is watched no more, and can be followed again.
    streams["a"] = nil
    let again = try followers.follow("a", log: open("\(path)/a", O_RDONLY | O_DIRECTORY))
    followers.wake("a")
    for await _ in again { break }
  }
}
