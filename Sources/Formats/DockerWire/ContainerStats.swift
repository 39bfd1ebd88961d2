/// One sample of `GET /containers/{id}/stats`.
package struct ContainerStats: WireStruct {
  package var name = ""
  package var id = ""
  package var read = ""
  package var preRead = ""
  package var pidsStats = PidsStats()
  package var blkioStats = BlkioStats()
  package var processCount: UInt32 = 0
  package var storageStats = StorageStats()
  package var cpuStats = CPUStats()
  package var preCPUStats = CPUStats()
  package var memoryStats = MemoryStats()
  package var networks: [String: NetworkStats]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerStats>] = [
    WireField("name", \.name, .omitEmpty),
    WireField("id", \.id, .omitEmpty),
    WireField("read", \.read),
    WireField("preread", \.preRead),
    WireField("pids_stats", \.pidsStats),
    WireField("blkio_stats", \.blkioStats),
    WireField("num_procs", \.processCount),
    WireField("storage_stats", \.storageStats),
    WireField("cpu_stats", \.cpuStats),
    WireField("precpu_stats", \.preCPUStats),
    WireField("memory_stats", \.memoryStats),
    WireField("networks", \.networks, .omitEmpty),
  ]
}

/// Processes and threads.
package struct PidsStats: WireStruct {
  package var current: UInt64 = 0
  package var limit: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<PidsStats>] = [
    WireField("current", \.current, .omitEmpty),
    WireField("limit", \.limit, .omitEmpty),
  ]
}

/// Block devices, counted by device and operation.
package struct BlkioStats: WireStruct {
  package var ioServiceBytesRecursive: [BlkioEntry]?
  package var ioServicedRecursive: [BlkioEntry]?
  package var ioQueueRecursive: [BlkioEntry]?
  package var ioServiceTimeRecursive: [BlkioEntry]?
  package var ioWaitTimeRecursive: [BlkioEntry]?
  package var ioMergedRecursive: [BlkioEntry]?
  package var ioTimeRecursive: [BlkioEntry]?
  package var sectorsRecursive: [BlkioEntry]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<BlkioStats>] = [
    WireField("io_service_bytes_recursive", \.ioServiceBytesRecursive),
    WireField("io_serviced_recursive", \.ioServicedRecursive),
    WireField("io_queue_recursive", \.ioQueueRecursive),
    WireField("io_service_time_recursive", \.ioServiceTimeRecursive),
    WireField("io_wait_time_recursive", \.ioWaitTimeRecursive),
    WireField("io_merged_recursive", \.ioMergedRecursive),
    WireField("io_time_recursive", \.ioTimeRecursive),
    WireField("sectors_recursive", \.sectorsRecursive),
  ]
}

/// A count for one device and operation.
package struct BlkioEntry: WireStruct {
  package var major: UInt64 = 0
  package var minor: UInt64 = 0
  package var op = ""
  package var value: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<BlkioEntry>] = [
    WireField("major", \.major),
    WireField("minor", \.minor),
    WireField("op", \.op),
    WireField("value", \.value),
  ]
}

/// Storage, which only Windows counts.
package struct StorageStats: WireStruct {
  package var readCountNormalized: UInt64 = 0
  package var readSizeBytes: UInt64 = 0
  package var writeCountNormalized: UInt64 = 0
  package var writeSizeBytes: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<StorageStats>] = [
    WireField("read_count_normalized", \.readCountNormalized, .omitEmpty),
    WireField("read_size_bytes", \.readSizeBytes, .omitEmpty),
    WireField("write_count_normalized", \.writeCountNormalized, .omitEmpty),
    WireField("write_size_bytes", \.writeSizeBytes, .omitEmpty),
  ]
}

/// CPU times in nanoseconds.
package struct CPUStats: WireStruct {
  package var cpuUsage = CPUUsage()
  package var systemCpuUsage: UInt64 = 0
  package var onlineCpus: UInt32 = 0
  package var throttlingData = CPUThrottling()

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<CPUStats>] = [
    WireField("cpu_usage", \.cpuUsage),
    WireField("system_cpu_usage", \.systemCpuUsage, .omitEmpty),
    WireField("online_cpus", \.onlineCpus, .omitEmpty),
    WireField("throttling_data", \.throttlingData),
  ]
}

/// CPU time used, in nanoseconds.
package struct CPUUsage: WireStruct {
  package var totalUsage: UInt64 = 0
  package var percpuUsage: [UInt64]?
  package var usageInKernelmode: UInt64 = 0
  package var usageInUsermode: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<CPUUsage>] = [
    WireField("total_usage", \.totalUsage),
    WireField("percpu_usage", \.percpuUsage, .omitEmpty),
    WireField("usage_in_kernelmode", \.usageInKernelmode),
    WireField("usage_in_usermode", \.usageInUsermode),
  ]
}

/// How often and how long the limit was hit.
package struct CPUThrottling: WireStruct {
  package var periods: UInt64 = 0
  package var throttledPeriods: UInt64 = 0
  package var throttledTime: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<CPUThrottling>] = [
    WireField("periods", \.periods),
    WireField("throttled_periods", \.throttledPeriods),
    WireField("throttled_time", \.throttledTime),
  ]
}

/// Memory in bytes; `stats` is the cgroup's own table.
package struct MemoryStats: WireStruct {
  package var usage: UInt64 = 0
  package var maxUsage: UInt64 = 0
  package var stats: [String: UInt64]?
  package var failureCount: UInt64 = 0
  package var limit: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<MemoryStats>] = [
    WireField("usage", \.usage, .omitEmpty),
    WireField("max_usage", \.maxUsage, .omitEmpty),
    WireField("stats", \.stats, .omitEmpty),
    WireField("failcnt", \.failureCount, .omitEmpty),
    WireField("limit", \.limit, .omitEmpty),
  ]
}

/// What an interface has moved.
package struct NetworkStats: WireStruct {
  package var rxBytes: UInt64 = 0
  package var rxPackets: UInt64 = 0
  package var rxErrors: UInt64 = 0
  package var rxDropped: UInt64 = 0
  package var txBytes: UInt64 = 0
  package var txPackets: UInt64 = 0
  package var txErrors: UInt64 = 0
  package var txDropped: UInt64 = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<NetworkStats>] = [
    WireField("rx_bytes", \.rxBytes),
    WireField("rx_packets", \.rxPackets),
    WireField("rx_errors", \.rxErrors),
    WireField("rx_dropped", \.rxDropped),
    WireField("tx_bytes", \.txBytes),
    WireField("tx_packets", \.txPackets),
    WireField("tx_errors", \.txErrors),
    WireField("tx_dropped", \.txDropped),
  ]
}
