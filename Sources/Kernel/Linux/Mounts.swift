import CLinux
import Glibc

/// Attributes of one mount, as mount_setattr(2) sets them.
package struct MountAttributes: OptionSet, Sendable, Hashable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// The attributes, named after the options of mount(8).
  package static let readOnly = MountAttributes(rawValue: UInt64(MOUNT_ATTR_RDONLY))
  package static let noSuid = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NOSUID))
  package static let noDevices = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NODEV))
  package static let noExec = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NOEXEC))
  package static let noAccessTime = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NOATIME))
  package static let strictAccessTime = MountAttributes(rawValue: UInt64(MOUNT_ATTR_STRICTATIME))
  package static let noDirectoryAccessTime = MountAttributes(rawValue: UInt64(MOUNT_ATTR_NODIRATIME))
  /// MOUNT_ATTR_NOSYMFOLLOW, newer than Debian 12's headers.
  package static let noSymlinkFollow = MountAttributes(rawValue: 0x0020_0000)
  /// The three access time attributes are one field with three values: to set one is to clear the others.
  static let accessTimeMask: UInt64 = UInt64(MOUNT_ATTR__ATIME)
}

/// How mount events travel between a mount and its copies: mount_namespaces(7).
package enum MountPropagation: String, Sendable {
  case `private`, slave, shared, unbindable

  /// The `MS_` flag that stands for it.
  package var flag: UInt64 {
    switch self {
    case .private: UInt64(MS_PRIVATE)
    case .slave: UInt64(MS_SLAVE)
    case .shared: UInt64(MS_SHARED)
    case .unbindable: UInt64(MS_UNBINDABLE)
    }
  }
}

/// A file system being configured, before there is a mount of it: fsopen(2).
package struct FileSystemContext {
  private let context: Descriptor
  private let type: String

  /// Opens a new instance of the file system `type`.
  package init(_ type: String) throws(SyscallError) {
    self.type = type
    context = Descriptor(owning: try syscall("fsopen", type) { fsopen(type, UInt32(FSOPEN_CLOEXEC)) })
  }

  /// Sets `key=value`; a value ends at 255 bytes.
  package func set(_ key: String, _ value: String) throws(SyscallError) {
    do {
      _ = try syscall("fsconfig", "\(type) \(key)=\(value)") {
        fsconfig(context.raw, UInt32(FSCONFIG_SET_STRING.rawValue), key, value, 0)
      }
    } catch { throw explained(error) }
  }

  /// Sets the flag `key`.
  package func set(_ key: String) throws(SyscallError) {
    do {
      _ = try syscall("fsconfig", "\(type) \(key)") {
        fsconfig(context.raw, UInt32(FSCONFIG_SET_FLAG.rawValue), key, nil, 0)
      }
    } catch { throw explained(error) }
  }

  /// Creates the file system and a detached mount of it, visible nowhere until `Descriptor.attachMount`.
  package func mount(_ attributes: MountAttributes = []) throws(SyscallError) -> Descriptor {
    do {
      _ = try syscall("fsconfig", "\(type) create") {
        fsconfig(context.raw, UInt32(FSCONFIG_CMD_CREATE.rawValue), nil, nil, 0)
      }
      return Descriptor(
        owning: try syscall("fsmount", type) {
          fsmount(context.raw, UInt32(FSMOUNT_CLOEXEC), UInt32(attributes.rawValue))
        })
    } catch { throw explained(error) }
  }

  /// The kernel explains a refusal in the context's log: "e overlay: …"; it belongs into the error.
  private func explained(_ error: SyscallError) -> SyscallError {
    var line = [UInt8](repeating: 0, count: 1024)
    let count = Glibc.read(context.raw, &line, line.count)
    guard count > 0 else { return error }
    let text = String(decoding: line[..<count], as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
    return SyscallError(error.call, "\(error.subject ?? type) (kernel: \(text))", errno: error.errno)
  }
}

/// Clones the mount at `path` as a detached one: open_tree(2).
///
/// - Parameter isRecursive: with the mounts below it.
package func cloneMount(
  _ path: String, at base: Base = .workingDirectory, isRecursive: Bool = true, followLinks: Bool = true
) throws(SyscallError) -> Descriptor {
  var flags = UInt32(OPEN_TREE_CLONE) | UInt32(bitPattern: O_CLOEXEC)
  if isRecursive { flags |= UInt32(AT_RECURSIVE) }
  if !followLinks { flags |= UInt32(AT_SYMLINK_NOFOLLOW) }
  if path.isEmpty { flags |= UInt32(AT_EMPTY_PATH) }
  return Descriptor(owning: try syscall("open_tree", path) { open_tree(base.raw, path, flags) })
}

extension Descriptor {
  /// Attaches this detached mount on top of `target`, itself an open file or directory: move_mount(2).
  package func attachMount(on target: Descriptor, _ subject: @autoclosure () -> String) throws(SyscallError) {
    _ = try syscall("move_mount", subject()) {
      move_mount(
        raw, "", target.raw, "", UInt32(MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH))
    }
  }

  /// Sets and clears attributes and the propagation of this mount.
  package func setMountAttributes(
    _ set: MountAttributes = [], clear: MountAttributes = [], propagation: MountPropagation? = nil,
    isRecursive: Bool = false
  ) throws(SyscallError) {
    var attributes = mount_attr()
    attributes.attr_set = set.rawValue
    attributes.attr_clr = clear.rawValue
    // The kernel wants the whole access time field cleared when one of its values is set.
    if set.union(clear).rawValue & MountAttributes.accessTimeMask != 0 {
      attributes.attr_clr |= MountAttributes.accessTimeMask
    }
    attributes.propagation = propagation?.flag ?? 0
    let flags = UInt32(AT_EMPTY_PATH) | (isRecursive ? UInt32(AT_RECURSIVE) : 0)
    _ = try syscall("mount_setattr") { mount_setattr(raw, "", flags, &attributes, MemoryLayout<mount_attr>.size) }
  }
}

/// Sets the propagation of the mount at `path` and all below it.
package func setPropagation(_ propagation: MountPropagation, of path: String, isRecursive: Bool = true)
  throws(SyscallError)
{
  let flags = UInt(propagation.flag) | (isRecursive ? UInt(MS_REC) : 0)
  _ = try syscall("mount", "\(path) \(propagation.rawValue)") { Glibc.mount(nil, path, nil, flags, nil) }
}

/// Detaches the mount at `path`; it goes when its last user goes.
package func detachMount(_ path: String) throws(SyscallError) {
  _ = try syscall("umount", path) { umount2(path, Int32(MNT_DETACH)) }
}

/// Makes the current directory the root of the mount namespace; the old root ends up on top of it, at ".".
package func pivotRootToWorkingDirectory() throws(SyscallError) {
  _ = try syscall("pivot_root", ".") { clinux_pivot_root(".", ".") }
}

/// Makes the open directory `root` the calling process's `/` and working directory.
package func changeRoot(to root: Descriptor) throws(SyscallError) {
  _ = try syscall("fchdir") { fchdir(root.raw) }
  _ = try syscall("chroot", ".") { chroot(".") }
}
