extension RuntimeSpec {
  /// What runs in a container: config.md "Process". Exec uses it as well.
  package struct Process: Codable, Equatable, Sendable {
    /// Whether it gets a pseudo terminal.
    @OmitEmpty package var terminal: Bool
    /// The terminal's first size.
    package var consoleSize: ConsoleSize?
    package var user: User
    /// The program and its arguments.
    @OmitEmpty package var args: [String]
    /// `NAME=value`.
    @OmitEmpty package var env: [String]
    /// The absolute working directory.
    package var cwd: String
    /// Without it, none.
    package var capabilities: Capabilities?
    @OmitEmpty package var rlimits: [Rlimit]
    @OmitEmpty package var noNewPrivileges: Bool
    @OmitEmpty package var apparmorProfile: String
    @OmitEmpty package var selinuxLabel: String
    /// From -1000 to 1000; without it, the runtime's own is inherited.
    package var oomScoreAdj: Int?
    package var ioPriority: IOPriority?
    package var scheduler: Scheduler?
    package var execCPUAffinity: ExecCPUAffinity?

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      terminal: Bool = false, consoleSize: ConsoleSize? = nil, user: User = User(), args: [String] = [],
      env: [String] = [], cwd: String = "/", capabilities: Capabilities? = nil,
      rlimits: [Rlimit] = [], noNewPrivileges: Bool = false, apparmorProfile: String = "",
      selinuxLabel: String = "", oomScoreAdj: Int? = nil, ioPriority: IOPriority? = nil,
      scheduler: Scheduler? = nil, execCPUAffinity: ExecCPUAffinity? = nil
    ) {
      self.terminal = terminal
      self.consoleSize = consoleSize
      self.user = user
      self.args = args
      self.env = env
      self.cwd = cwd
      self.capabilities = capabilities
      self.rlimits = rlimits
      self.noNewPrivileges = noNewPrivileges
      self.apparmorProfile = apparmorProfile
      self.selinuxLabel = selinuxLabel
      self.oomScoreAdj = oomScoreAdj
      self.ioPriority = ioPriority
      self.scheduler = scheduler
      self.execCPUAffinity = execCPUAffinity
    }
  }

  /// A terminal's size in characters.
  package struct ConsoleSize: Codable, Equatable, Sendable {
    package var height: UInt16
    package var width: UInt16

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(height: UInt16, width: UInt16) {
      self.height = height
      self.width = width
    }
  }

  /// The five sets, of names such as `CAP_CHOWN`: capabilities(7).
  package struct Capabilities: Codable, Equatable, Sendable {
    @OmitEmpty package var bounding: [String]
    @OmitEmpty package var effective: [String]
    @OmitEmpty package var permitted: [String]
    @OmitEmpty package var inheritable: [String]
    @OmitEmpty package var ambient: [String]

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      bounding: [String] = [], effective: [String] = [], permitted: [String] = [], inheritable: [String] = [],
      ambient: [String] = []
    ) {
      self.bounding = bounding
      self.effective = effective
      self.permitted = permitted
      self.inheritable = inheritable
      self.ambient = ambient
    }
  }

  /// A resource limit: getrlimit(2).
  package struct Rlimit: Codable, Equatable, Sendable {
    package var type: Resource
    package var soft: UInt64
    package var hard: UInt64

    /// What is limited.
    package enum Resource: String, ClosedSet, CaseIterable {
      case addressSpace = "RLIMIT_AS"
      case core = "RLIMIT_CORE"
      case cpu = "RLIMIT_CPU"
      case data = "RLIMIT_DATA"
      case fileSize = "RLIMIT_FSIZE"
      case locks = "RLIMIT_LOCKS"
      case lockedMemory = "RLIMIT_MEMLOCK"
      case messageQueue = "RLIMIT_MSGQUEUE"
      case nice = "RLIMIT_NICE"
      case openFiles = "RLIMIT_NOFILE"
      case processes = "RLIMIT_NPROC"
      case residentSet = "RLIMIT_RSS"
      case realtimePriority = "RLIMIT_RTPRIO"
      case realtimeTime = "RLIMIT_RTTIME"
      case pendingSignals = "RLIMIT_SIGPENDING"
      case stack = "RLIMIT_STACK"

      package static let meaning = "resource limit"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(type: Resource, soft: UInt64, hard: UInt64) {
      self.type = type
      self.soft = soft
      self.hard = hard
    }
  }

  /// The I/O scheduling class and priority: ioprio_set(2).
  package struct IOPriority: Codable, Equatable, Sendable {
    package var `class`: Class
    /// Within the class, 0 (first) to 7.
    package var priority: Int

    /// The scheduling class.
    package enum Class: String, ClosedSet {
      case realtime = "IOPRIO_CLASS_RT"
      case bestEffort = "IOPRIO_CLASS_BE"
      case idle = "IOPRIO_CLASS_IDLE"

      package static let meaning = "I/O priority class"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(`class`: Class, priority: Int = 0) {
      self.`class` = `class`
      self.priority = priority
    }
  }

  /// The CPU scheduling policy: sched_setattr(2).
  package struct Scheduler: Codable, Equatable, Sendable {
    package var policy: Policy
    /// For `other` and `batch`.
    package var nice: Int32?
    /// For `fifo` and `roundRobin`.
    package var priority: Int32?
    @OmitEmpty package var flags: [Flag]
    /// Nanoseconds; for `deadline`.
    package var runtime: UInt64?
    /// Nanoseconds; for `deadline`.
    package var deadline: UInt64?
    /// Nanoseconds; for `deadline`.
    package var period: UInt64?

    /// The policy.
    package enum Policy: String, ClosedSet {
      case other = "SCHED_OTHER"
      case fifo = "SCHED_FIFO"
      case roundRobin = "SCHED_RR"
      case batch = "SCHED_BATCH"
      case iso = "SCHED_ISO"
      case idle = "SCHED_IDLE"
      case deadline = "SCHED_DEADLINE"

      package static let meaning = "scheduling policy"
    }

    /// A flag of `sched_attr`.
    package enum Flag: String, ClosedSet {
      case resetOnFork = "SCHED_FLAG_RESET_ON_FORK"
      case reclaim = "SCHED_FLAG_RECLAIM"
      case deadlineOverrun = "SCHED_FLAG_DL_OVERRUN"
      case keepPolicy = "SCHED_FLAG_KEEP_POLICY"
      case keepParameters = "SCHED_FLAG_KEEP_PARAMS"
      case utilClampMin = "SCHED_FLAG_UTIL_CLAMP_MIN"
      case utilClampMax = "SCHED_FLAG_UTIL_CLAMP_MAX"

      package static let meaning = "scheduling flag"
    }

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(
      policy: Policy, nice: Int32? = nil, priority: Int32? = nil, flags: [Flag] = [], runtime: UInt64? = nil,
      deadline: UInt64? = nil, period: UInt64? = nil
    ) {
      self.policy = policy
      self.nice = nice
      self.priority = priority
      self.flags = flags
      self.runtime = runtime
      self.deadline = deadline
      self.period = period
    }
  }

  /// The CPUs of an exec before and after it joins the container's cgroup, as lists such as `0-3,7`.
  package struct ExecCPUAffinity: Codable, Equatable, Sendable {
    @OmitEmpty package var initial: String
    @OmitEmpty package var final: String

    /// Creates it from its members; what is left out stays out of the JSON.
    package init(initial: String = "", final: String = "") {
      self.initial = initial
      self.final = final
    }
  }
}
