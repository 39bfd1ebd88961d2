import OCI

extension RuntimeSpec.Resources: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.list(1, "devices", &devices)
    try coder.field(2, "memory", &memory)
    try coder.field(3, "cpu", &cpu)
    try coder.field(4, "pids", &pids)
    try coder.field(5, "blockIO", &blockIO)
    try coder.list(6, "hugepageLimits", &hugepageLimits)
    try coder.field(7, "network", &network)
    try coder.map(8, "rdma", &rdma)
    try coder.map(9, "unified", &unified)
  }
}

extension RuntimeSpec.DeviceRule: Record {
  static var absent: Self { Self(allow: false) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "allow", &allow)
    try coder.field(2, "type", &type)
    try coder.field(3, "major", &major)
    try coder.field(4, "minor", &minor)
    try coder.field(5, "access", &access)
  }
}

extension RuntimeSpec.Memory: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "limit", &limit)
    try coder.field(2, "reservation", &reservation)
    try coder.field(3, "swap", &swap)
    try coder.field(4, "kernel", &kernel)
    try coder.field(5, "kernelTCP", &kernelTCP)
    try coder.field(6, "swappiness", &swappiness)
    try coder.field(7, "disableOOMKiller", &disableOOMKiller)
    try coder.field(8, "useHierarchy", &useHierarchy)
    try coder.field(9, "checkBeforeUpdate", &checkBeforeUpdate)
  }
}

extension RuntimeSpec.CPU: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "shares", &shares)
    try coder.field(2, "quota", &quota)
    try coder.field(3, "burst", &burst)
    try coder.field(4, "period", &period)
    try coder.field(5, "realtimeRuntime", &realtimeRuntime)
    try coder.field(6, "realtimePeriod", &realtimePeriod)
    try coder.field(7, "cpus", &cpus)
    try coder.field(8, "mems", &mems)
    try coder.field(9, "idle", &idle)
  }
}

extension RuntimeSpec.Pids: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "limit", &limit)
  }
}

extension RuntimeSpec.BlockIO: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "weight", &weight)
    try coder.field(2, "leafWeight", &leafWeight)
    try coder.list(3, "weightDevice", &weightDevice)
    try coder.list(4, "throttleReadBpsDevice", &throttleReadBpsDevice)
    try coder.list(5, "throttleWriteBpsDevice", &throttleWriteBpsDevice)
    try coder.list(6, "throttleReadIOPSDevice", &throttleReadIOPSDevice)
    try coder.list(7, "throttleWriteIOPSDevice", &throttleWriteIOPSDevice)
  }
}

extension RuntimeSpec.WeightDevice: Record {
  static var absent: Self { Self(major: 0, minor: 0) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "major", &major)
    try coder.required(2, "minor", &minor)
    try coder.field(3, "weight", &weight)
    try coder.field(4, "leafWeight", &leafWeight)
  }
}

extension RuntimeSpec.ThrottleDevice: Record {
  static var absent: Self { Self(major: 0, minor: 0, rate: 0) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "major", &major)
    try coder.required(2, "minor", &minor)
    try coder.required(3, "rate", &rate)
  }
}

extension RuntimeSpec.HugepageLimit: Record {
  static var absent: Self { Self(pageSize: "", limit: 0) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "pageSize", &pageSize)
    try coder.required(2, "limit", &limit)
  }
}

extension RuntimeSpec.Network: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "classID", &classID)
    try coder.list(2, "priorities", &priorities)
  }
}

extension RuntimeSpec.InterfacePriority: Record {
  static var absent: Self { Self(name: "", priority: 0) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "name", &name)
    try coder.required(2, "priority", &priority)
  }
}

extension RuntimeSpec.RDMA: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "hcaHandles", &hcaHandles)
    try coder.field(2, "hcaObjects", &hcaObjects)
  }
}
