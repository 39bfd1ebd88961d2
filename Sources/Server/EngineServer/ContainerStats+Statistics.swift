import Cgroups
import DockerWire
import Engine
import LaunchPlan
import Linux

extension ContainerStats {
  /// A sample, and the one before it, without which CPU times cannot become a share.
  init(_ sample: ContainerStatistics, after previous: ContainerStatistics?) {
    self.init()
    read = WireTime.text(sample.time.nanoseconds)
    preRead = previous.map { WireTime.text($0.time.nanoseconds) } ?? WireTime.never
    let numbers = sample.cgroup
    if let tasks = numbers.tasks { (pidsStats.current, pidsStats.limit) = (tasks.current, tasks.limit ?? 0) }
    if let blockIO = numbers.blockIO { blkioStats = BlkioStats(blockIO, isUnified: sample.isUnified) }
    cpuStats = CPUStats(sample)
    if let previous { preCPUStats = CPUStats(previous) }
    if let memory = numbers.memory {
      memoryStats = MemoryStats(memory, isUnified: sample.isUnified, machineBytes: sample.machineMemoryBytes)
    }
  }

  /// What Docker says of a container without a process.
  init(ofStopped container: ContainerSnapshot) {
    self.init()
    (read, preRead) = (WireTime.never, WireTime.never)
    name(container)
  }

  /// Adds whose sample it is.
  mutating func name(_ container: ContainerSnapshot) {
    name = "/\(container.spec.name)"
    id = container.spec.id
  }
}

extension CPUStats {
  fileprivate init(_ sample: ContainerStatistics) {
    self.init()
    systemCpuUsage = sample.machine.nanoseconds
    onlineCpus = UInt32(clamping: sample.machine.processors)
    guard let cpu = sample.cgroup.cpu else { return }
    cpuUsage.totalUsage = cpu.total
    cpuUsage.percpuUsage = cpu.perProcessor.isEmpty ? nil : cpu.perProcessor
    cpuUsage.usageInKernelmode = cpu.system
    cpuUsage.usageInUsermode = cpu.user
    throttlingData.periods = cpu.periods
    throttlingData.throttledPeriods = cpu.throttledPeriods
    throttlingData.throttledTime = cpu.throttledTime
  }
}

extension MemoryStats {
  fileprivate init(_ memory: CgroupStatistics.Memory, isUnified: Bool, machineBytes: UInt64) {
    self.init()
    usage = memory.usage
    // Docker tells the peak of cgroup v1 only.
    if !isUnified { maxUsage = memory.peakUsage ?? 0 }
    stats = memory.details
    failureCount = isUnified ? memory.limitFailures : memory.limitHits
    limit = min(memory.limit ?? machineBytes, machineBytes)
  }
}

extension BlkioStats {
  /// Of cgroup v2 there is less, and what is missing is null.
  fileprivate init(_ blockIO: CgroupStatistics.BlockIO, isUnified: Bool) {
    self.init()
    ioServiceBytesRecursive = blockIO.bytes.map { BlkioEntry($0) }
    guard !isUnified else { return }
    ioServicedRecursive = blockIO.operations.map { BlkioEntry($0) }
    (ioQueueRecursive, ioServiceTimeRecursive, ioWaitTimeRecursive) = ([], [], [])
    (ioMergedRecursive, ioTimeRecursive, sectorsRecursive) = ([], [], [])
  }
}

extension BlkioEntry {
  fileprivate init(_ entry: CgroupStatistics.BlockIO.Entry) {
    self.init()
    (major, minor) = (UInt64(entry.device.major), UInt64(entry.device.minor))
    (op, value) = (entry.operation, entry.value)
  }
}
