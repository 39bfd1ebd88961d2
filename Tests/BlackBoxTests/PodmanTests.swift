import Glibc
import Linux
import Testing

/// Debian's podman, which knows us only as an OCI runtime.
@Suite("podman") struct PodmanTests {
  @Test("podman runs, execs into and stops a container through the monitor")
  func life() throws {
    try withMonitor { monitor throws in
      let peers = try repositoryFile("scripts/peers")
      // A root of its own to run in, storage that needs no kernel support, and nothing of a user's configuration.
      func podman(_ words: String...) throws -> Outcome {
        let program = try Program(
          "/bin/bash",
          [
            "bash", peers, "run-here", "podman", "--root", "\(monitor.folder)/storage", "--runroot",
            "\(monitor.folder)/run", "--storage-driver", "vfs", "--cgroup-manager", "cgroupfs", "--events-backend",
            "none", "--runtime", monitor.program,
          ] + words,
          stem: "\(monitor.folder)/podman",
          environment: [
            "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(monitor.folder)",
            "PEERS_BIND=/tmp:\(monitor.program.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" })",
          ])
        return try program.wait()
      }
      let run = try podman(
        "run", "-d", "--name", "c", "--network", "none", "--cgroup-parent", "/\(monitor.name)", "--rootfs",
        monitor.rootfs, "sh", "-c", "trap 'exit 3' TERM; echo started; while :; do sleep 0.05; done")
      guard run.code == 0 else { throw TestFailure("podman run: \(run)") }
      defer { _ = try? podman("rm", "-f", "-t", "0", "c") }
      _ = try eventually("it has started") { try podman("logs", "c").text == "started\n" ? true : nil }
      #expect(try podman("exec", "c", "sh", "-c", "echo inside $$; exit 4").code == 4)
      #expect(try podman("exec", "c", "cat", "/proc/1/comm").text == "sh\n")
      let stop = try podman("stop", "-t", "20", "c")
      #expect(stop.code == 0, "\(stop)")
      #expect(try podman("inspect", "-f", "{{.State.ExitCode}} {{.State.Status}}", "c").text == "3 exited\n")
      #expect(try podman("rm", "c").code == 0)
      // Podman leaves the cgroup of its own conmon, which may still be on its way out.
      for folder in try monitor.cgroupFolders() {
        _ = try eventually("conmon has left its cgroup") {
          rmdir("\(folder)/conmon") == 0 || errno == ENOENT ? true : nil
        }
      }
    }
  }

  /// A file of the repository, from wherever the tests run.
  private func repositoryFile(_ path: String, _ here: StaticString = #filePath) throws -> String {
    let root = "\(here)".split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
    let file = "\(root)/\(path)"
    guard access(file, X_OK) == 0 else { throw TestFailure("there is no \(file)") }
    return file
  }
}
