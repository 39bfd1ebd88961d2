import Glibc
import Linux
import Testing

/// A minute of damaged inputs for everything that reads bytes from outside. CONTRIBUTING.md says how to run it longer
/// and how to run one input again.
@Suite("Fuzz", .serialized) struct FuzzTests {
  /// One input may take so long, in a debug build on a busy machine.
  private static let inputMax = Duration.seconds(10)
  /// So much more memory may the process come to need while a target runs; other suites run beside it.
  private static let memoryKiBMax = 1 << 20

  @Test("every input is refused or read to what it says", arguments: FuzzTarget.all)
  func fuzz(target: FuzzTarget) async throws { try await offPool { try Self.run(target) } }

  private static func run(_ target: FuzzTarget) throws {
    if let path = variable("SKIFF_FUZZ_REPLAY") {
      // The file's name begins with its target's.
      guard path.split(separator: "/").last?.hasPrefix("skiff-fuzz-\(target.name).") == true else { return }
      return try check(target, readFile(path, limit: Mutation.bytesMax))
    }
    let seconds = (variable("SKIFF_FUZZ_SECONDS").flatMap(Double.init) ?? 60) / Double(FuzzTarget.all.count)
    let seed = variable("SKIFF_FUZZ_SEED").flatMap { UInt64($0) } ?? 1
    let seeds = try target.seeds()
    for bytes in seeds where try !target.tries(bytes) { throw Broken(description: "a golden input is refused") }
    let mutation = Mutation(words: target.words.map { Array($0.utf8) })
    var random = Random(seed: seed)
    let record = try Record(target)
    let memoryBefore = try peakMemoryKiB()
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(seconds)
    var (count, taken) = (0, 0)
    while clock.now < deadline {
      var bytes = mutation.input(from: seeds, &random)
      target.repair(&bytes)
      try record.write(bytes)
      let started = clock.now
      do { if try target.tries(bytes) { taken += 1 } } catch {
        throw Broken(description: "input \(count) of seed \(seed), kept as \(record.path): \(error)")
      }
      let took = clock.now - started
      try hold(took < inputMax, "input \(count) of seed \(seed), kept as \(record.path), takes \(took)")
      count += 1
    }
    record.remove()
    let memory = try peakMemoryKiB() - memoryBefore
    try hold(memory < memoryKiBMax, "\(memory) KiB more memory than before")
    try hold(taken > 0, "none of \(count) inputs is taken, so nothing is shown")
    say("fuzz: \(target.name): seed \(seed), \(count) inputs, \(taken) taken")
  }

  private static func check(_ target: FuzzTarget, _ bytes: [UInt8]) throws {
    say("fuzz: \(target.name): \(try target.tries(bytes) ? "taken" : "refused")")
  }

  private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  /// `VmHWM`, proc_pid_status(5).
  private static func peakMemoryKiB() throws -> Int {
    let lines = try readText("/proc/self/status").split(separator: "\n")
    let peak = lines.first { $0.hasPrefix("VmHWM:") }?.split(whereSeparator: { !$0.isNumber }).first
    return peak.flatMap { Int($0) } ?? 0
  }

  private static func say(_ text: String) {
    let line = Array("\(text)\n".utf8)
    _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }

  /// The input that is being tried, in a file: a crash ends the process, and the file is then there.
  private struct Record {
    let path: String
    private let file: Descriptor

    init(_ target: FuzzTarget) throws {
      let folder = FuzzTests.variable("TMPDIR") ?? "/tmp"
      path = "\(folder)/skiff-fuzz-\(target.name).\(getpid())"
      file = try open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o600)
    }

    func write(_ bytes: [UInt8]) throws {
      guard ftruncate(file.raw, 0) == 0, lseek(file.raw, 0, SEEK_SET) == 0 else {
        throw Broken(description: "\(path) cannot be emptied")
      }
      try bytes.withUnsafeBytes { try file.writeAll($0) }
    }

    func remove() { _ = Glibc.unlink(path) }
  }
}

/// Runs `body` on a thread of its own: it would block one of the pool's, which has two here.
private func offPool(_ body: @escaping @Sendable () throws -> Void) async throws {
  let result: Result<Void, any Error> = await withCheckedContinuation { continuation in
    let work = Work { continuation.resume(returning: Result { try body() }) }
    var thread = pthread_t()
    let created = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, Unmanaged.passRetained(work).toOpaque())
    precondition(created == 0, "no thread for a test")
    pthread_detach(thread)
  }
  try result.get()
}

private final class Work {
  let run: () -> Void
  init(_ run: @escaping () -> Void) { self.run = run }
}
