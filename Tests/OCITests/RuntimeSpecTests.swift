import OCI
import Testing

/// Decodes `json` as a `Value`, with the default bounds.
func decode<Value: Decodable>(_ type: Value.Type, _ json: String) throws(JSONError) -> Value {
  try BoundedJSON.decode(type, from: Array(json.utf8))
}

/// What comes back when `json` is read as a `Value` and written again.
func rewritten<Value: Codable>(_ type: Value.Type, _ json: String) throws -> JSONValue {
  try BoundedJSON.decode(JSONValue.self, from: try BoundedJSON.encode(try decode(type, json)))
}

@Suite("RuntimeSpec") struct RuntimeSpecTests {
  @Test("a real container's config.json comes back as it was")
  func realConfigRoundTrips() throws {
    #expect(try rewritten(RuntimeSpec.self, realConfig).description == decode(JSONValue.self, realConfig).description)
  }

  @Test("every member of the Linux part comes back as it was")
  func everyMemberRoundTrips() throws {
    #expect(try rewritten(RuntimeSpec.self, fullConfig).description == decode(JSONValue.self, fullConfig).description)
  }

  @Test("a spec built in Swift is written without what was left out")
  func builtInSwift() throws {
    let spec = RuntimeSpec(
      process: .init(args: ["sh"], rlimits: [.init(type: .openFiles, soft: 1, hard: 2)]),
      root: .init(path: "rootfs", readonly: true), hostname: "web",
      linux: .init(namespaces: [.init(type: .pid), .init(type: .network, path: "/proc/7/ns/net")]))
    let text = String(decoding: try BoundedJSON.encode(spec), as: UTF8.self)
    #expect(
      text == #"{"hostname":"web","linux":{"namespaces":[{"type":"pid"},{"path":"/proc/7/ns/net","type":"network"}]},"#
        + #""ociVersion":"1.2.1","process":{"args":["sh"],"cwd":"/","rlimits":[{"hard":2,"soft":1,"#
        + #""type":"RLIMIT_NOFILE"}],"user":{"gid":0,"uid":0}},"root":{"path":"rootfs","readonly":true}}"#)
  }

  @Test("null is the same as absent, for lists, objects and numbers")
  func nullIsAbsent() throws {
    let spec = try decode(
      RuntimeSpec.self,
      """
      {"ociVersion": "1.0.2", "mounts": null, "hooks": null, "annotations": null, "hostname": null,
       "process": {"user": {"uid": null}, "cwd": "/", "args": null, "capabilities": null, "noNewPrivileges": null},
       "linux": {"resources": {"memory": {"limit": null}, "devices": null}, "sysctl": null}}
      """)
    #expect(
      spec
        == RuntimeSpec(
          ociVersion: "1.0.2", process: .init(), linux: .init(resources: .init(memory: .init()))))
  }

  @Test(
    "an unknown value of a closed set is an error that names the member and the value",
    arguments: [
      (
        #""linux": {"namespaces": [{"type": "pid"}, {"type": "disk"}]}"#,
        "linux.namespaces[1].type: unknown namespace type \"disk\""
      ),
      (
        #""linux": {"seccomp": {"defaultAction": "SCMP_ACT_SHRUG"}}"#,
        "linux.seccomp.defaultAction: unknown seccomp action \"SCMP_ACT_SHRUG\""
      ),
      (
        #""process": {"user": {}, "cwd": "/", "rlimits": [{"type": "RLIMIT_HOPE", "soft": 1, "hard": 1}]}"#,
        "process.rlimits[0].type: unknown resource limit \"RLIMIT_HOPE\""
      ),
      (#""linux": {"devices": [{"type": "x", "path": "/dev/x"}]}"#, "linux.devices[0].type: unknown device type \"x\""),
      (#""mounts": [{"source": "x"}]"#, "mounts[0].destination: it is missing"),
      (#""linux": {"resources": {"pids": {"limit": "7"}}}"#, "linux.resources.pids.limit: it is not a number in range"),
    ])
  func errorsNameTheMember(_ member: String, _ text: String) {
    let error = #expect(throws: JSONError.self) {
      try decode(RuntimeSpec.self, "{\"ociVersion\": \"1.2.0\", \(member)}")
    }
    #expect(error?.description == "invalid JSON: \(text)")
  }

  @Test("the state that hooks read has no pid once the container stopped")
  func state() throws {
    let state = RuntimeState(id: "c1", status: .stopped, bundle: "/b")
    let text = String(decoding: try BoundedJSON.encode(state), as: UTF8.self)
    #expect(text == #"{"bundle":"/b","id":"c1","ociVersion":"1.2.1","status":"stopped"}"#)
    #expect(try decode(RuntimeState.self, text) == state)
  }

  @Test("the features document comes back as it was")
  func features() throws {
    let json = """
      {"ociVersionMin": "1.0.0", "ociVersionMax": "1.2.1", "hooks": ["prestart"], "mountOptions": ["ro", "rbind"],
       "linux": {"namespaces": ["cgroup", "time"], "capabilities": ["CAP_CHOWN"],
        "cgroup": {"v1": true, "v2": true, "systemd": false, "systemdUser": false, "rdma": false},
        "seccomp": {"enabled": true, "actions": ["SCMP_ACT_ALLOW"], "operators": ["SCMP_CMP_EQ"],
         "archs": ["SCMP_ARCH_X86_64"], "knownFlags": ["SECCOMP_FILTER_FLAG_LOG"]},
        "apparmor": {"enabled": false}, "mountExtensions": {"idmap": {"enabled": true}}},
       "annotations": {"a": "b"}, "potentiallyUnsafeConfigAnnotations": ["run.oci."]}
      """
    #expect(try rewritten(RuntimeFeatures.self, json).description == decode(JSONValue.self, json).description)
  }
}

/// A config that has every member, with values that no default has.
private let fullConfig = """
  {"ociVersion": "1.3.0", "hostname": "h", "domainname": "d", "annotations": {"k": "v"},
   "root": {"path": "rootfs", "readonly": true},
   "process": {"terminal": true, "consoleSize": {"height": 24, "width": 80}, "cwd": "/w", "args": ["a"], "env": ["A=b"],
    "user": {"uid": 1, "gid": 2, "umask": 18, "additionalGids": [3, 4]},
    "capabilities": {"bounding": ["CAP_KILL"], "effective": ["CAP_KILL"], "permitted": ["CAP_KILL"],
     "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"]},
    "rlimits": [{"type": "RLIMIT_CORE", "soft": 0, "hard": 18446744073709551615}], "noNewPrivileges": true,
    "apparmorProfile": "p", "selinuxLabel": "l", "oomScoreAdj": -5,
    "ioPriority": {"class": "IOPRIO_CLASS_BE", "priority": 4},
    "scheduler": {"policy": "SCHED_DEADLINE", "nice": 1, "priority": 2, "flags": ["SCHED_FLAG_RESET_ON_FORK"],
     "runtime": 1, "deadline": 2, "period": 3},
    "execCPUAffinity": {"initial": "0", "final": "0-1"}},
   "mounts": [{"destination": "/m", "type": "bind", "source": "/s", "options": ["rbind"],
    "uidMappings": [{"containerID": 0, "hostID": 1, "size": 2}],
    "gidMappings": [{"containerID": 0, "hostID": 1, "size": 2}]}],
   "hooks": {"prestart": [{"path": "/p", "args": ["p", "x"], "env": ["E=1"], "timeout": 5}],
    "createRuntime": [{"path": "/r"}], "createContainer": [{"path": "/c"}], "startContainer": [{"path": "/s"}],
    "poststart": [{"path": "/t"}], "poststop": [{"path": "/o"}]},
   "linux": {"namespaces": [{"type": "user", "path": "/n"}], "uidMappings": [{"containerID": 0, "hostID": 9, "size": 1}],
    "gidMappings": [{"containerID": 0, "hostID": 9, "size": 1}], "timeOffsets": {"monotonic": {"secs": 5, "nanosecs": 6}},
    "devices": [{"type": "c", "path": "/dev/n", "major": 1, "minor": 3, "fileMode": 438, "uid": 1, "gid": 2}],
    "netDevices": {"eth1": {"name": "eth0"}}, "cgroupsPath": "/c", "rootfsPropagation": "rslave",
    "resources": {"devices": [{"allow": false, "type": "b", "major": 8, "minor": 0, "access": "rwm"}],
     "memory": {"limit": 1, "reservation": 2, "swap": -1, "kernel": 4, "kernelTCP": 5, "swappiness": 6,
      "disableOOMKiller": true, "useHierarchy": true, "checkBeforeUpdate": false},
     "cpu": {"shares": 1, "quota": -1, "burst": 3, "period": 4, "realtimeRuntime": 5, "realtimePeriod": 6, "cpus": "0",
      "mems": "1", "idle": 1}, "pids": {"limit": 7},
     "blockIO": {"weight": 10, "leafWeight": 11, "weightDevice": [{"major": 8, "minor": 0, "weight": 5, "leafWeight": 6}],
      "throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 1}],
      "throttleWriteBpsDevice": [{"major": 8, "minor": 0, "rate": 2}],
      "throttleReadIOPSDevice": [{"major": 8, "minor": 0, "rate": 3}],
      "throttleWriteIOPSDevice": [{"major": 8, "minor": 0, "rate": 4}]},
     "hugepageLimits": [{"pageSize": "2MB", "limit": 9}], "rdma": {"mlx": {"hcaHandles": 1, "hcaObjects": 2}},
     "network": {"classID": 3, "priorities": [{"name": "eth0", "priority": 4}]}, "unified": {"memory.high": "5"}},
    "seccomp": {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 38, "architectures": ["SCMP_ARCH_AARCH64"],
     "flags": ["SECCOMP_FILTER_FLAG_LOG"], "listenerPath": "/l", "listenerMetadata": "m",
     "syscalls": [{"names": ["clone"], "action": "SCMP_ACT_ALLOW", "errnoRet": 1,
      "args": [{"index": 0, "value": 2114060288, "valueTwo": 7, "op": "SCMP_CMP_MASKED_EQ"}]}]},
    "sysctl": {"net.a": "1"}, "maskedPaths": ["/m"], "readonlyPaths": ["/r"], "mountLabel": "ml",
    "intelRdt": {"closID": "c", "schemata": ["L3:0=f"], "l3CacheSchema": "l", "memBwSchema": "b",
     "enableMonitoring": true},
    "personality": {"domain": "LINUX32", "flags": ["f"]},
    "memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0", "flags": ["g"]}}}
  """
