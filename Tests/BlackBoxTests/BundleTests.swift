import Glibc
import Linux
import OCI
import Testing

/// Bundles that are no bundles: each is an error that says what is wrong, and nothing stays.
@Suite("bad bundles") struct BundleTests {
  private func run(_ configuration: [UInt8]) throws -> Outcome {
    var result: Outcome?
    try withMonitor { monitor throws in
      try replaceFile("\(monitor.folder)/bundle/config.json", configuration)
      result = try monitor.call("run", "--bundle", "\(monitor.folder)/bundle", "c")
      try monitor.expectNothingLeft()
    }
    return try #require(result)
  }

  private func error(_ text: String) throws -> String {
    let outcome = try run(Array(text.utf8))
    #expect(outcome.code == 1)
    return outcome.errors
  }

  @Test("no bundle, no config.json")
  func missing() throws {
    try withMonitor { monitor throws in
      #expect(
        try monitor.call("run", "--bundle", "\(monitor.folder)/none", "c").errors
          == "skiff-monitor: cannot use \"\(monitor.folder)/none\" as a bundle: no such file or directory\n")
      #expect(
        try monitor.call("run", "--bundle", "\(monitor.folder)/bundle", "c").errors
          == "skiff-monitor: cannot read the bundle's config.json: open \(monitor.folder)/bundle/config.json: no such file or directory\n"
      )
    }
  }

  @Test("JSON that is none, too deep or too large")
  func noJSON() throws {
    let start = "skiff-monitor: cannot read the bundle's config.json: "
    #expect(try error("").hasPrefix(start))
    #expect(try error("{").hasPrefix(start))
    #expect(try error("[]").hasPrefix(start))
    #expect(
      try error(String(repeating: "[", count: 100_000)) == start + "JSON document is nested deeper than 64 levels\n")
    let large =
      Array("{\"ociVersion\":\"1.0.0\",\"x\":\"".utf8) + [UInt8](repeating: 0x61, count: 5 << 20) + Array("\"}".utf8)
    #expect(try run(large).errors.hasPrefix(start))
  }

  @Test("members of the wrong type are named")
  func wrongTypes() throws {
    let start = "skiff-monitor: cannot read the bundle's config.json: invalid JSON: "
    #expect(try error(#"{"ociVersion":1}"#) == start + "ociVersion: it is not a string\n")
    #expect(
      try error(#"{"ociVersion":"1.0.0","process":{"user":{"uid":-1},"cwd":"/"}}"#)
        .hasPrefix("skiff-monitor: cannot read the bundle's config.json: "))
    #expect(
      try error(#"{"ociVersion":"1.0.0","process":{"user":{"uid":0},"cwd":"/","args":{}}}"#).hasPrefix(
        start + "process.args: "))
    #expect(
      try error(#"{"ociVersion":"1.0.0","linux":{"namespaces":[{"type":"nope"}]}}"#).hasPrefix(
        start + "linux.namespaces[0].type: "))
  }

  @Test("a spec without root, without process, of another version")
  func incomplete() throws {
    #expect(try error(#"{"ociVersion":"1.0.0"}"#) == "skiff-monitor: config.json has no root.path\n")
    #expect(
      try error(#"{"ociVersion":"2.0.0"}"#)
        == "skiff-monitor: config.json: ociVersion \"2.0.0\" is not supported: this is 1.x\n")
  }

  @Test(
    "contradictions are refused",
    arguments: [
      ("two namespaces", "skiff-monitor: linux.namespaces has two of type \"pid\"\n"),
      ("no mount namespace", "skiff-monitor: a container needs a new mount namespace\n"),
      ("relative cwd", "skiff-monitor: the working directory \"tmp\" is not an absolute path\n"),
      ("user namespace", "skiff-monitor: user namespaces are not supported yet\n"),
      ("missing root", "open_tree"),
      ("cgroup outside", "is not a cgroup path: it must be absolute, not the root"),
      ("hook timeout", "skiff-monitor: hook \"/bin/true\": its path must be absolute and its timeout more than 0\n"),
    ])
  func contradictions(name: String, text: String) throws {
    try withMonitor { monitor throws in
      switch name {
      case "two namespaces": monitor.spec.linux?.namespaces.append(RuntimeSpec.Namespace(type: .pid))
      case "no mount namespace": monitor.spec.linux?.namespaces.removeAll { $0.type == .mount }
      case "relative cwd": monitor.spec.process?.cwd = "tmp"
      case "user namespace": monitor.spec.linux?.namespaces.append(RuntimeSpec.Namespace(type: .user))
      case "missing root": monitor.spec.root = RuntimeSpec.Root(path: "/nonexistent")
      case "cgroup outside": monitor.spec.linux?.cgroupsPath = "/\(monitor.name)/../../x"
      default:
        monitor.spec.hooks = RuntimeSpec.Hooks(createRuntime: [RuntimeSpec.Hook(path: "/bin/true", timeout: 0)])
      }
      let outcome = try monitor.run(["true"])
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains(text), "\(outcome)")
    }
  }

  @Test("a hook may take as long as a number can say")
  func hugeTimeout() throws {
    try withMonitor { monitor throws in
      monitor.spec.hooks = RuntimeSpec.Hooks(createRuntime: [RuntimeSpec.Hook(path: "/bin/true", timeout: .max)])
      #expect(try monitor.run(["true"]) == Outcome(code: 0, output: [], errors: ""))
    }
  }
}
