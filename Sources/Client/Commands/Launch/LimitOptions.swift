import EngineClient

/// Limits that few need: block devices, real time, the OOM killer, rlimits.
struct LimitOptions {
  var blockWeight: Int64 = 0
  var blockWeights: [JSONValue] = []
  var readBytes: [JSONValue] = []
  var readOperations: [JSONValue] = []
  var writeBytes: [JSONValue] = []
  var writeOperations: [JSONValue] = []
  var realTimePeriod: Int64 = 0
  var realTimeRuntime: Int64 = 0
  var hasNoOOMKiller = false
  var oomScoreAdjustment: Int64 = 0
  var resourceLimits: [ResourceLimitFlag] = []

  static var flags: [Flag<LimitOptions>] {
    [
      .value("blkio-weight", nil, \.blockWeight, "uint16", "Weight of its disk accesses, 10 to 1000", parseInteger),
      perDevice("blkio-weight-device", \.blockWeights, "Weight on one device, as PATH:WEIGHT", "Weight"),
      .value("cpu-rt-period", nil, \.realTimePeriod, "int64", "Real-time period in microseconds", parseInteger),
      .value("cpu-rt-runtime", nil, \.realTimeRuntime, "int64", "Real-time runtime in microseconds", parseInteger),
      perDevice("device-read-bps", \.readBytes, "Bytes a second read from a device, as PATH:RATE", "Rate"),
      perDevice("device-read-iops", \.readOperations, "Reads a second from a device, as PATH:RATE", "Rate"),
      perDevice("device-write-bps", \.writeBytes, "Bytes a second written to a device, as PATH:RATE", "Rate"),
      perDevice("device-write-iops", \.writeOperations, "Writes a second to a device, as PATH:RATE", "Rate"),
      .toggle("oom-kill-disable", nil, \.hasNoOOMKiller, "Let it wait for memory instead of being killed"),
      .value("oom-score-adj", nil, \.oomScoreAdjustment, "int", "How readily it is killed for memory", parseInteger),
      .values("ulimit", nil, \.resourceLimits, "ulimit", "Limit of its processes, as NAME=SOFT[:HARD]") {
        (text) throws(FlagValueError) in try ResourceLimitFlag(text)
      },
    ]
  }

  private static func perDevice(
    _ name: String, _ path: WritableKeyPath<LimitOptions, [JSONValue]>, _ help: String, _ member: String
  ) -> Flag<LimitOptions> {
    .values(name, nil, path, "list", help) { (text) throws(FlagValueError) in
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty else { throw FlagValueError("bad format: \(text)") }
      guard parts[0].hasPrefix("/dev/") else { throw FlagValueError("bad format for device path: \(text)") }
      let rate = name.hasSuffix("bps") ? try? Sizes.parse(parts[1]) : UInt32(parts[1]).map(Int64.init)
      guard let rate else { throw FlagValueError("invalid \(member.lowercased()) for device: \(text)") }
      return .object([.init("Path", .string(parts[0])), .init(member, JSONValue(rate))])
    }
  }
}

/// One `--ulimit`: `nofile=1024:2048`.
struct ResourceLimitFlag: Equatable {
  let name: String
  let soft: Int64
  let hard: Int64

  private static let names: Set = [
    "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio",
    "rttime", "sigpending", "stack",
  ]

  /// Reads `NAME=SOFT[:HARD]`; -1 is no limit, and the hard limit is the soft one where none is written.
  init(_ text: String) throws(FlagValueError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { throw FlagValueError("invalid ulimit argument: \(text)") }
    guard Self.names.contains(parts[0]) else { throw FlagValueError("invalid ulimit type: \(parts[0])") }
    let limits = parts[1].split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard limits.count <= 2 else {
      throw FlagValueError("too many limit value arguments - \(parts[1]), can only have up to two, `soft[:hard]`")
    }
    soft = try parseInteger(limits[0])
    hard = limits.count == 2 ? try parseInteger(limits[1]) : soft
    name = parts[0]
    guard hard == -1 || soft != -1 && soft <= hard else {
      throw FlagValueError("ulimit soft limit must be less than or equal to hard limit: \(soft) > \(hard)")
    }
  }

  var document: JSONValue {
    .object([.init("Name", .string(name)), .init("Hard", JSONValue(hard)), .init("Soft", JSONValue(soft))])
  }
}
