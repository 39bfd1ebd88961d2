extension MountSpec.Tmpfs {
  /// The options of the mount: Docker's careful ones, then the size and mode, then the user's; of two that contradict
  /// each other the later stands, in its own place.
  ///
  /// - Throws: `invalid`, with Docker's text, for an option that tmpfs(5) does not have.
  func mountOptions(isReadOnly: Bool) throws(LaunchPlanError) -> [String] {
    var options = ["noexec", "nosuid", "nodev", "rprivate"]
    if isReadOnly { options.append("ro") }
    if mode != 0 { options.append("mode=\(String(mode, radix: 8))") }
    if sizeBytes != 0 { options.append("size=\(sizeText)") }
    options += self.options
    var seen: Set<String> = []
    var kept: [String] = []
    for option in options.reversed() where option != "defaults" {
      guard let subject = Self.subject(of: option) else {
        throw .invalid("invalid tmpfs option \"\(option.prefix { $0 != "=" })\"")
      }
      if seen.insert(subject).inserted { kept.append(option) }
    }
    return kept.reversed()
  }

  /// The size with the largest unit that divides it.
  private var sizeText: String {
    for (unit, bytes) in [("g", Int64(1) << 30), ("m", 1 << 20), ("k", 1 << 10)] where sizeBytes % bytes == 0 {
      return "\(sizeBytes / bytes)\(unit)"
    }
    return "\(sizeBytes)"
  }

  /// What an option decides, so that two of them can contradict; nil for no option of a tmpfs.
  private static func subject(of option: String) -> String? {
    if let equals = option.firstIndex(of: "=") {
      let name = String(option[..<equals])
      return values.contains(name) ? name : nil
    }
    return flags[option]
  }

  private static let values: Set = ["size", "mode", "uid", "gid", "nr_inodes", "nr_blocks", "mpol"]

  private static let flags = [
    "ro": "write", "rw": "write", "suid": "suid", "nosuid": "suid", "dev": "dev", "nodev": "dev", "exec": "exec",
    "noexec": "exec", "sync": "sync", "async": "sync", "dirsync": "dirsync", "atime": "atime", "noatime": "atime",
    "diratime": "diratime", "nodiratime": "diratime", "relatime": "relatime", "norelatime": "relatime",
    "strictatime": "strictatime", "nostrictatime": "strictatime", "private": "propagation",
    "rprivate": "propagation", "shared": "propagation", "rshared": "propagation", "slave": "propagation",
    "rslave": "propagation", "unbindable": "propagation", "runbindable": "propagation",
  ]
}
