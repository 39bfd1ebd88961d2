import LaunchPlan
import OCI
import Testing

/// Each test says how one option changes the plan of a plain container. The expected lines were compared with the
/// `config.json` that a real Docker 28.5 wrote for the same option.
@Suite("plan with options")
struct VariantTests {
  @Test("a terminal gives TERM, which the user's replaces in its place")
  func terminal() throws {
    #expect(
      try Fixture.diff {
        $0.spec.streams.hasTerminal = true
        $0.spec.program.environment = ["A=b", "TERM=foo"]
        $0.inputs.consoleSize = RuntimeSpec.ConsoleSize(height: 24, width: 80)
      } == """
        - streams pipes
        + env TERM=foo
        + env A=b
        + streams terminal 80x24
        """)
  }

  @Test("a variable's name alone takes a default away")
  func removedVariable() throws {
    #expect(
      try Fixture.diff { $0.spec.program.environment = ["HOSTNAME", "B"] } == "- env HOSTNAME=24b938a45c46")
  }

  @Test("--init, a user, groups, a directory and no new privileges go to the process")
  func process() throws {
    #expect(
      try Fixture.diff {
        $0.spec.lifecycle.hasInit = true
        $0.spec.program.user = "1000:100"
        $0.spec.security.additionalGroups = ["5", "audio"]
        $0.spec.program.workingDirectory = "/w"
        $0.spec.security.hasNoNewPrivileges = true
        $0.spec.streams.isInputOpen = true
        $0.spec.resources.oomScoreAdjustment = 500
      } == """
        - run ["true"] in /
        - user root
        - streams pipes
        + run ["true"] under init in /w
        + user 1000:100 +5 +audio
        + streams pipes, input
        + no new privileges
        + oom score 500
        """)
  }

  @Test("no init runs in a process namespace that is not the container's own")
  func initInHost() throws {
    #expect(
      try Fixture.diff {
        $0.spec.lifecycle.hasInit = true
        $0.spec.namespaces.process = .host
      } == "- namespace pid")
  }

  @Test("names become the host name, HOSTNAME and a sysctl")
  func names() throws {
    #expect(
      try Fixture.diff {
        $0.spec.network.hostname = "web"
        $0.spec.network.domainname = "example.org"
      } == """
        - env HOSTNAME=24b938a45c46
        - hostname 24b938a45c46
        + env HOSTNAME=web
        + hostname web
        + sysctl kernel.domainname=example.org
        """)
  }

  @Test("--read-only makes Docker's files in /etc read-only too, and not what the user mounts")
  func readOnly() throws {
    #expect(
      try Fixture.diff {
        $0.spec.security.isRootReadOnly = true
        $0.spec.mounts = [MountSpec("/run", .tmpfs(.init()), origin: .tmpfsFlag)]
      } == """
        - root /root
        - mount /etc/resolv.conf bind /run/resolv.conf rbind,rprivate
        - mount /etc/hostname bind /run/hostname rbind,rprivate
        - mount /etc/hosts bind /run/hosts rbind,rprivate
        + root /root read-only
        + mount /run tmpfs tmpfs noexec,nosuid,nodev,rprivate
        + mount /etc/resolv.conf bind /run/resolv.conf rbind,rro,rprivate
        + mount /etc/hostname bind /run/hostname rbind,rro,rprivate
        + mount /etc/hosts bind /run/hosts rbind,rro,rprivate
        """)
  }

  @Test("the host's namespaces are left out, and with its network the sysctls of one")
  func hostNamespaces() throws {
    #expect(
      try Fixture.diff {
        $0.spec.network.mode = .host
        $0.spec.namespaces.process = .host
        $0.spec.namespaces.ipc = .host
        $0.spec.namespaces.uts = .host
        $0.spec.namespaces.cgroup = .host
      } == """
        - env HOSTNAME=24b938a45c46
        - hostname 24b938a45c46
        - mount /dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=67108864
        - namespace network
        - namespace uts
        - namespace pid
        - namespace ipc
        - namespace cgroup
        - sysctl net.ipv4.ip_unprivileged_port_start=0
        - sysctl net.ipv4.ping_group_range=0 2147483647
        + env HOSTNAME=vm
        + mount /dev/shm bind /dev/shm rbind,rprivate
        """)
  }

  @Test("another container's namespaces are joined, with its name and its shared memory")
  func joinedNamespaces() throws {
    #expect(
      try Fixture.diff {
        $0.spec.network.mode = .container(id: "7dbbba22aa87")
        $0.spec.namespaces.process = .container(id: "7dbbba22aa87")
        $0.spec.namespaces.ipc = .container(id: "7dbbba22aa87")
        $0.inputs.joined.network = "/proc/7/ns/net"
        $0.inputs.joined.process = "/proc/7/ns/pid"
        $0.inputs.joined.ipc = "/proc/7/ns/ipc"
        $0.inputs.joined.hostname = "other"
        $0.inputs.joined.sharedMemory = "/run/other/shm"
      } == """
        - env HOSTNAME=24b938a45c46
        - hostname 24b938a45c46
        - mount /dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=67108864
        - namespace network
        - namespace pid
        - namespace ipc
        - sysctl net.ipv4.ip_unprivileged_port_start=0
        - sysctl net.ipv4.ping_group_range=0 2147483647
        + env HOSTNAME=other
        + hostname other
        + mount /dev/shm bind /run/other/shm rbind,rprivate
        + namespace network of /proc/7/ns/net
        + namespace pid of /proc/7/ns/pid
        + namespace ipc of /proc/7/ns/ipc
        """)
  }

  @Test("--ipc none has no shared memory")
  func noSharedMemory() throws {
    #expect(
      try Fixture.diff { $0.spec.namespaces.ipc = .none }
        == "- mount /dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=67108864")
  }

  @Test("limits of memory, CPUs, tasks and files")
  func limits() throws {
    #expect(
      try Fixture.diff {
        $0.spec.resources.memory.limit = 64 << 20
        $0.spec.resources.memory.reservation = 32 << 20
        $0.spec.resources.memory.swappiness = 10
        $0.spec.resources.cpu.nanoCPUs = 1_500_000_000
        $0.spec.resources.cpu.shares = 512
        $0.spec.resources.cpu.cpus = "0"
        $0.spec.resources.tasksMax = 100
        $0.spec.resources.ulimits = [
          .init(.core, soft: -1, hard: -1), .init(.openFiles, soft: 1024, hard: 2048),
        ]
        $0.spec.resources.sharedMemoryBytes = 128 << 20
      } == """
        - mount /dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=67108864
        + rlimit RLIMIT_CORE unlimited:unlimited
        + rlimit RLIMIT_NOFILE 1024:2048
        + mount /dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=134217728
        + limit memory 67108864
        + limit memory reservation 33554432
        + limit memory and swap 134217728
        + limit swappiness 10
        + limit cpu shares 512
        + limit cpu quota 150000
        + limit cpu period 100000
        + limit cpus 0
        + limit tasks 100
        """)
  }

  @Test("no limit of swap is not said, no limit of tasks is: the parent's default may be another")
  func unlimited() throws {
    #expect(
      try Fixture.diff {
        $0.spec.resources.memory.limit = 64 << 20
        $0.spec.resources.memory.memoryAndSwap = -1
        $0.spec.resources.tasksMax = 0
      } == """
        + limit memory 67108864
        + limit tasks -1
        """)
  }

  @Test("limits of block devices go by the devices' numbers")
  func blockDevices() throws {
    #expect(
      try Fixture.diff {
        $0.host.hasBlockIOWeight = true
        $0.spec.resources.blockIO.weight = 300
        $0.spec.resources.blockIO.readBytesPerSecond = [.init(path: "/dev/vda", rate: 1 << 20)]
        $0.inputs.devices = ["/dev/vda": [HostDevice("/dev/vda", .block, 254, 0)]]
      } == """
        + limit block weight 300
        + limit reads in bytes of 254:0 1048576
        """)
  }

  @Test("annotations and the log's bounds are passed on")
  func annotations() throws {
    #expect(
      try Fixture.diff {
        $0.spec.lifecycle.annotations = ["a": "b"]
        $0.spec.lifecycle.log.options = [
          "max-size": "1m", "max-file": "5", "labels": "l", "tag": "<{{ .ID }}>",
        ]
        $0.spec.program.labels = ["l": "v", "m": "w"]
      } == """
        - log 10485760 bytes x 3
        + annotation a=b
        + log 1048576 bytes x 5 l=v tag=<\(Fixture.id.prefix(12))>
        """)
  }
}
