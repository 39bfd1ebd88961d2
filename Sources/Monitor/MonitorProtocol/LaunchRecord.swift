package import OCI

/// Everything that a monitor is told to start one process: `docs/launch-record.md`.
package struct LaunchRecord: Equatable, Sendable {
  package var launchID: LaunchID
  package var kind: Kind
  /// Of an exec only `process` counts. What no record can carry makes encoding throw `unsupported` with its name:
  /// hooks, the seccomp profile (which is compiled before), and what no container of ours has.
  package var spec: RuntimeSpec
  /// Nil lets the process make every call.
  package var seccomp: Seccomp?
  /// Docker's `user[:group]`, by name or number, found in the container's own files. Overrides the spec's user.
  package var user: String?
  /// Further groups, by name or number, found likewise; added to those of the spec's user.
  package var additionalGroups: [String]
  package var input: Input
  /// Nil keeps no log.
  package var log: Log?
  /// What asks the process to end.
  package var stopSignal: Int32
  /// The container's cgroup below each cgroup mount: `/skiff/…`. It exists and has its limits already.
  package var cgroupPath: String
  /// The name of the exit record in the directory of the role `stateDirectory`.
  package var exitRecordName: String
  /// What the descriptors are that come with the record, in their order; `descriptorsMax` at most.
  package var descriptors: [DescriptorRole]

  /// Creates it from its members.
  package init(
    launchID: LaunchID, kind: Kind, spec: RuntimeSpec, seccomp: Seccomp? = nil, user: String? = nil,
    additionalGroups: [String] = [], input: Input = .none, log: Log? = nil, stopSignal: Int32 = 15,
    cgroupPath: String = "", exitRecordName: String = "exit", descriptors: [DescriptorRole] = []
  ) {
    self.launchID = launchID
    self.kind = kind
    self.spec = spec
    self.seccomp = seccomp
    self.user = user
    self.additionalGroups = additionalGroups
    self.input = input
    self.log = log
    self.stopSignal = stopSignal
    self.cgroupPath = cgroupPath
    self.exitRecordName = exitRecordName
    self.descriptors = descriptors
  }

  /// What one message of a unix socket carries here.
  package static let descriptorsMax = 64
}

extension LaunchRecord {
  /// What the process is.
  package enum Kind: Equatable, Sendable {
    /// The first process of a new container.
    case container(NewContainer)
    /// A further process of a container that runs.
    case exec(RunningContainer)
  }

  /// A container that is to be made.
  package struct NewContainer: Equatable, Sendable {
    package var id: String
    package var root: Root
    /// Whether a small init of ours is its process 1, and the process the child of that.
    package var hasInit: Bool

    /// Creates it from its members.
    package init(id: String, root: Root, hasInit: Bool = false) {
      self.id = id
      self.root = root
      self.hasInit = hasInit
    }
  }

  /// Where a new container's root file system comes from.
  package enum Root: Equatable, Sendable {
    /// The absolute path of a directory of the host.
    case directory(String)
    case overlay(Overlay)
  }

  /// Layers of an image and a writable directory on top.
  package struct Overlay: Equatable, Sendable {
    /// Absolute paths, the topmost layer first.
    package var lowers: [String]
    /// Nil for a read-only view.
    package var upper: Upper?

    /// Creates it from its members.
    package init(lowers: [String], upper: Upper?) {
      self.lowers = lowers
      self.upper = upper
    }
  }

  /// A writable layer.
  package struct Upper: Equatable, Sendable {
    /// The absolute path of the layer, and of overlayfs's scratch directory on the same file system.
    package var path: String
    package var work: String

    /// Creates it from its members.
    package init(path: String, work: String) {
      self.path = path
      self.work = work
    }
  }

  /// The container that an exec enters.
  package struct RunningContainer: Equatable, Sendable {
    /// Its first process.
    package var pid: Int32
    /// Field 22 of that process's `/proc/PID/stat`, so that nobody enters a stranger that got the number.
    package var startTime: UInt64

    /// Creates it from its members.
    package init(pid: Int32, startTime: UInt64) {
      self.pid = pid
      self.startTime = startTime
    }
  }

  /// A compiled profile.
  package struct Seccomp: Equatable, Sendable {
    /// `struct sock_filter`s, 8 bytes each.
    package var program: [UInt8]
    /// `SECCOMP_FILTER_FLAG_…`.
    package var flags: UInt32

    /// Creates it from its members.
    package init(program: [UInt8], flags: UInt32) {
      self.program = program
      self.flags = flags
    }
  }

  /// What the process reads as its standard input. A terminal is asked for by the spec.
  package enum Input: UInt8, Equatable, Sendable {
    /// Nothing: `/dev/null`.
    case none = 0
    /// What attached clients send, until one says `closeInput`.
    case open = 1
  }

  /// How the output is logged.
  package struct Log: Equatable, Sendable {
    package var format: LogFormat
    /// When a segment is followed by the next; nil for one segment without end.
    package var segmentBytesMax: Int64?
    /// How many segments are kept; nil for all.
    package var segmentCountMax: UInt32?

    /// Creates it from its members.
    package init(format: LogFormat, segmentBytesMax: Int64?, segmentCountMax: UInt32?) {
      self.format = format
      self.segmentBytesMax = segmentBytesMax
      self.segmentCountMax = segmentCountMax
    }
  }

  /// The shape of a log's records.
  package enum LogFormat: Equatable, Sendable {
    /// Docker's, with the JSON object `attrs` that every record repeats; empty for none.
    case jsonFile(attributes: [UInt8])
    /// Kubernetes'.
    case cri
  }

  /// What a descriptor that came with the record is.
  package enum DescriptorRole: Equatable, Sendable {
    /// The network namespace that the container joins.
    case networkNamespace
    /// A connection of a client that is attached from the first byte on, without loss: while it does not read, the
    /// process waits.
    case attach(StreamSet)
    /// Where the log's segments are.
    case logDirectory
    /// The task's own directory, where the exit record goes.
    case stateDirectory
    /// The pid and the ipc namespace that the container joins.
    case processNamespace, ipcNamespace
    /// The mount namespace of the container whose `/dev/shm` is shared.
    case sharedMemoryOwner
    /// The file or directory that is mounted at `destination`, in place of the source that the spec names.
    case mountSource(destination: String)
    /// One of a later version; it is closed.
    case unknown(UInt16)
  }
}
