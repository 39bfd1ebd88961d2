import Glibc
import Linux
import Testing

/// Every option of `docker run`, by the stock client: seen inside, told by inspect, refused with the same words.
@Suite(.serialized) struct OptionTests {
  @Test(
    "options: the stock client sees what it sees of the real Docker",
    arguments: ["namespaces", "mounts", "volumes", "security", "devices", "limits", "process", "logs"])
  func table(name: String) throws {
    let table = try OptionTable(path: repositoryFile("Tests/BlackBoxTests/Fixtures/options/\(name).txt"))
    try withDirectory { directory in
      try makeImages(directory)
      if let docker = getenv("SKIFF_RECORD_OPTIONS").map({ String(cString: $0) }) {
        // A directory of the peers' own root: Docker does not see ours.
        let shared = "/var/tmp/skiff-options"
        return try table.record(
          table.outputs(host: docker, verb: "run", shared: shared, directory: directory))
      }
      try makeDirectories("\(directory)/shared")
      try withEngine(directory) { host in
        let outputs = try table.outputs(
          host: host, verb: "run-here", shared: "\(directory)/shared", directory: directory)
        for (row, output) in zip(table.rows, outputs) { #expect(output == row.output, "\(row.title)") }
      }
    }
  }

  /// An archive of two images: a busybox with a directory that volumes are filled from, and the same with a volume.
  private func makeImages(_ directory: String) throws {
    let script = """
      set -e
      mkdir -p "$1/root"; cd "$1/root"; mkdir -p bin dev proc sys tmp etc root data/sub home/ada empty
      cp "$(command -v busybox)" bin/busybox
      for applet in $(busybox --list | grep -vx busybox); do ln -sf busybox bin/$applet; done
      printf 'root:x:0:0:root:/root:/bin/sh\\nada:x:1000:1000::/home/ada:/bin/sh\\n' >etc/passwd
      printf 'root:x:0:\\nada:x:1000:\\naudio:x:29:ada\\nvideo:x:44:\\n' >etc/group
      echo seed >data/seed; echo deep >data/sub/deep; chown -R 1000:1000 data; chmod 2750 data; chmod 1777 tmp
      tar -cf ../root.tar .
      cd ..; layer=$(sha256sum root.tar | cut -c1-64)
      image() {
        printf '{"architecture":"amd64","os":"linux","config":{%s},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
          "$2" "$layer" >"$1.json"
      }
      image plain '"Cmd":["sh"]'
      image volume '"Cmd":["sh"],"Volumes":{"/data":{}},"StopSignal":"SIGUSR1","Env":["A=image","B=image"]'
      entry() { printf '{"Config":"%s.json","RepoTags":["skiff-options:%s"],"Layers":["root.tar"]}' "$1" "$2"; }
      printf '[%s,%s]' "$(entry plain 1)" "$(entry volume volume)" >manifest.json
      tar -cf image.tar manifest.json plain.json volume.json root.tar
      """
    let outcome = try Program("/bin/sh", ["sh", "-c", script, "sh", directory], stem: "\(directory)/make").wait()
    guard outcome.code == 0 else { throw TestFailure("\(outcome)") }
  }

  /// Runs a daemon of ours while `body` does.
  private func withEngine(_ directory: String, _ body: (String) throws -> Void) throws {
    guard let folder = getenv("SKIFF_BIN").map({ String(cString: $0) }) else {
      throw TestFailure("SKIFF_BIN is not set: `make test` builds the programs and says where they are")
    }
    let host = "unix://\(directory)/s"
    let daemon = try Program(
      "\(folder)/skiffd",
      ["skiffd", "--data-root", "\(directory)/data", "--exec-root", "\(directory)/exec", "-H", host],
      stem: "\(directory)/daemon")
    defer { daemon.abandon() }
    let _: Descriptor = try eventually("the daemon answers") {
      guard try daemon.isRunning() else { throw TestFailure("skiffd ended: \(try daemon.wait())") }
      return try? connect(toPath: "\(directory)/s")
    }
    try body(host)
    try daemon.send(SIGTERM)
    #expect(try daemon.wait().code == 0)
  }

  private func withDirectory(_ body: (String) throws -> Void) throws {
    var template = Array("/tmp/skiff-options-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    let result = Result { try body(directory) }
    #expect(throws: Never.self) { try removeTree(directory) }
    try result.get()
  }
}
