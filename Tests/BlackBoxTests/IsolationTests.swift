import Glibc
import Linux
import OCI
import Testing

@Suite("run: what a container sees") struct IsolationTests {
  @Test("no descriptor of ours is inside: 0, 1, 2 and the one that ls opened")
  func descriptors() throws {
    try withMonitor { monitor throws in
      #expect(try monitor.run(["ls", "/proc/self/fd"]).lines == ["0", "1", "2", "3"])
    }
  }

  @Test("its namespaces are new ones", arguments: ["pid", "mnt", "net", "uts", "ipc", "cgroup"])
  func namespaces(kind: String) throws {
    try withMonitor { monitor throws in
      let inside = try monitor.run(["readlink", "/proc/self/ns/\(kind)"]).lines
      #expect(inside.count == 1)
      #expect(inside.first?.hasPrefix("\(kind):[") == true)
      #expect(try inside != [readLink("/proc/self/ns/\(kind)")])
    }
  }

  @Test("without a network namespace it is in the host's, by a path in that of the path")
  func sharedNetwork() throws {
    try withMonitor { monitor throws in
      let host = try readLink("/proc/self/ns/net")
      monitor.spec.linux?.namespaces.removeAll { $0.type == .network }
      #expect(try monitor.run(["readlink", "/proc/self/ns/net"]).lines == [host])
      monitor.spec.linux?.namespaces.append(RuntimeSpec.Namespace(type: .network, path: "/proc/\(getpid())/ns/net"))
      #expect(try monitor.run(["readlink", "/proc/self/ns/net"]).lines == [host])
    }
  }

  @Test("it joins another container's namespaces by their paths", arguments: ["network", "ipc", "uts", "pid"])
  func joinedNamespaces(kind: String) throws {
    try withMonitor { monitor throws in
      let type = try #require(RuntimeSpec.Namespace.Kind(rawValue: kind))
      let file = ["network": "net"][kind] ?? kind
      try monitor.launchIdle(id: "first")
      let path = "/proc/\(try #require(monitor.state("first").pid))/ns/\(file)"
      let first = try readLink(path)
      monitor.spec.linux?.namespaces.removeAll { $0.type == type }
      monitor.spec.linux?.namespaces.append(RuntimeSpec.Namespace(type: type, path: path))
      if kind == "uts" { monitor.spec.hostname = "" }
      monitor.spec.linux?.cgroupsPath = "/\(monitor.name)/second"
      monitor.spec.process?.args = ["readlink", "/proc/self/ns/\(file)"]
      try monitor.writeBundle()
      let second = try monitor.call("run", "--bundle", "\(monitor.folder)/bundle", "second")
      #expect(second.lines == [first], "\(second)")
    }
  }

  @Test("it is process 1, alone, and has the host name of the spec")
  func processes() throws {
    try withMonitor { monitor throws in
      #expect(try monitor.script("echo $$; ls -d /proc/[0-9]*; hostname").lines == ["1", "/proc/1", "busybox"])
    }
  }

  @Test("the loopback interface is up")
  func loopback() throws {
    try withMonitor { monitor throws in
      #expect(try monitor.script("ip -o link show lo | grep -c LOOPBACK,UP").lines == ["1"])
    }
  }

  @Test("a host name without a uts namespace of its own is refused, and the host keeps its own")
  func sharedHostName() throws {
    try withMonitor { monitor throws in
      let before = try readText("/proc/sys/kernel/hostname")
      monitor.spec.linux?.namespaces.removeAll { $0.type == .uts }
      monitor.spec.hostname = before.split(separator: "\n").joined()
      let outcome = try monitor.run(["true"])
      #expect(outcome.code == 1)
      #expect(
        outcome.errors == "skiff-monitor: cannot set a host name without a uts namespace of the container's own\n")
      #expect(try readText("/proc/sys/kernel/hostname") == before)
    }
  }

  @Test("masked files are empty, masked directories too")
  func masked() throws {
    try withMonitor { monitor throws in
      let outcome = try monitor.script(
        "for f in keys timer_list interrupts; do cat /proc/$f; done; ls -A /sys/firmware; touch /sys/firmware/x; echo $?"
      )
      #expect(outcome.text == "1\n")
    }
  }

  @Test(
    "read-only paths answer EROFS",
    arguments: [
      "/proc/sys/kernel/domainname", "/proc/irq/default_smp_affinity", "/sys/kernel/profiling",
    ])
  func readOnly(path: String) throws {
    try withMonitor { monitor throws in
      let outcome = try monitor.script("echo x >\(path)")
      #expect(outcome.code == 1)
      #expect(outcome.errors == "sh: can't create \(path): Read-only file system\n")
    }
  }

  @Test("a read-only root is read-only, and what is mounted in it is not")
  func readOnlyRoot() throws {
    try withMonitor { monitor throws in
      monitor.spec.root?.readonly = true
      let outcome = try monitor.script("touch /x; touch /dev/shm/y && echo shm")
      #expect(outcome.text == "shm\n")
      #expect(outcome.errors == "touch: /x: Read-only file system\n")
    }
  }

  @Test("/dev holds the default nodes and links and nothing else")
  func devices() throws {
    try withMonitor { monitor throws in
      let outcome = try monitor.script(
        "cd /dev; for f in *; do [ -L $f ] && echo $f '->' $(readlink $f) || stat -c '%n %F %t:%T %a' $f; done")
      // As runc has it: a kernel without kcore gives no link to it.
      let core = access("/proc/kcore", F_OK) == 0 ? "core -> /proc/kcore\n" : ""
      #expect(
        outcome.text == core + """
          fd -> /proc/self/fd
          full character special file 1:7 666
          mqueue directory 0:0 1777
          null character special file 1:3 666
          ptmx -> pts/ptmx
          pts directory 0:0 755
          random character special file 1:8 666
          shm directory 0:0 1777
          stderr -> /proc/self/fd/2
          stdin -> /proc/self/fd/0
          stdout -> /proc/self/fd/1
          tty character special file 5:0 666
          urandom character special file 1:9 666
          zero character special file 1:5 666

          """)
    }
  }

  @Test("a device of the spec has its numbers, mode and owner, whatever the caller's umask")
  func ownDevice() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.devices = [
        RuntimeSpec.Device(
          type: .character, path: "/dev/deep/fuse", major: 10, minor: 229, fileMode: 0o622, uid: 7, gid: 8)
      ]
      #expect(try monitor.run(["stat", "-c", "%t:%T %a %u:%g", "/dev/deep/fuse"]).text == "a:e5 622 7:8\n")
    }
  }

  @Test("the size of /dev/shm is the spec's, and it is mounted as asked")
  func sharedMemory() throws {
    try withMonitor { monitor throws in
      let line = try monitor.script("grep ' /dev/shm ' /proc/mounts").text
      #expect(line == "shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=8192k 0 0\n")
    }
  }

  @Test("message queues and terminals are its own instances")
  func ownInstances() throws {
    try withMonitor { monitor throws in
      let text = try monitor.script("grep -E ' /dev/(mqueue|pts) ' /proc/mounts | cut -d ' ' -f 2,3; ls /dev/pts").text
      #expect(text == "/dev/pts devpts\n/dev/mqueue mqueue\nptmx\n")
    }
  }

  @Test("a sysctl of its namespaces is set there")
  func sysctl() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.sysctl = [
        "net.ipv4.ip_forward": "1", "kernel.msgmax": "4096", "net/ipv4/conf/lo/forwarding": "1",
      ]
      let text = try monitor.script("cd /proc/sys; cat net/ipv4/ip_forward kernel/msgmax net/ipv4/conf/lo/forwarding")
        .text
      #expect(text == "1\n4096\n1\n")
    }
  }

  @Test(
    "a sysctl that is the host's is refused by name",
    arguments: [
      "kernel.panic_on_warn", "vm.swappiness", "fs.file-max", "net/../kernel/panic_on_warn", "kernel.msgmax.", "",
    ])
  func sharedSysctl(key: String) throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.sysctl = [key: "0"]
      let outcome = try monitor.run(["true"])
      #expect(outcome.code == 1)
      #expect(
        outcome.errors == "skiff-monitor: sysctl \"\(key)\" is not in a separate kernel namespace\n"
          || outcome.errors == "skiff-monitor: invalid sysctl \"\(key)\"\n")
    }
  }

  @Test("a sysctl of a namespace that it shares with the host is refused", arguments: ["", "/proc/self/ns/net"])
  func sharedNamespaceSysctl(path: String) throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.namespaces.removeAll { $0.type == .network }
      if !path.isEmpty { monitor.spec.linux?.namespaces.append(RuntimeSpec.Namespace(type: .network, path: path)) }
      monitor.spec.linux?.sysctl = ["net.ipv4.ip_default_ttl": "64"]
      let outcome = try monitor.run(["true"])
      #expect(
        outcome.errors == "skiff-monitor: sysctl \"net.ipv4.ip_default_ttl\" is not in a separate kernel namespace\n")
    }
  }

  @Test("it sees its own cgroups, as their root, and cannot write to them")
  func cgroups() throws {
    try withMonitor { monitor throws in
      let outcome = try monitor.script(
        "cut -d : -f 3 /proc/self/cgroup | sort -u; mkdir $(ls -d /sys/fs/cgroup/* | head -n 1)/x")
      #expect(outcome.lines == ["/"])
      #expect(outcome.errors.contains("Read-only file system"))
    }
  }

  @Test("without a cgroup namespace it sees its own cgroups and not the host's")
  func cgroupsWithoutNamespace() throws {
    try withMonitor { monitor throws in
      monitor.spec.linux?.namespaces.removeAll { $0.type == .cgroup }
      let outcome = try monitor.script(
        "cat /sys/fs/cgroup/memory/cgroup.procs | wc -l; ls -d /sys/fs/cgroup/*/skiff-test*")
      #expect(outcome.lines.first.flatMap { Int($0) } ?? 0 <= 3)
      #expect(outcome.errors.contains("No such file"))
    }
  }
}
