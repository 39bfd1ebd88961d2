import Cgroups
import Glibc
import Linux

extension Container {
  /// Its processes, as the host's `ps` tells of them with `arguments`; empty is `-ef`.
  ///
  /// - Throws: `conflict` if it does not run; `internalError` with the words of `ps` when that refuses the arguments.
  package func processes(_ arguments: String) async throws -> ProcessTable {
    switch row.machine.state {
    case .running: break
    case .restarting:
      throw EngineError(.conflict, "Container \(id) is restarting, wait until the container is running")
    case .created, .starting, .exited, .removing: throw EngineError(.conflict, "container \(id) is not running")
    }
    let words = try ProcessTable.arguments(arguments)
    let path = services.cgroupPath(of: row.spec)
    let table = try await services.executor.run {
      let pids = try CgroupHierarchy.detect().cgroup(at: path).processes()
      guard !pids.isEmpty else { throw EngineError(.conflict, "the container has just ended") }
      return try ProcessTable(ps: try HostProcesses.list(words, pids: pids), pids: Set(pids))
    }
    tell(.top)
    return table
  }
}

/// The host's `ps`.
private enum HostProcesses {
  private static let paths = ["/bin/ps", "/usr/bin/ps", "/usr/local/bin/ps"]
  /// A million processes' lines; what is longer is cut, and no table.
  private static let outputBytesMax = 64 << 20
  /// `ps` reads files of the kernel that can hang with a process; then it is ended.
  private static let limitMilliseconds: Int32 = 10_000

  /// What `ps` prints of `pids`. It blocks.
  static func list(_ arguments: [String], pids: [Int32]) throws -> String {
    guard let path = paths.first(where: { access($0, X_OK) == 0 }) else {
      throw EngineError(
        .internalError, "cannot list the processes: this host has no ps",
        hint: "install the package procps")
    }
    // Only these, which spares it the others. Not every selection goes together with the user's.
    let chosen = "-q\(pids.map(String.init).joined(separator: ","))"
    let first = try run(path, [chosen] + arguments)
    let result = first.status == .exited(0) ? first : try run(path, arguments)
    guard result.status == .exited(0) else {
      let reason = result.errors.split(separator: "\n").first.map(String.init) ?? "\(result.status)"
      throw EngineError(.internalError, "ps: \(reason)")
    }
    return result.output
  }

  private static func run(
    _ path: String, _ arguments: [String]
  ) throws -> (output: String, errors: String, status: ExitStatus) {
    let nothing = try open("/dev/null", O_RDONLY)
    let (output, outputEnd) = try makePipe()
    let (errors, errorsEnd) = try makePipe()
    let child = try spawn(
      path, arguments: ["ps"] + arguments, environment: ["PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"],
      inherited: [(nothing, 0), (outputEnd, 1), (errorsEnd, 2)])
    _ = consume outputEnd
    _ = consume errorsEnd
    var texts = [PipeText(output), PipeText(errors)]
    let deadline = ContinuousClock.now + .milliseconds(Int64(limitMilliseconds))
    while texts.contains(where: { !$0.isOver }), ContinuousClock.now < deadline {
      let results = try waitUntilReady(
        texts.map { PollRequest($0.pipe, reads: !$0.isOver) }, milliseconds: limitMilliseconds)
      for index in texts.indices where results[index].isReadable && !texts[index].isOver {
        try texts[index].read(limit: outputBytesMax)
      }
    }
    if texts.contains(where: { !$0.isOver }) { try child.send(signal: SIGKILL) }
    return (texts[0].text, texts[1].text, try child.wait())
  }
}

/// What came out of a pipe so far.
private struct PipeText {
  let pipe: Descriptor
  private(set) var bytes: [UInt8] = []
  private(set) var isOver = false

  init(_ pipe: Descriptor) { self.pipe = pipe }

  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func read(limit: Int) throws {
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    let count = try buffer.withUnsafeMutableBytes { try pipe.read(into: $0) }
    bytes += buffer.prefix(min(count, limit - bytes.count))
    isOver = count == 0 || bytes.count >= limit
  }
}
