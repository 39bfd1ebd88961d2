import OCI

extension LaunchRecord: Record {
  static var absent: LaunchRecord {
    LaunchRecord(
      launchID: .none, kind: .exec(.absent), spec: .absent, stopSignal: 0, exitRecordName: "")
  }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "launchID", &launchID)
    try coder.required(2, "kind", &kind)
    try coder.field(3, "spec", &spec)
    try coder.field(4, "seccomp", &seccomp)
    try coder.field(5, "user", &user)
    try coder.list(6, "additionalGroups", &additionalGroups)
    try coder.field(7, "input", &input)
    try coder.field(8, "log", &log)
    try coder.field(9, "stopSignal", &stopSignal)
    try coder.field(10, "cgroupPath", &cgroupPath)
    try coder.field(11, "exitRecordName", &exitRecordName)
    try coder.list(12, "descriptors", &descriptors)
    guard descriptors.count <= LaunchRecord.descriptorsMax else {
      throw RecordError(.tooMany(max: LaunchRecord.descriptorsMax), at: "descriptors")
    }
  }
}

extension LaunchRecord.Kind: Alternatives {
  struct Members: Record {
    static let absent = Members()
    var container: LaunchRecord.NewContainer?
    var exec: LaunchRecord.RunningContainer?

    mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
      try coder.field(1, "container", &container)
      try coder.field(2, "exec", &exec)
    }
  }

  var members: Members {
    switch self {
    case .container(let container): Members(container: container)
    case .exec(let exec): Members(exec: exec)
    }
  }

  init?(_ members: Members) {
    switch (members.container, members.exec) {
    case (let container?, nil): self = .container(container)
    case (nil, let exec?): self = .exec(exec)
    default: return nil
    }
  }
}

extension LaunchRecord.NewContainer: Record {
  static var absent: Self { Self(id: "", root: .directory("")) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "id", &id)
    try coder.required(2, "root", &root)
    try coder.field(3, "hasInit", &hasInit)
  }
}

extension LaunchRecord.Root: Alternatives {
  struct Members: Record {
    static let absent = Members()
    var directory: String?
    var overlay: LaunchRecord.Overlay?

    mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
      try coder.field(1, "directory", &directory)
      try coder.field(2, "overlay", &overlay)
    }
  }

  var members: Members {
    switch self {
    case .directory(let path): Members(directory: path)
    case .overlay(let overlay): Members(overlay: overlay)
    }
  }

  init?(_ members: Members) {
    switch (members.directory, members.overlay) {
    case (let path?, nil): self = .directory(path)
    case (nil, let overlay?): self = .overlay(overlay)
    default: return nil
    }
  }
}

extension LaunchRecord.Overlay: Record {
  static var absent: Self { Self(lowers: [], upper: nil) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.list(1, "lowers", &lowers)
    try coder.field(2, "upper", &upper)
  }
}

extension LaunchRecord.Upper: Record {
  static var absent: Self { Self(path: "", work: "") }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "path", &path)
    try coder.required(2, "work", &work)
  }
}

extension LaunchRecord.RunningContainer: Record {
  static var absent: Self { Self(pid: 0, startTime: 0) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "pid", &pid)
    try coder.required(2, "startTime", &startTime)
  }
}

extension LaunchRecord.Seccomp: Record {
  static var absent: Self { Self(program: [], flags: 0) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.bytes(1, "program", &program)
    try coder.field(2, "flags", &flags)
  }
}

extension LaunchRecord.Input: NumberedChoice, DefaultedValue {
  static var absent: Self { .none }
}

extension LaunchRecord.Log: Record {
  static var absent: Self { Self(format: .cri, segmentBytesMax: nil, segmentCountMax: nil) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "format", &format)
    try coder.field(2, "segmentBytesMax", &segmentBytesMax)
    try coder.field(3, "segmentCountMax", &segmentCountMax)
  }
}

extension LaunchRecord.LogFormat: Alternatives {
  struct JSONFile: Record {
    static let absent = JSONFile()
    var attributes: [UInt8] = []

    mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
      try coder.bytes(1, "attributes", &attributes)
    }
  }

  struct Members: Record {
    static let absent = Members()
    var jsonFile: JSONFile?
    var isCRI = false

    mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
      try coder.field(1, "jsonFile", &jsonFile)
      try coder.field(2, "cri", &isCRI)
    }
  }

  var members: Members {
    switch self {
    case .jsonFile(let attributes): Members(jsonFile: JSONFile(attributes: attributes))
    case .cri: Members(isCRI: true)
    }
  }

  init?(_ members: Members) {
    switch (members.jsonFile, members.isCRI) {
    case (let file?, false): self = .jsonFile(attributes: file.attributes)
    case (nil, true): self = .cri
    default: return nil
    }
  }
}

extension LaunchRecord.DescriptorRole: FieldValue {
  private struct Members: Record {
    static let absent = Members()
    var number: UInt16 = 0
    var streams: StreamSet = []
    var destination = ""

    mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
      try coder.required(1, "role", &number)
      try coder.field(2, "streams", &streams)
      try coder.field(3, "destination", &destination)
    }
  }

  func write(into writer: inout RecordWriter) throws(RecordError) {
    let members =
      switch self {
      case .networkNamespace: Members(number: 1)
      case .attach(let streams): Members(number: 2, streams: streams)
      case .logDirectory: Members(number: 3)
      case .stateDirectory: Members(number: 4)
      case .processNamespace: Members(number: 5)
      case .ipcNamespace: Members(number: 6)
      case .sharedMemoryOwner: Members(number: 7)
      case .mountSource(let destination): Members(number: 8, destination: destination)
      case .unknown(let number): Members(number: number)
      }
    try members.write(into: &writer)
  }

  init(field bytes: ArraySlice<UInt8>) throws(RecordError) {
    let members = try Members(field: bytes)
    switch members.number {
    case 1: self = .networkNamespace
    case 2: self = .attach(members.streams)
    case 3: self = .logDirectory
    case 4: self = .stateDirectory
    case 5: self = .processNamespace
    case 6: self = .ipcNamespace
    case 7: self = .sharedMemoryOwner
    case 8: self = .mountSource(destination: members.destination)
    default: self = .unknown(members.number)
    }
  }
}
