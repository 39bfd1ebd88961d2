import Linux

/// The options of one mount of the spec, sorted by what the kernel needs them for.
///
/// OCI runtime-spec, config.md "Linux mount options": what is no known flag is the file system's own.
package struct MountOptions: Equatable {
  /// Attributes of the mount itself.
  var set: MountAttributes = []
  var clear: MountAttributes = []
  /// Attributes of the mount and of all mounts below it (`rro`, …).
  var recursiveSet: MountAttributes = []
  var recursiveClear: MountAttributes = []
  var propagation: MountPropagation?
  var isPropagationRecursive = false
  var isBind = false
  /// `rbind`: with the mounts below the source.
  var isBindRecursive = false
  /// Podman's `tmpcopyup`: the new tmpfs starts with what the image has there.
  var copiesUp = false
  /// The file system's own: `key=value`, or a flag without value.
  var data: [String] = []

  /// Sorts `options`; those that need what we do not have are refused by name.
  init(_ options: [String], destination: String) throws(RuntimeError) {
    for option in options {
      if let change = MountOptions.attributeChanges[option] {
        apply(change)
      } else if option.hasPrefix("r"), let change = MountOptions.attributeChanges[String(option.dropFirst())] {
        recursiveSet.formUnion(change.set)
        recursiveClear.formUnion(change.clear)
      } else if let propagation = MountPropagation(rawValue: option) {
        self.propagation = propagation
      } else if option.hasPrefix("r"), let propagation = MountPropagation(rawValue: String(option.dropFirst())) {
        self.propagation = propagation
        isPropagationRecursive = true
      } else {
        try applyOther(option, destination: destination)
      }
    }
  }

  private mutating func apply(_ change: (set: MountAttributes, clear: MountAttributes)) {
    // The last of two contrary options wins, as with mount(8).
    set = set.subtracting(change.clear).union(change.set)
    clear = clear.subtracting(change.set).union(change.clear)
  }

  private mutating func applyOther(_ option: String, destination: String) throws(RuntimeError) {
    switch option {
    case "bind": isBind = true
    case "rbind":
      isBind = true
      isBindRecursive = true
    case "tmpcopyup": copiesUp = true
    // What is so anyway, or has no meaning for the new mount calls.
    case "defaults", "async", "remount", "relatime", "nolazytime", "silent", "loud", "norelatime": break
    case "idmap", "ridmap":
      throw RuntimeError(.unsupported, "mount \"\(destination)\": option \"\(option)\" is not supported yet")
    default: data.append(option)
    }
  }

  /// The options that are not left to the file system, for `features`, sorted.
  package static let known: [String] =
    (attributeChanges.keys + attributeChanges.keys.map { "r\($0)" } + ["bind", "rbind", "defaults", "remount"]
    + ["private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable"]).sorted()

  private static let attributeChanges: [String: (set: MountAttributes, clear: MountAttributes)] = [
    "ro": (.readOnly, []), "rw": ([], .readOnly),
    "nosuid": (.noSuid, []), "suid": ([], .noSuid),
    "nodev": (.noDevices, []), "dev": ([], .noDevices),
    "noexec": (.noExec, []), "exec": ([], .noExec),
    "noatime": (.noAccessTime, []), "atime": ([], .noAccessTime),
    "nodiratime": (.noDirectoryAccessTime, []), "diratime": ([], .noDirectoryAccessTime),
    "strictatime": (.strictAccessTime, []), "nostrictatime": ([], .strictAccessTime),
    "nosymfollow": (.noSymlinkFollow, []), "symfollow": ([], .noSymlinkFollow),
  ]
}
