package import Linux

/// What a cgroup's processes may use together. What is nil or empty is left as it is.
///
/// The terms are those of the OCI runtime-spec, config-linux.md "Control groups"; each backend translates them.
package struct CgroupLimits: Equatable, Sendable {
  package var memory = Memory()
  package var cpu = CPU()
  /// How many processes and threads.
  package var tasks: Ceiling?
  package var blockIO = BlockIO()
  package var hugePages: [HugePages] = []
  /// v2 only: files and what is written to them, after all else and in the order of their names.
  package var unified: [String: String] = [:]
  /// Which devices may be used: the complete list; later rules win over earlier ones.
  package var devices: [DeviceRule]?

  /// Limits nothing.
  package init() {}

  /// An upper bound that may also be none.
  package enum Ceiling: Equatable, Sendable {
    case unlimited
    case atMost(Int64)

    /// Reads a number as runtimes do: a negative one means unlimited, and zero that nothing was said.
    package init?(_ value: Int64) {
      switch value {
      case 0: return nil
      case ..<0: self = .unlimited
      default: self = .atMost(value)
      }
    }

    /// The text that says it in control files, whose word for unlimited differs.
    func text(unlimited: String) -> String {
      switch self {
      case .unlimited: unlimited
      case .atMost(let value): String(value)
      }
    }
  }

  /// Sizes are in bytes.
  package struct Memory: Equatable, Sendable {
    package var limit: Ceiling?
    package var reservation: Ceiling?
    /// Memory and swap space *together*, as the OCI and v1 count; never less than `limit`.
    package var memoryAndSwap: Ceiling?
    /// 0 to 100; v1 only.
    package var swappiness: UInt64?
    /// Whether processes wait instead of being killed when memory is used up; v1 only.
    package var isOOMKillerDisabled: Bool?

    /// Limits nothing.
    package init() {}
  }

  /// Times are in microseconds.
  package struct CPU: Equatable, Sendable {
    /// Relative weight in v1's terms: 2 to 262144, normally 1024.
    package var shares: UInt64?
    package var quota: Ceiling?
    package var period: UInt64?
    package var burst: UInt64?
    package var isIdle: Bool?
    /// v1 only.
    package var realtimeRuntime: Int64?
    /// v1 only.
    package var realtimePeriod: UInt64?
    /// Which processors: `"0-2,7"`.
    package var cpus: String?
    /// Which memory nodes.
    package var memoryNodes: String?

    /// Limits nothing.
    package init() {}
  }

  /// Bytes and operations are per second.
  package struct BlockIO: Equatable, Sendable {
    /// Relative weight: 10 to 1000.
    package var weight: UInt16?
    package var deviceWeights: [DeviceRate] = []
    package var readBytesPerSecond: [DeviceRate] = []
    package var writeBytesPerSecond: [DeviceRate] = []
    package var readsPerSecond: [DeviceRate] = []
    package var writesPerSecond: [DeviceRate] = []

    /// Limits nothing.
    package init() {}
  }

  /// A number that concerns one block device.
  package struct DeviceRate: Equatable, Sendable {
    package let device: DeviceNumber
    /// Zero takes a throttle away.
    package let rate: UInt64

    /// Says `rate` of `device`.
    package init(device: DeviceNumber, rate: UInt64) {
      self.device = device
      self.rate = rate
    }

    var deviceText: String { "\(device.major):\(device.minor)" }
  }

  /// How much memory of one page size; the kernel has no default.
  package struct HugePages: Equatable, Sendable {
    /// As the kernel spells it: `"2MB"`, `"1GB"`.
    package let pageSize: String
    /// In bytes.
    package let limit: UInt64

    /// Allows `limit` bytes in pages of `pageSize`.
    package init(pageSize: String, limit: UInt64) {
      self.pageSize = pageSize
      self.limit = limit
    }
  }
}
