import Glibc
import Linux
import Testing

/// What `skiff` asks the engine for is what the stock `docker` asks it for, word for word.
///
/// Where a command line is refused before anything is asked, the refusal is the same too.
@Suite("requests, compared with the stock docker's") struct RequestTests {
  @Test("create", arguments: CommandLines.create)
  func create(_ words: String) throws { try compare("create \(words)") }

  @Test("run, start, attach, exec", arguments: CommandLines.launch)
  func launch(_ words: String) throws { try compare(words) }

  @Test("what is done to containers", arguments: CommandLines.containers)
  func containers(_ words: String) throws { try compare(words) }

  @Test("images, volumes and the system", arguments: CommandLines.others)
  func others(_ words: String) throws { try compare(words) }

  private func compare(_ words: String) throws {
    var template = Array("/tmp/skiff-requests-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    let result = Result {
      try prepare(directory)
      let engine = try RecordingEngine("\(directory)/s")
      let stock = try ask(engine, "docker", words, directory)
      let ours = try ask(engine, "skiff", words, directory)
      // Ours says where its copy of the output begins, so that it can go on there after the engine's death.
      #expect(ours.replacing(/position=1&|&position=1/, with: "") == stock)
    }
    #expect(throws: Never.self) { try removeTree(directory) }
    try result.get()
  }

  /// The files that command lines name.
  private func prepare(_ directory: String) throws {
    let files = [
      "env": "# c\nA=1\nFOO\nNOPE\n B=2 \nC=x y\n", "labels": "l1=1\nl2\n",
      "seccomp.json": #"{"defaultAction": "SCMP_ACT_ALLOW"}"#, "file": "text",
    ]
    for (name, text) in files { try replaceFile("\(directory)/\(name)", Array(text.utf8), mode: 0o644) }
  }

  /// The requests of one command, its exit code, and what it said if it asked nothing.
  private func ask(_ engine: RecordingEngine, _ program: String, _ words: String, _ directory: String) throws -> String
  {
    guard let programs = getenv("SKIFF_BIN").map({ String(cString: $0) }) else {
      throw TestFailure("SKIFF_BIN is not set: `make test` builds the programs and says where they are")
    }
    let path = "PATH=\(programs):/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    let address = "unix://\(directory)/s"
    let environment = "\(path) HOME=\(directory) FOO=ours DOCKER_HOST=\(address) SKIFF_HOST=\(address)"
    let command = try Program(
      "/bin/sh",
      ["sh", "-c", "cd \(directory) && export \(environment) DOCKER_CLI_HINTS=false && exec \(program) \(words)"],
      stem: "\(directory)/\(program)")
    // The stock client waits for the end of what it leaves in the background too, and forgets the answer.
    let requests = try engine.record(command).filter { !(words.contains(" -d ") && $0.contains("/wait?")) }
    let outcome = try command.wait()
    // The container's id file is written by both.
    try? unlink("\(directory)/id")
    let said = requests.isEmpty ? "\(outcome.text)\(outcome.errors)".replacing("docker", with: "skiff") : ""
    return (requests + ["exit code \(outcome.code)", said]).joined(separator: "\n")
  }
}
