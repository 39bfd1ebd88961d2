import Glibc
import Linux
import OCI
import Testing

@Suite("hooks") struct HookTests {
  /// A hook of the host that writes its name, the status that it read and whether it is in `namespace` of ours.
  private func hook(_ name: String, _ log: String, exit code: Int = 0) -> RuntimeSpec.Hook {
    let script = """
      read -r state
      status=$(echo "$state" | sed 's/.*"status":"\\([a-z]*\\)".*/\\1/')
      [ "$(readlink /proc/self/ns/mnt)" = "$HOST" ] && where=host || where=container
      echo "\(name) $status $where" >>\(log); exit \(code)
      """
    return RuntimeSpec.Hook(
      path: "/bin/sh", args: ["sh", "-c", script],
      env: ["PATH=/usr/bin:/bin", "HOST=\((try? readLink("/proc/self/ns/mnt")) ?? "")"],
      timeout: 30)
  }

  @Test("each runs at its point, in its namespaces, with the state on its input")
  func points() throws {
    try withMonitor { monitor throws in
      let log = "\(monitor.folder)/log"
      // The one that runs inside, with the image's shell, finds the log by a mount.
      try replaceFile(log, [])
      monitor.spec.mounts.append(RuntimeSpec.Mount(destination: log, type: "bind", source: log, options: ["bind"]))
      monitor.spec.hooks = RuntimeSpec.Hooks(
        prestart: [hook("prestart", log)], createRuntime: [hook("createRuntime", log)],
        createContainer: [hook("createContainer", log)], startContainer: [hook("startContainer", log)],
        poststart: [hook("poststart", log)], poststop: [hook("poststop", log)])
      try monitor.create(["sleep", "1000"])
      let created = "prestart creating host\ncreateRuntime creating host\ncreateContainer creating container\n"
      #expect(try readText(log) == created)
      try monitor.require("start", "c")
      let started = created + "startContainer created container\npoststart running host\n"
      #expect(try readText(log) == started)
      try monitor.require("delete", "--force", "c")
      #expect(try readText(log) == started + "poststop stopped host\n")
    }
  }

  @Test("run calls all of them too")
  func run() throws {
    try withMonitor { monitor throws in
      let log = "\(monitor.folder)/log"
      monitor.spec.hooks = RuntimeSpec.Hooks(
        createRuntime: [hook("createRuntime", log)], poststart: [hook("poststart", log)],
        poststop: [hook("poststop", log)])
      #expect(try monitor.run(["true"]).code == 0)
      #expect(try readText(log) == "createRuntime creating host\npoststart running host\npoststop stopped host\n")
    }
  }

  @Test(
    "a hook that fails fails the creation, and the poststop hooks run",
    arguments: ["prestart", "createRuntime", "createContainer", "startContainer"])
  func failure(point: String) throws {
    try withMonitor { monitor throws in
      let log = "\(monitor.folder)/log"
      let failing = RuntimeSpec.Hook(path: "/bin/sh", args: ["sh", "-c", "exit 3"])
      var hooks = RuntimeSpec.Hooks(poststop: [hook("poststop", log)])
      switch point {
      case "prestart": hooks.prestart = [failing]
      case "createRuntime": hooks.createRuntime = [failing]
      case "createContainer": hooks.createContainer = [failing]
      default: hooks.startContainer = [failing]
      }
      monitor.spec.hooks = hooks
      let outcome = try monitor.run(["true"])
      #expect(outcome.code == 1)
      #expect(outcome.errors == "skiff-monitor: hook \"/bin/sh\" failed: exit status 3\n")
      #expect(try readText(log) == "poststop stopped host\n")
    }
  }

  @Test("poststart and poststop hooks that fail are a warning")
  func warning() throws {
    try withMonitor { monitor throws in
      let failing = RuntimeSpec.Hook(path: "/bin/false")
      monitor.spec.hooks = RuntimeSpec.Hooks(poststart: [failing], poststop: [failing])
      let outcome = try monitor.run(["true"])
      let warning = "skiff-monitor: warning: hook \"/bin/false\" failed: exit status 1\n"
      #expect(outcome == Outcome(code: 0, output: [], errors: warning + warning))
    }
  }

  @Test("a hook that takes too long is killed")
  func timeout() throws {
    try withMonitor { monitor throws in
      monitor.spec.hooks = RuntimeSpec.Hooks(createRuntime: [
        RuntimeSpec.Hook(path: "/bin/sleep", args: ["sleep", "1000"], timeout: 1)
      ])
      #expect(
        try monitor.run(["true"]).errors
          == "skiff-monitor: hook \"/bin/sleep\" did not end within 1 s and was killed\n")
    }
  }

  @Test("a hook that does not read its state is no harm")
  func deafHook() throws {
    try withMonitor { monitor throws in
      monitor.spec.annotations = ["large": String(repeating: "x", count: 200_000)]
      monitor.spec.hooks = RuntimeSpec.Hooks(createRuntime: [RuntimeSpec.Hook(path: "/bin/true")])
      #expect(try monitor.run(["true"]) == Outcome(code: 0, output: [], errors: ""))
    }
  }

  @Test("a start hook runs under a filter that forbids clone3, as Docker's does")
  func startHookWithoutClone3() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.seccomp = RuntimeSpec.SeccompProfile(
        defaultAction: .allow, architectures: [.x86_64],
        syscalls: [RuntimeSpec.SeccompProfile.Rule(names: ["clone3"], action: .errno, errnoRet: 38)])
      monitor.spec.hooks = RuntimeSpec.Hooks(startContainer: [
        RuntimeSpec.Hook(path: "/bin/touch", args: ["touch", "/tmp/hooked"])
      ])
      #expect(try monitor.run(["ls", "/tmp"]) == Outcome(code: 0, output: Array("hooked\n".utf8), errors: ""))
    }
  }

  @Test("the init of --init forks under such a filter too, passes the exit code on and reaps")
  func initWithoutClone3() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.seccomp = RuntimeSpec.SeccompProfile(
        defaultAction: .allow, architectures: [.x86_64],
        syscalls: [RuntimeSpec.SeccompProfile.Rule(names: ["clone3"], action: .errno, errnoRet: 38)])
      try replaceFile("\(monitor.rootfs)/bin/skiff-init", [], mode: 0o755)
      monitor.spec.mounts.append(
        RuntimeSpec.Mount(
          destination: "/bin/skiff-init", type: "bind", source: monitor.program, options: ["bind", "ro"]))
      let outcome = try monitor.run(["skiff-init", "--", "/bin/sh", "sh", "-c", "echo $$ $PPID; exit 7"])
      #expect(outcome == Outcome(code: 7, output: Array("2 1\n".utf8), errors: ""))
    }
  }
}
