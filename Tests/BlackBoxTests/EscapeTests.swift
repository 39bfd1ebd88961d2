import Glibc
import Linux
import OCI
import Testing

/// Images and containers that try to reach the host.
@Suite("hostile images") struct EscapeTests {
  @Test("a mount target that is a link out of the image stays inside", arguments: ["../../../../..", ""])
  func linkedTarget(prefix: String) throws {
    try withMonitor { monitor throws in
      let outside = "\(monitor.folder)/outside"
      try makeDirectory(outside)
      try makeDirectory("\(monitor.folder)/data")
      try symlink("\(prefix)\(outside)", "\(monitor.rootfs)/target")
      monitor.spec.mounts.append(
        RuntimeSpec.Mount(
          destination: "/target/here", type: "bind", source: "\(monitor.folder)/data", options: ["rbind"]))
      _ = try monitor.run(["true"])
      #expect(try open(outside, O_RDONLY | O_DIRECTORY).entries() == [])
    }
  }

  @Test("a link in the image at /proc or /sys is refused", arguments: ["proc", "sys"])
  func linkedProc(name: String) throws {
    try withMonitor { monitor throws in
      try unlink("\(monitor.rootfs)/\(name)", isDirectory: true)
      try symlink("tmp", "\(monitor.rootfs)/\(name)")
      let outcome = try monitor.run(["true"])
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("cannot mount \"/\(name)\""), "\(outcome)")
      #expect(outcome.errors.contains("too many levels of symbolic links"), "\(outcome)")
    }
  }

  @Test("a volume over /proc is refused, and one over a file in it by whatever path (CVE-2019-19921)")
  func volumeOverProc() throws {
    try withMonitor { monitor throws in
      try makeDirectory("\(monitor.folder)/data")
      try symlink("/proc/sys", "\(monitor.rootfs)/alias")
      let mounts = monitor.spec.mounts
      for (destination, reason) in [
        ("/proc", "it is not of type proc"), ("/proc/sys", "it is inside /proc"), ("/alias", "it is inside /proc"),
        ("/tmp/../proc/./sys", "it is inside /proc"),
      ] {
        for type in ["bind", "tmpfs"] {
          monitor.spec.mounts =
            mounts + [
              RuntimeSpec.Mount(
                destination: destination, type: type, source: "\(monitor.folder)/data",
                options: type == "bind" ? ["rbind"] : [])
            ]
          let outcome = try monitor.run(["true"])
          #expect(outcome.errors == "skiff-monitor: \"\(destination)\" cannot be mounted because \(reason)\n")
        }
      }
    }
  }

  @Test("a working directory that goes through a descriptor of ours makes nothing on the host (CVE-2024-21626)")
  func workingDirectoryMakesNothing() throws {
    try withMonitor { monitor throws in
      for number in 0..<24 {
        let up = String(repeating: "../", count: 12)
        monitor.spec.process?.cwd = "/proc/self/fd/\(number)/\(up)\(monitor.folder.dropFirst())/made-\(number)"
        let outcome = try monitor.run(["true"])
        #expect(outcome.code == 1, "\(number)")
      }
      #expect(try open(monitor.folder, O_RDONLY | O_DIRECTORY).entries().filter { $0.hasPrefix("made") } == [])
    }
  }

  @Test("a working directory that is a descriptor of ours is refused, by run and by exec (CVE-2024-21626)")
  func workingDirectoryIsDescriptor() throws {
    try withMonitor { monitor throws in
      try monitor.launchIdle()
      for number in 3..<24 {
        let outcome = try monitor.execute("cat /etc/hostname", "--cwd", "/proc/self/fd/\(number)")
        #expect(outcome.code != 0, "\(number): \(outcome)")
      }
      try monitor.require("delete", "--force", "c")
      for number in 3..<24 {
        monitor.spec.process?.cwd = "/proc/self/fd/\(number)"
        let outcome = try monitor.run(["pwd"])
        #expect(outcome.code != 0, "\(number): \(outcome)")
      }
    }
  }

  @Test("with the host's processes in sight, their root is no working directory")
  func workingDirectoryOfHostProcess() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.namespaces.removeAll { $0.type == .pid }
      monitor.spec.process?.cwd = "/proc/\(getpid())/root/tmp"
      let outcome = try monitor.run(["true"])
      #expect(outcome.errors.hasSuffix("is outside of the container\n"), "\(outcome)")
    }
  }

  @Test("a container that holds the running monitor's binary open cannot write to it (CVE-2019-5736)")
  func ownBinary() throws {
    try withMonitor { monitor throws in
      // A copy, for what happens when this fails.
      let copy = "\(monitor.folder)/monitor-copy"
      let bytes = try readFile(monitor.program, limit: 64 << 20)
      try replaceFile(copy, bytes, mode: 0o755)
      // The monitor itself is executed inside the container, and stays: the state that it reads is a fifo.
      try makeDirectories("\(monitor.rootfs)/r/x")
      guard mkfifo("\(monitor.rootfs)/r/x/state.json", 0o600) == 0 else { throw TestFailure("mkfifo") }
      try monitor.launchIdle()
      let victim = try monitor.start(
        ["exec", "c", "/proc/self/exe", "--root", "/r", "state", "x"], program: copy)
      let attack = try monitor.execute(
        """
        while :; do
          for p in /proc/[0-9]*; do
            tr '\\0' ' ' <$p/cmdline 2>/dev/null | grep -q '^/proc/self/exe ' && break 2
          done
        done
        [ "$(head -c 4 $p/exe | cut -c 2-4)" = ELF ] && echo found
        exec 9<$p/exe
        kill -KILL ${p#/proc/}
        while [ -e $p ]; do :; done
        # The one that waits for it runs the same file, and nobody writes to what runs.
        while :; do
          error=$( (echo overwritten >/proc/self/fd/9) 2>&1) && exit 0
          case $error in *busy*) ;; *) echo "${error##*: }"; exit 1 ;; esac
        done
        """)
      #expect(attack.text == "found\nRead-only file system\n")
      #expect(attack.code == 1)
      #expect(try victim.wait().code == 137)
      #expect(try readFile(copy, limit: 64 << 20) == bytes)
    }
  }

  @Test("the /dev/null that hides a path is the host's, whatever the image has there (CVE-2025-31133)")
  func maskingNull() throws {
    try withMonitor { monitor throws in
      // /dev of the image itself, in which /dev/null leads to a file of the kernel.
      monitor.spec.mounts.removeAll { $0.destination.hasPrefix("/dev") }
      try symlink("/proc/sys/kernel/core_pattern", "\(monitor.rootfs)/dev/null")
      let outcome = try monitor.script("cat /proc/keys; grep -c ' /null /proc/keys ' /proc/self/mountinfo")
      #expect(outcome.text == "1\n", "\(outcome)")
    }
  }

  @Test("a link in the image at /dev/console gets no terminal mounted over its target (CVE-2025-52565)")
  func linkedConsole() throws {
    try withMonitor { monitor throws in
      monitor.spec.mounts.removeAll { $0.destination == "/dev" }
      try symlink("/proc/cpuinfo", "\(monitor.rootfs)/dev/console")
      monitor.spec.process?.terminal = true
      let outcome = try monitor.run(["true"])
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("too many levels of symbolic links"), "\(outcome)")
    }
  }

  @Test("a container's /dev/pts that is no devpts gives exec no terminal")
  func replacedTerminals() throws {
    try withMonitor { monitor throws in
      let target = "\(monitor.folder)/outside"
      guard mkfifo(target, 0o600) == 0 else { throw TestFailure("mkfifo") }
      monitor.spec.mounts.removeAll { $0.destination.hasPrefix("/dev") }
      try makeDirectory("\(monitor.rootfs)/dev/pts")
      // Opened by us, this link would lead to a fifo of the host, and us to wait there.
      try symlink(target, "\(monitor.rootfs)/dev/pts/ptmx")
      try monitor.launchIdle()
      let outcome = try monitor.execute("true", "-t")
      #expect(outcome.code == 1)
      #expect(outcome.errors.contains("no devpts"), "\(outcome)")
    }
  }

  @Test("an image's passwd that is a link, a fifo or endless is not followed out and does not stop a start")
  func hostilePasswd() throws {
    try withMonitor { monitor throws in
      let passwd = "\(monitor.rootfs)/etc/passwd"
      try unlink(passwd)
      try replaceFile("\(monitor.folder)/outside", Array("root:x:0:0::/leaked:/bin/sh\n".utf8))
      try symlink("../../../../../../\(monitor.folder)/outside", passwd)
      #expect(try monitor.run(["env"]).lines == ["PATH=/bin", "HOME=/"])
      try unlink(passwd)
      guard mkfifo(passwd, 0o644) == 0 else { throw TestFailure("mkfifo") }
      #expect(try monitor.run(["env"]).lines == ["PATH=/bin", "HOME=/"])
      try unlink(passwd)
      try symlink("/dev/zero", passwd)
      #expect(try monitor.run(["env"]).lines == ["PATH=/bin", "HOME=/"])
    }
  }

  @Test("zero bytes in the spec's texts are refused")
  func zeroBytes() throws {
    try withMonitor { monitor throws in
      monitor.spec.mounts.append(
        RuntimeSpec.Mount(destination: "/m", type: "bind", source: "/tmp\0/x", options: ["rbind"]))
      let outcome = try monitor.run(["true"])
      #expect(outcome.errors == "skiff-monitor: \"/tmp\\0/x\" contains a zero byte\n")
    }
  }
}
