import EngineClient
import Testing

@testable import Commands

@Suite("What run and create ask for")
struct LaunchTests {
  /// How the request of a command line differs from that of `create image`, member by member.
  private func request(_ words: String) throws -> String {
    do {
      let plain = try document(["image"])
      let asked = try document(words.split(separator: " ").map(String.init) + ["image"])
      return differences("", plain, asked).joined(separator: "\n")
    } catch let error as LaunchProblem { return error.reason } catch let error as CommandError {
      return String(error.message.prefix { $0 != "\n" })
    }
  }

  private func document(_ words: [String]) throws -> JSONValue {
    var options = ContainerOptions()
    let parser = FlagParser(flags: ContainerOptions.flags, allowsFlagsAfterArguments: false)
    let arguments: [String]
    do { arguments = try parser.parse(words, into: &options) } catch { throw CommandError(error.reason) }
    return try options.document(
      image: arguments[0], command: Array(arguments.dropFirst()), attaches: options.process.attaches,
      .init(environment: ["FOO": "ours"], directory: "/home/me"))
  }

  private func differences(_ path: String, _ old: JSONValue, _ new: JSONValue) -> [String] {
    guard case .object = old, case .object(let members) = new else {
      return old == new ? [] : ["\(path) \(new.compact)"]
    }
    let gone = old.members.filter { member in !members.contains { $0.name == member.name } }
    return members.flatMap { differences(path.isEmpty ? $0.name : "\(path).\($0.name)", old[$0.name], $0.value) }
      + gone.map { "\(path).\($0.name) is gone" }
  }

  @Test("nothing asked for is what Docker's client sends then")
  func plain() throws {
    #expect(
      try document(["image"]).compact
        == #"{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":true,"AttachStderr":true,"Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":null,"Cmd":null,"Image":"image","Volumes":{},"WorkingDir":"","Entrypoint":null,"OnBuild":null,"Labels":{},"HostConfig":{"Binds":null,"ContainerIDFile":"","LogConfig":{"Type":"","Config":{}},"NetworkMode":"default","PortBindings":{},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":false,"VolumeDriver":"","VolumesFrom":null,"ConsoleSize":[0,0],"CapAdd":null,"CapDrop":null,"CgroupnsMode":"","Dns":[],"DnsOptions":[],"DnsSearch":[],"ExtraHosts":null,"GroupAdd":null,"IpcMode":"","Cgroup":"","Links":null,"OomScoreAdj":0,"PidMode":"","Privileged":false,"PublishAllPorts":false,"ReadonlyRootfs":false,"SecurityOpt":null,"UTSMode":"","UsernsMode":"","ShmSize":0,"Isolation":"","CpuShares":0,"Memory":0,"NanoCpus":0,"CgroupParent":"","BlkioWeight":0,"BlkioWeightDevice":[],"BlkioDeviceReadBps":[],"BlkioDeviceWriteBps":[],"BlkioDeviceReadIOps":[],"BlkioDeviceWriteIOps":[],"CpuPeriod":0,"CpuQuota":0,"CpuRealtimePeriod":0,"CpuRealtimeRuntime":0,"CpusetCpus":"","CpusetMems":"","Devices":[],"DeviceCgroupRules":null,"DeviceRequests":null,"MemoryReservation":0,"MemorySwap":0,"MemorySwappiness":-1,"OomKillDisable":false,"PidsLimit":0,"Ulimits":[],"CpuCount":0,"CpuPercent":0,"IOMaximumIOps":0,"IOMaximumBandwidth":0,"MaskedPaths":null,"ReadonlyPaths":null},"NetworkingConfig":{"EndpointsConfig":{"default":{"IPAMConfig":null,"Links":null,"Aliases":null,"MacAddress":"","DriverOpts":null,"GwPriority":0,"NetworkID":"","EndpointID":"","Gateway":"","IPAddress":"","IPPrefixLen":0,"IPv6Gateway":"","GlobalIPv6Address":"","GlobalIPv6PrefixLen":0,"DNSNames":null}}}}"#
    )
  }

  @Test(
    "each flag of process, mounts and resources is one member of the request",
    arguments: [
      ("-it --rm", "AttachStdin true\nTty true\nOpenStdin true\nStdinOnce true\nHostConfig.AutoRemove true"),
      ("-a stdout", "AttachStderr false"), ("-e A=1 -e FOO -e NOPE", #"Env ["A=1","FOO=ours","NOPE"]"#),
      (
        "-v /a:/b -v ./x/../y:/c:ro -v vol:/d -v /anon",
        "Volumes./anon {}\n" + #"HostConfig.Binds ["/a:/b","/home/me/y:/c:ro","vol:/d"]"#
      ),
      (
        "--mount type=bind,src=/a,dst=/b,readonly",
        #"HostConfig.Mounts [{"Type":"bind","Source":"/a","Target":"/b","ReadOnly":true}]"#
      ),
      (
        "--mount type=volume,source=v,target=/d,volume-nocopy",
        #"HostConfig.Mounts [{"Type":"volume","Source":"v","Target":"/d","VolumeOptions":{"NoCopy":true,"DriverConfig":{}}}]"#
      ),
      (
        "--mount type=tmpfs,target=/t,tmpfs-size=64m,tmpfs-mode=1770",
        #"HostConfig.Mounts [{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":67108864,"Mode":1016}}]"#
      ),
      ("--tmpfs /run --tmpfs /t:rw,size=64m", #"HostConfig.Tmpfs {"/run":"","/t":"rw,size=64m"}"#),
      ("--entrypoint sh", #"Entrypoint ["sh"]"#), ("-w /x -u 1:2", "User \"1:2\"\nWorkingDir \"/x\""),
      (
        "-m 512m --memory-swap -1 --cpus .5 --pids-limit 9",
        "HostConfig.Memory 536870912\nHostConfig.NanoCpus 500000000\nHostConfig.MemorySwap -1\nHostConfig.PidsLimit 9"
      ),
    ])
  func processFlags(_ words: String, _ expected: String) throws {
    #expect(try request(words) == expected)
  }

  @Test(
    "each flag of confinement, life and network is one member of the request",
    arguments: [
      (
        "--cap-add net_admin --cap-add all --cap-drop CAP_CHOWN",
        #"HostConfig.CapAdd ["ALL","CAP_NET_ADMIN"]"# + "\n" + #"HostConfig.CapDrop ["CAP_CHOWN"]"#
      ),
      (
        "--restart on-failure:3",
        "HostConfig.RestartPolicy.Name \"on-failure\"\nHostConfig.RestartPolicy.MaximumRetryCount 3"
      ),
      ("--health-cmd true --health-timeout 1m30s", #"Healthcheck {"Test":["CMD-SHELL","true"],"Timeout":90000000000}"#),
      ("--no-healthcheck", #"Healthcheck {"Test":["NONE"]}"#), ("--init=false", "HostConfig.Init false"),
      ("--ulimit nofile=1024:2048", #"HostConfig.Ulimits [{"Name":"nofile","Hard":2048,"Soft":1024}]"#),
      (
        "--security-opt no-new-privileges --security-opt seccomp=unconfined",
        #"HostConfig.SecurityOpt ["no-new-privileges","seccomp=unconfined"]"#
      ),
      (
        "--security-opt systempaths=unconfined",
        "HostConfig.SecurityOpt []\nHostConfig.MaskedPaths []\nHostConfig.ReadonlyPaths []"
      ),
      (
        "--device /dev/zero:/dev/z:r",
        #"HostConfig.Devices [{"PathOnHost":"/dev/zero","PathInContainer":"/dev/z","CgroupPermissions":"r"}]"#
      ),
      ("--network host", "HostConfig.NetworkMode \"host\"\nNetworkingConfig.EndpointsConfig.default is gone"),
      ("--add-host a:1.2.3.4 --add-host b=::1", #"HostConfig.ExtraHosts ["a:1.2.3.4","b:::1"]"#),
      (
        "-p 127.0.0.1:9000-9001:90-91/udp",
        "ExposedPorts {\"90/udp\":{},\"91/udp\":{}}\n"
          + #"HostConfig.PortBindings.90/udp [{"HostIp":"127.0.0.1","HostPort":"9000"}]"# + "\n"
          + #"HostConfig.PortBindings.91/udp [{"HostIp":"127.0.0.1","HostPort":"9001"}]"#
      ),
      ("--stop-signal TERM --stop-timeout 0", "StopSignal \"TERM\"\nStopTimeout 0"),
      (
        "--log-driver json-file --log-opt max-size=1m",
        "HostConfig.LogConfig.Type \"json-file\"\nHostConfig.LogConfig.Config.max-size \"1m\""
      ),
    ])
  func otherFlags(_ words: String, _ expected: String) throws {
    #expect(try request(words) == expected)
  }

  @Test(
    "what cannot be meant is refused in Docker's words",
    arguments: [
      ("--restart always --rm", "conflicting options: cannot specify both --restart and --rm"),
      ("--restart on-failure:x", "invalid restart policy format: maximum retry count must be an integer"),
      ("--no-healthcheck --health-cmd x", "--no-healthcheck conflicts with --health-* options"),
      ("--health-retries -1", "--health-retries cannot be negative"), ("--pid bogus", "--pid: invalid PID mode"),
      ("--security-opt bogus", "Invalid --security-opt: \"bogus\""),
      (
        "--security-opt seccomp=/nonexistent",
        "opening seccomp profile (/nonexistent) failed: open /nonexistent: no such file or directory"
      ),
      ("--env-file /nonexistent", "open /nonexistent: no such file or directory"),
      ("--log-driver none --log-opt a=b", "invalid logging opts for driver none"),
      ("-p bogus", "invalid containerPort: bogus"),
      ("-p 1-2:1-3", "invalid ranges specified for container and host Ports: 1-3 and 1-2"),
      ("-p 99999:1", "invalid hostPort: 99999"), ("-p 1:2:3:4", "invalid IP address: 1:2"),
      ("--device /dev/zero:/dev/z:bogus", "bad mode specified: bogus"),
      ("--mount type=bind,src=/a", "invalid argument \"type=bind,src=/a\" for \"--mount\" flag: target is required"),
      (
        "--mount type=tmpfs,dst=/b,bind-propagation=private",
        "invalid argument \"type=tmpfs,dst=/b,bind-propagation=private\" for \"--mount\" flag: cannot mix 'bind-*' options with mount type 'tmpfs'"
      ),
      (
        "--ulimit nofile=2:1",
        "invalid argument \"nofile=2:1\" for \"--ulimit\" flag: ulimit soft limit must be less than or equal to hard limit: 2 > 1"
      ),
      ("--sysctl a=b", "invalid argument \"a=b\" for \"--sysctl\" flag: sysctl 'a=b' is not allowed"),
      ("--dns bogus", "invalid argument \"bogus\" for \"--dns\" flag: IP address is not correctly formatted: bogus"),
      ("--cpus 0.0000000001", "invalid argument \"0.0000000001\" for \"--cpus\" flag: value is too precise"),
    ])
  func refusals(_ words: String, _ expected: String) throws {
    #expect(try request(words) == expected)
  }

  @Test(
    "a start's failure says in words which exit code it means",
    arguments: [
      ("exec: \"nosuch\": executable file not found in $PATH", 127),
      ("exec: \"/x\": stat /x: no such file or directory", 127),
      ("exec: \"/etc\": is a directory: permission denied", 126),
      ("Conflict. The container name \"/a\" is already in use", 125),
    ] as [(String, Int32)])
  func exitCodes(_ message: String, _ code: Int32) {
    #expect(LaunchFailure.exitCode(message) == code)
  }
}

@Suite("Where a copy ends up")
struct CopyPlanTests {
  private func plan(_ source: String, _ isDirectory: Bool, _ target: String, _ existing: CopyPlan.Existing) -> String {
    do {
      let plan = try CopyPlan(source: source, isDirectory: isDirectory, to: target, existing: existing)
      return "\(plan.directory) \(plan.name ?? "-")"
    } catch { return (error as? CommandError)?.message ?? "\(error)" }
  }

  @Test(
    "Docker's rules",
    arguments: [
      ("/a/x", false, "/b", .directory, "/b x"), ("/a/d", true, "/b", .directory, "/b d"),
      ("/a/d/", true, "/b/", .directory, "/b/ d"), ("/a/d/.", true, "/b", .directory, "/b -"),
      (".", true, "/b", .directory, "/b -"), ("/a/x", false, "/b/y", .other, "/b y"),
      ("/a/d", true, "/b/y", .other, "cannot copy directory"), ("/a/x", false, "/b/y", .nothing, "/b y"),
      ("/a/d", true, "y/", .nothing, ". y"), ("/a/x", false, "y/", .nothing, "no such directory"),
      ("/a/d/.", true, "/y", .nothing, "/ y"), ("/", true, "/b", .directory, "/b -"),
    ] as [(String, Bool, String, CopyPlan.Existing, String)])
  func rules(_ source: String, _ isDirectory: Bool, _ target: String, _ existing: CopyPlan.Existing, _ expected: String)
  {
    #expect(plan(source, isDirectory, target, existing) == expected)
  }

  @Test("a place is a container's path only where a name stands before the colon")
  func places() {
    #expect(CopyPlace("web:/x:y") == .container("web", path: "/x:y"))
    #expect(CopyPlace("./a:b") == .local("./a:b"))
    #expect(CopyPlace("/a:b") == .local("/a:b"))
    #expect(CopyPlace(":x") == .local(":x"))
    #expect(CopyPlace("-") == .stream)
  }

  @Test("a path's status is read from its header")
  func status() {
    let header = "eyJuYW1lIjoiY3BsIiwic2l6ZSI6MywibW9kZSI6MTM0MjE4MjM5LCJsaW5rVGFyZ2V0IjoiL2NwZCJ9"
    let status = ContainerPathStatus(header)
    #expect([status?.name, status?.linkTarget, "\(status?.isDirectory ?? true)"] == ["cpl", "/cpd", "false"])
    #expect(ContainerPathStatus("!") == nil)
  }
}
