import Glibc
import Linux
import Testing

/// What a program left when it ended.
struct Outcome: Equatable, CustomStringConvertible {
  let code: Int32
  let output: [UInt8]
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var lines: [String] {
    // By bytes: to Swift, the CR LF of a terminal is one character.
    output.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().map {
      String(decoding: $0, as: UTF8.self)
    }
  }
  var description: String { "exit code \(code)\n\(text)\(errors)" }
}

/// Something that a test needs and that is not there, or did not happen in time.
struct TestFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// What a program reads.
enum Input {
  case none
  case bytes([UInt8])
  /// A terminal's slave by its path: it becomes the program's controlling one, and its output and errors too.
  case terminal(String)
}

/// A program that was started.
///
/// Its output goes to files, not pipes: what it starts may outlive it and keep a pipe open.
final class Program {
  /// The most that a program of a test may take: far more than any does, also on a machine with other work.
  static let limitSeconds: Int32 = 60

  let pid: Int32
  /// Polls readable once it has ended.
  let handle: Descriptor
  private let outputPath: String
  private let errorsPath: String
  private var isReaped = false

  /// Starts `path` with `arguments`. `stem` names the files for what it writes.
  init(
    _ path: String, _ arguments: [String], input: Input = .none, stem: String, environment: [String]? = nil
  ) throws {
    (outputPath, errorsPath) = ("\(stem).out", "\(stem).err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK)
    for path in [outputPath, errorsPath] { try replaceFile(path, []) }
    let write = O_WRONLY | O_APPEND
    switch input {
    case .none: posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    case .bytes(let bytes):
      try replaceFile("\(stem).in", bytes)
      posix_spawn_file_actions_addopen(&actions, 0, "\(stem).in", O_RDONLY, 0)
    case .terminal(let slave):
      // POSIX_SPAWN_SETSID: a session leader's first terminal becomes its controlling one.
      flags |= 0x80
      posix_spawn_file_actions_addopen(&actions, 0, slave, O_RDWR, 0)
    }
    if case .terminal = input {
      posix_spawn_file_actions_adddup2(&actions, 0, 1)
      posix_spawn_file_actions_adddup2(&actions, 0, 2)
    } else {
      posix_spawn_file_actions_addopen(&actions, 1, outputPath, write, 0)
      posix_spawn_file_actions_addopen(&actions, 2, errorsPath, write, 0)
    }
    var signals = sigset_t()
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(flags))
    let argv = CStringArray(arguments)
    let envp = CStringArray(environment ?? ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"])
    var pid: pid_t = 0
    let code = posix_spawn(&pid, path, &actions, &attributes, argv.pointer, envp.pointer)
    guard code == 0 else { throw SyscallError("posix_spawn", path, errno: Errno(code)) }
    self.pid = pid
    handle = try openProcess(pid)
  }

  /// Sends `signal`.
  func send(_ signal: Int32) throws { try handle.sendSignal(signal) }

  /// Whether it still runs.
  func isRunning() throws -> Bool { try !handle.waitUntilReadable(milliseconds: 0) }

  /// What it has written so far.
  func outputSoFar() throws -> String { String(decoding: try readFile(outputPath, limit: 64 << 20), as: UTF8.self) }

  /// Kills it if nobody has waited for its end.
  func abandon() {
    guard !isReaped else { return }
    try? send(SIGKILL)
    waitpid(pid, nil, 0)
    isReaped = true
  }

  /// Waits for its end; one that takes too long is killed.
  ///
  /// - Parameter seconds: for how long; more than the usual for one that runs a whole table.
  func wait(seconds: Int32 = Program.limitSeconds) throws -> Outcome {
    let ended = try handle.waitUntilReadable(milliseconds: seconds * 1000)
    if !ended { try send(SIGKILL) }
    var status: Int32 = 0
    _ = try syscall("waitpid") { waitpid(pid, &status, 0) }
    isReaped = true
    let outcome = Outcome(
      code: ExitStatus(waitStatus: status).code, output: try readFile(outputPath, limit: 64 << 20),
      errors: try readText(errorsPath))
    guard ended else { throw TestFailure("a program did not end in time\n\(outcome)") }
    return outcome
  }
}

/// Waits until `condition` answers a value, for as long as a program may take.
func eventually<Value>(_ what: String, _ condition: () throws -> Value?) throws -> Value {
  let end = ContinuousClock.now + .seconds(30)
  while true {
    if let value = try condition() { return value }
    guard ContinuousClock.now < end else { throw TestFailure("it did not happen in time: \(what)") }
    poll(nil, 0, 5)
  }
}
