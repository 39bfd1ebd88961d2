import Glibc
import Linux
import Testing

/// `skiffd` over roots and a socket of its own.
final class Daemon {
  /// Its folder: `data`, `exec`, the socket `s`, and what tests write there.
  let folder: String
  private let program: Program

  var socket: String { "\(folder)/s" }

  private init(folder: String) throws {
    self.folder = folder
    program = try Program(
      try builtProgram("skiffd"),
      ["skiffd", "--data-root", "\(folder)/data", "--exec-root", "\(folder)/exec", "-H", "unix://\(folder)/s"],
      stem: "\(folder)/daemon")
  }

  private func waitUntilItAnswers() throws {
    let _: Descriptor = try eventually("the daemon answers") {
      guard try program.isRunning() else { throw TestFailure("skiffd ended: \(try program.wait())") }
      return try? connect(toPath: socket)
    }
  }

  /// Runs a program to its end.
  func run(_ path: String, _ words: [String], environment: [String]? = nil) throws -> Outcome {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return try Program(path, [name] + words, stem: "\(folder)/\(name)", environment: environment).wait()
  }

  /// Starts one, runs `body`, ends it, and expects that nothing of it stays: `body` removes the containers it made.
  static func with(_ body: (Daemon) throws -> Void) throws {
    var template = Array("/tmp/skiff-daemon-XXXXXX".utf8CString)
    let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
    let daemon = try Daemon(folder: folder)
    let result = Result {
      try daemon.waitUntilItAnswers()
      try body(daemon)
    }
    try daemon.end()
    try result.get()
  }

  private func end() throws {
    if try program.isRunning() { try program.send(SIGTERM) }
    let outcome = try program.wait()
    #expect(outcome.code == 0, "\(outcome)")
    let instance = try readText("\(folder)/data/instance").prefix(8)
    let base = "/sys/fs/cgroup"
    for root in [base] + (try open(base, O_RDONLY | O_DIRECTORY).entries().map({ "\(base)/\($0)" })) {
      let cgroup = "\(root)/skiff-\(instance)"
      guard access(cgroup, F_OK) == 0 else { continue }
      #expect(rmdir(cgroup) == 0, "cgroups stay below \(cgroup)")
    }
    let mounts = try readText("/proc/self/mountinfo").split(separator: "\n").filter { $0.contains(folder) }
    #expect(mounts == [])
    try removeTree(folder)
  }
}

/// The path of a program that was built.
func builtProgram(_ name: String) throws -> String {
  guard let folder = getenv("SKIFF_BIN").map({ String(cString: $0) }) else {
    throw TestFailure("SKIFF_BIN is not set: `make test` builds the programs and says where they are")
  }
  return "\(folder)/\(name)"
}

/// A file of the repository, from wherever the tests run.
func repositoryFile(_ path: String, _ here: StaticString = #filePath) throws -> String {
  let root = "\(here)".split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
  let file = "\(root)/\(path)"
  guard access(file, F_OK) == 0 else { throw TestFailure("there is no \(file)") }
  return file
}
