import OCI

// Members and their names are those of the OCI runtime-spec; what has no tag is refused by name.

extension RuntimeSpec: Record {
  static var absent: RuntimeSpec { RuntimeSpec(ociVersion: "") }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "ociVersion", &ociVersion)
    try coder.field(2, "process", &process)
    try coder.field(3, "root", &root)
    try coder.field(4, "hostname", &hostname)
    try coder.field(5, "domainname", &domainname)
    try coder.list(6, "mounts", &mounts)
    try coder.map(7, "annotations", &annotations)
    try coder.field(8, "linux", &linux)
    try coder.refuse("hooks", unless: hooks == nil)
  }
}

extension RuntimeSpec.Process: Record {
  static var absent: Self { Self(cwd: "") }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "terminal", &terminal)
    try coder.field(2, "consoleSize", &consoleSize)
    try coder.field(3, "user", &user)
    try coder.list(4, "args", &args)
    try coder.list(5, "env", &env)
    try coder.field(6, "cwd", &cwd)
    try coder.field(7, "capabilities", &capabilities)
    try coder.list(8, "rlimits", &rlimits)
    try coder.field(9, "noNewPrivileges", &noNewPrivileges)
    try coder.field(10, "oomScoreAdj", &oomScoreAdj)
    try coder.refuse("apparmorProfile", unless: apparmorProfile.isEmpty)
    try coder.refuse("selinuxLabel", unless: selinuxLabel.isEmpty)
    try coder.refuse("ioPriority", unless: ioPriority == nil)
    try coder.refuse("scheduler", unless: scheduler == nil)
    try coder.refuse("execCPUAffinity", unless: execCPUAffinity == nil)
  }
}

extension RuntimeSpec.ConsoleSize: Record {
  static var absent: Self { Self(height: 0, width: 0) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "height", &height)
    try coder.field(2, "width", &width)
  }
}

extension RuntimeSpec.User: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "uid", &uid)
    try coder.field(2, "gid", &gid)
    try coder.field(3, "umask", &umask)
    try coder.list(4, "additionalGids", &additionalGids)
  }
}

extension RuntimeSpec.Capabilities: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.list(1, "bounding", &bounding)
    try coder.list(2, "effective", &effective)
    try coder.list(3, "permitted", &permitted)
    try coder.list(4, "inheritable", &inheritable)
    try coder.list(5, "ambient", &ambient)
  }
}

extension RuntimeSpec.Rlimit: Record {
  static var absent: Self { Self(type: .core, soft: 0, hard: 0) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "type", &type)
    try coder.field(2, "soft", &soft)
    try coder.field(3, "hard", &hard)
  }
}

extension RuntimeSpec.Rlimit.Resource: FieldValue {}

extension RuntimeSpec.Root: Record {
  static var absent: Self { Self(path: "") }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.field(1, "path", &path)
    try coder.field(2, "readonly", &readonly)
  }
}

extension RuntimeSpec.Mount: Record {
  static var absent: Self { Self(destination: "") }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "destination", &destination)
    try coder.field(2, "type", &type)
    try coder.field(3, "source", &source)
    try coder.list(4, "options", &options)
    try coder.refuse("uidMappings", unless: uidMappings.isEmpty)
    try coder.refuse("gidMappings", unless: gidMappings.isEmpty)
  }
}

extension RuntimeSpec.LinuxConfiguration: Record {
  static var absent: Self { Self() }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.list(1, "namespaces", &namespaces)
    try coder.list(2, "devices", &devices)
    try coder.field(3, "cgroupsPath", &cgroupsPath)
    try coder.field(4, "resources", &resources)
    try coder.field(5, "rootfsPropagation", &rootfsPropagation)
    try coder.map(6, "sysctl", &sysctl)
    try coder.list(7, "maskedPaths", &maskedPaths)
    try coder.list(8, "readonlyPaths", &readonlyPaths)
    try coder.refuse("uidMappings", unless: uidMappings.isEmpty)
    try coder.refuse("gidMappings", unless: gidMappings.isEmpty)
    try coder.refuse("timeOffsets", unless: timeOffsets.isEmpty)
    try coder.refuse("netDevices", unless: netDevices.isEmpty)
    // Its program goes beside the spec.
    try coder.refuse("seccomp", unless: seccomp == nil)
    try coder.refuse("mountLabel", unless: mountLabel.isEmpty)
    try coder.refuse("intelRdt", unless: intelRdt == nil)
    try coder.refuse("personality", unless: personality == nil)
    try coder.refuse("memoryPolicy", unless: memoryPolicy == nil)
  }
}

extension RuntimeSpec.Namespace: Record {
  static var absent: Self { Self(type: .pid) }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "type", &type)
    try coder.field(2, "path", &path)
  }
}

extension RuntimeSpec.Namespace.Kind: FieldValue {}

extension RuntimeSpec.Device: Record {
  static var absent: Self { Self(type: .character, path: "") }

  mutating func fields<Coder: RecordCoder>(_ coder: inout Coder) throws(RecordError) {
    try coder.required(1, "type", &type)
    try coder.required(2, "path", &path)
    try coder.field(3, "major", &major)
    try coder.field(4, "minor", &minor)
    try coder.field(5, "fileMode", &fileMode)
    try coder.field(6, "uid", &uid)
    try coder.field(7, "gid", &gid)
  }
}

extension RuntimeSpec.DeviceKind: FieldValue {}
