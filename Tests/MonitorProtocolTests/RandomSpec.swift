import OCI

extension SeededGenerator {
  /// A spec of what a record carries.
  mutating func spec() -> RuntimeSpec {
    RuntimeSpec(
      ociVersion: string(), process: maybe { $0.process() },
      root: maybe { RuntimeSpec.Root(path: $0.string(), readonly: $0.bool()) }, hostname: string(),
      domainname: string(),
      mounts: list {
        RuntimeSpec.Mount(
          destination: $0.string(), type: $0.string(), source: $0.string(), options: $0.list { $0.string() })
      },
      annotations: map { $0.string() }, linux: maybe { $0.linux() })
  }

  private mutating func process() -> RuntimeSpec.Process {
    RuntimeSpec.Process(
      terminal: bool(), consoleSize: maybe { RuntimeSpec.ConsoleSize(height: $0.integer(), width: $0.integer()) },
      user: RuntimeSpec.User(
        uid: integer(), gid: integer(), umask: maybe { $0.integer() }, additionalGids: list { $0.integer() }),
      args: list { $0.string() }, env: list { $0.string() }, cwd: string(),
      capabilities: maybe {
        RuntimeSpec.Capabilities(
          bounding: $0.list { $0.string() }, effective: $0.list { $0.string() }, permitted: $0.list { $0.string() },
          inheritable: $0.list { $0.string() }, ambient: $0.list { $0.string() })
      },
      rlimits: list {
        RuntimeSpec.Rlimit(
          type: $0.one(of: RuntimeSpec.Rlimit.Resource.allCases), soft: $0.integer(), hard: $0.integer())
      },
      noNewPrivileges: bool(), oomScoreAdj: maybe { $0.integer() })
  }

  private mutating func linux() -> RuntimeSpec.LinuxConfiguration {
    RuntimeSpec.LinuxConfiguration(
      namespaces: list {
        RuntimeSpec.Namespace(type: $0.one(of: RuntimeSpec.Namespace.Kind.allCases), path: $0.string())
      },
      devices: list {
        RuntimeSpec.Device(
          type: $0.one(of: [.block, .character, .unbuffered, .fifo]), path: $0.string(),
          major: $0.maybe { $0.integer() }, minor: $0.maybe { $0.integer() }, fileMode: $0.maybe { $0.integer() },
          uid: $0.maybe { $0.integer() }, gid: $0.maybe { $0.integer() })
      },
      cgroupsPath: string(), resources: maybe { $0.resources() }, rootfsPropagation: string(),
      sysctl: map { $0.string() }, maskedPaths: list { $0.string() }, readonlyPaths: list { $0.string() })
  }

  mutating func resources() -> RuntimeSpec.Resources {
    RuntimeSpec.Resources(
      devices: list {
        RuntimeSpec.DeviceRule(
          allow: $0.bool(), type: $0.maybe { $0.one(of: [.all, .block, .character]) }, major: $0.maybe { $0.integer() },
          minor: $0.maybe { $0.integer() }, access: $0.string())
      },
      memory: maybe { $0.memory() }, cpu: maybe { $0.cpu() },
      pids: maybe { RuntimeSpec.Pids(limit: $0.maybe { $0.integer() }) }, blockIO: maybe { $0.blockIO() },
      hugepageLimits: list { RuntimeSpec.HugepageLimit(pageSize: $0.string(), limit: $0.integer()) },
      network: maybe {
        RuntimeSpec.Network(
          classID: $0.maybe { $0.integer() },
          priorities: $0.list { RuntimeSpec.InterfacePriority(name: $0.string(), priority: $0.integer()) })
      },
      rdma: map { RuntimeSpec.RDMA(hcaHandles: $0.maybe { $0.integer() }, hcaObjects: $0.maybe { $0.integer() }) },
      unified: map { $0.string() })
  }

  private mutating func memory() -> RuntimeSpec.Memory {
    RuntimeSpec.Memory(
      limit: maybe { $0.integer() }, reservation: maybe { $0.integer() }, swap: maybe { $0.integer() },
      kernel: maybe { $0.integer() }, kernelTCP: maybe { $0.integer() }, swappiness: maybe { $0.integer() },
      disableOOMKiller: maybe { $0.bool() }, useHierarchy: maybe { $0.bool() }, checkBeforeUpdate: maybe { $0.bool() })
  }

  private mutating func cpu() -> RuntimeSpec.CPU {
    RuntimeSpec.CPU(
      shares: maybe { $0.integer() }, quota: maybe { $0.integer() }, burst: maybe { $0.integer() },
      period: maybe { $0.integer() }, realtimeRuntime: maybe { $0.integer() }, realtimePeriod: maybe { $0.integer() },
      cpus: string(), mems: string(), idle: maybe { $0.integer() })
  }

  private mutating func blockIO() -> RuntimeSpec.BlockIO {
    RuntimeSpec.BlockIO(
      weight: maybe { $0.integer() }, leafWeight: maybe { $0.integer() },
      weightDevice: list {
        RuntimeSpec.WeightDevice(
          major: $0.integer(), minor: $0.integer(), weight: $0.maybe { $0.integer() },
          leafWeight: $0.maybe { $0.integer() })
      },
      throttleReadBpsDevice: list { $0.throttle() }, throttleWriteBpsDevice: list { $0.throttle() },
      throttleReadIOPSDevice: list { $0.throttle() }, throttleWriteIOPSDevice: list { $0.throttle() })
  }

  private mutating func throttle() -> RuntimeSpec.ThrottleDevice {
    RuntimeSpec.ThrottleDevice(major: integer(), minor: integer(), rate: integer())
  }
}
