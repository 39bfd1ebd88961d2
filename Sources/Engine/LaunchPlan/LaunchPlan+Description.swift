import OCI

extension LaunchPlan: CustomStringConvertible {
  /// A line for every fact, in the order in which a launch needs them.
  package var description: String { lines.joined(separator: "\n") }

  /// The lines of the description.
  package var lines: [String] {
    var lines: [String] = []
    if let process = runtime.process { lines += processLines(process) }
    lines.append("root \(runtime.root?.path ?? "")\(runtime.root?.readonly == true ? " read-only" : "")")
    if !runtime.hostname.isEmpty { lines.append("hostname \(runtime.hostname)") }
    lines += runtime.mounts.map {
      "mount \($0.destination) \($0.type) \($0.source) \($0.options.joined(separator: ","))"
    }
    lines += runtime.annotations.sorted { $0.key < $1.key }.map { "annotation \($0.key)=\($0.value)" }
    if let linux = runtime.linux { lines += linuxLines(linux) }
    lines.append("log \(log?.description ?? "none")")
    return lines
  }

  private func processLines(_ process: RuntimeSpec.Process) -> [String] {
    var lines = ["run \(process.args)\(hasInit ? " under init" : "") in \(process.cwd)"]
    lines.append("user \(user.isEmpty ? "root" : user)\(additionalGroups.map { " +\($0)" }.joined())")
    lines += process.env.map { "env \($0)" }
    let size = process.consoleSize.map { " \($0.width)x\($0.height)" } ?? ""
    lines.append("streams \(streams.hasTerminal ? "terminal\(size)" : "pipes")\(inputWords)")
    if process.noNewPrivileges { lines.append("no new privileges") }
    lines += process.rlimits.map { "rlimit \($0.type.rawValue) \(text($0.soft)):\(text($0.hard))" }
    if let adjustment = process.oomScoreAdj, adjustment != 0 { lines.append("oom score \(adjustment)") }
    return lines + (process.capabilities?.bounding ?? []).map { "capability \($0)" }
  }

  private var inputWords: String {
    guard streams.isInputOpen else { return "" }
    return streams.closesInputAfterFirstClient ? ", input of one client" : ", input"
  }

  private func text(_ limit: UInt64) -> String { limit == .max ? "unlimited" : "\(limit)" }

  private func linuxLines(_ linux: RuntimeSpec.LinuxConfiguration) -> [String] {
    var lines = linux.namespaces.map { "namespace \($0.type.rawValue)\($0.path.isEmpty ? "" : " of \($0.path)")" }
    if !linux.rootfsPropagation.isEmpty { lines.append("root propagation \(linux.rootfsPropagation)") }
    lines += linux.devices.map {
      "device \($0.path) \($0.type.rawValue) \(number($0.major)):\(number($0.minor)) "
        + "\(String($0.fileMode ?? 0, radix: 8)) \($0.uid ?? 0):\($0.gid ?? 0)"
    }
    lines.append("cgroup \(linux.cgroupsPath)")
    if let resources = linux.resources { lines += resourceLines(resources) }
    lines += linux.sysctl.sorted { $0.key < $1.key }.map { "sysctl \($0.key)=\($0.value)" }
    lines += linux.maskedPaths.map { "mask \($0)" } + linux.readonlyPaths.map { "read-only \($0)" }
    return lines + seccompLines(linux.seccomp)
  }

  private func number(_ number: Int64?) -> String { number.map(String.init) ?? "*" }

  private func resourceLines(_ resources: RuntimeSpec.Resources) -> [String] {
    var lines = resources.devices.map {
      "\($0.allow ? "allow" : "deny") \($0.type?.rawValue ?? "a") \(number($0.major)):\(number($0.minor)) \($0.access)"
    }
    func add(_ name: String, _ value: (some CustomStringConvertible)?) {
      if let value { lines.append("limit \(name) \(value)") }
    }
    add("memory", resources.memory?.limit)
    add("memory reservation", resources.memory?.reservation)
    add("memory and swap", resources.memory?.swap)
    add("swappiness", resources.memory?.swappiness)
    if resources.memory?.disableOOMKiller == true { lines.append("no oom killer") }
    add("cpu shares", resources.cpu?.shares)
    add("cpu quota", resources.cpu?.quota)
    add("cpu period", resources.cpu?.period)
    add("cpu realtime runtime", resources.cpu?.realtimeRuntime)
    add("cpu realtime period", resources.cpu?.realtimePeriod)
    if let cpu = resources.cpu {
      add("cpus", cpu.cpus.isEmpty ? nil : cpu.cpus)
      add("memory nodes", cpu.mems.isEmpty ? nil : cpu.mems)
    }
    add("tasks", resources.pids?.limit)
    return lines + blockIOLines(resources.blockIO)
  }

  private func blockIOLines(_ io: RuntimeSpec.BlockIO?) -> [String] {
    guard let io else { return [] }
    func lines(_ name: String, _ devices: [RuntimeSpec.ThrottleDevice]) -> [String] {
      devices.map { "limit \(name) of \($0.major):\($0.minor) \($0.rate)" }
    }
    return (io.weight.map { ["limit block weight \($0)"] } ?? [])
      + io.weightDevice.map { "limit block weight of \($0.major):\($0.minor) \($0.weight ?? 0)" }
      + lines("reads in bytes", io.throttleReadBpsDevice) + lines("writes in bytes", io.throttleWriteBpsDevice)
      + lines("reads", io.throttleReadIOPSDevice) + lines("writes", io.throttleWriteIOPSDevice)
  }

  private func seccompLines(_ profile: RuntimeSpec.SeccompProfile?) -> [String] {
    guard let profile else { return ["seccomp unconfined"] }
    let architectures = profile.architectures.map(\.rawValue).joined(separator: " ")
    let errno = profile.defaultErrnoRet.map { " \($0)" } ?? ""
    return ["seccomp \(profile.defaultAction.rawValue)\(errno) on \(architectures)"]
      + profile.syscalls.map { rule in
        let conditions = rule.args.map { argument in
          let second = argument.valueTwo.map { " \($0)" } ?? ""
          return " if \(argument.index) \(argument.op.rawValue) \(argument.value)\(second)"
        }
        let errno = rule.errnoRet.map { " \($0)" } ?? ""
        return "seccomp \(rule.action.rawValue)\(errno) \(names(rule.names))\(conditions.joined())"
      }
  }

  /// All of a few; of many, the ends and how many.
  private func names(_ names: [String]) -> String {
    guard names.count > 32, let first = names.first, let last = names.last else {
      return names.joined(separator: " ")
    }
    return "\(first)…\(last) (\(names.count))"
  }
}
