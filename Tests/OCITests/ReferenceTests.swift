import OCI
import Testing

private let hash = String(repeating: "ab", count: 32)

@Suite("Reference") struct ReferenceTests {
  @Test(
    "what users write is completed as Docker completes it",
    arguments: [
      ("busybox", "docker.io/library/busybox", "busybox"),
      ("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36"),
      ("user/app", "docker.io/user/app", "user/app"),
      ("docker.io/busybox", "docker.io/library/busybox", "busybox"),
      ("index.docker.io/library/busybox", "docker.io/library/busybox", "busybox"),
      ("docker.io/library/a/b", "docker.io/library/a/b", "library/a/b"),
      // Their short forms would be read as names of other registries, or as an image's ID.
      ("docker.io/a.b/c", "docker.io/a.b/c", "docker.io/a.b/c"),
      ("docker.io/localhost/c", "docker.io/localhost/c", "docker.io/localhost/c"),
      ("docker.io/library/\(hash)", "docker.io/library/\(hash)", "docker.io/library/\(hash)"),
      ("localhost/app", "localhost/app", "localhost/app"),
      ("localhost:5000/app:v1", "localhost:5000/app:v1", "localhost:5000/app:v1"),
      ("Registry/app", "Registry/app", "Registry/app"),
      ("[fd00::1]:5000/app", "[fd00::1]:5000/app", "[fd00::1]:5000/app"),
      ("127.0.0.1:5000/a/b/c__d-e.f--g", "127.0.0.1:5000/a/b/c__d-e.f--g", "127.0.0.1:5000/a/b/c__d-e.f--g"),
      ("host:80", "docker.io/library/host:80", "host:80"),
      ("a@sha256:\(hash)", "docker.io/library/a@sha256:\(hash)", "a@sha256:\(hash)"),
      ("a:t@sha256:\(hash)", "docker.io/library/a:t@sha256:\(hash)", "a:t@sha256:\(hash)"),
    ])
  func completes(_ text: String, _ full: String, _ familiar: String) throws {
    let reference = try Reference(parsing: text)
    #expect(reference.description == full)
    #expect(reference.familiar == familiar)
  }

  @Test(
    "what is no reference is refused in Docker's words",
    arguments: [
      ("", "invalid reference format"),
      (":tag", "invalid reference format"),
      ("a b", "invalid reference format"),
      ("a//b", "invalid reference format"),
      ("a/-b", "invalid reference format"),
      ("a___b", "invalid reference format"),
      ("a..b", "invalid reference format"),
      ("-a", "invalid reference format"),
      ("a:", "invalid reference format"),
      ("a:-tag", "invalid reference format"),
      ("a@sha256:abc", "invalid reference format"),
      ("host:port/a", "invalid reference format"),
      ("https://example.com/a", "invalid reference format"),
      ("\u{10}a", "invalid reference format"),
      ("a\u{0}", "invalid reference format"),
      ("é", "invalid reference format"),
      ("a:" + String(repeating: "t", count: 129), "invalid reference format"),
      ("Foo", "invalid reference format: repository name (library/Foo) must be lowercase"),
      ("a/Foo:x", "invalid reference format: repository name (a/Foo) must be lowercase"),
      (hash, "invalid repository name (\(hash)), cannot specify 64-byte hexadecimal strings"),
      (String(repeating: "a", count: 256), "repository name must not be more than 255 characters"),
      ("a@sha256:\(hash)ab", "invalid checksum digest length"),
      ("a@sha256:\(hash.uppercased())", "invalid checksum digest format"),
      ("a@md5:\(hash)", "unsupported digest algorithm"),
    ])
  func refuses(_ text: String, _ message: String) {
    let error = #expect(throws: ReferenceError.self) { try Reference(parsing: text) }
    #expect(error?.description == message)
  }

  @Test("latest is added only where there is neither tag nor digest")
  func defaultTag() throws {
    #expect(try Reference(parsing: "a").taggedByDefault().familiar == "a:latest")
    #expect(try Reference(parsing: "a:b").taggedByDefault().familiar == "a:b")
    #expect(try Reference(parsing: "a@sha256:\(hash)").taggedByDefault().familiar == "a@sha256:\(hash)")
  }

  @Test("a reference can be given another tag, if it is one")
  func retag() throws {
    let reference = try Reference(parsing: "a:b@sha256:\(hash)")
    #expect(try reference.with(tag: "c").familiar == "a:c")
    #expect(throws: ReferenceError.invalidTag) { try reference.with(tag: "no/tag") }
  }

  @Test("any text is taken or refused, and what is taken is read back from both its forms")
  func fuzz() throws {
    var random = SplitMix(seed: 20250719)
    let pieces = [
      "a", "b0", "A", "docker.io", "library", "localhost", "/", "/", ":", ":", "@", ".", "_", "-", "--", "5000",
      "[::1]", "sha256:", hash, "latest", " ", "é", "\u{0}", "\u{301}", "\r\n", "index.docker.io", "x.y",
    ]
    var taken = 0
    for _ in 0..<20_000 {
      let text = (0..<random.next(below: 9)).map { _ in pieces[random.next(below: pieces.count)] }.joined()
      guard let reference = try? Reference(parsing: text) else { continue }
      taken += 1
      #expect(try Reference(parsing: reference.description) == reference, "from \(text.debugDescription)")
      #expect(try Reference(parsing: reference.familiar) == reference, "from \(text.debugDescription)")
    }
    #expect(taken > 1000)
  }
}

/// A small generator whose numbers are the same in every run.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func next(below bound: Int) -> Int { Int(next() % UInt64(bound)) }
}
