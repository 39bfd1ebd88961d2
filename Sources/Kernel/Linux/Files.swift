import CLinux
import Glibc

/// How a path below a directory may be resolved, as openat2(2) defines it.
package struct Resolution: OptionSet, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  /// Treats the directory as `/`: absolute paths and links start there, and `..` cannot leave it.
  package static let inRoot = Resolution(rawValue: UInt64(RESOLVE_IN_ROOT))
  /// Refuses every way out of the directory instead of folding it back.
  package static let beneath = Resolution(rawValue: UInt64(RESOLVE_BENEATH))
  package static let noSymlinks = Resolution(rawValue: UInt64(RESOLVE_NO_SYMLINKS))
  /// Refuses `/proc/PID/fd/N` and its like, through which a container could hand us any file of the host.
  package static let noMagicLinks = Resolution(rawValue: UInt64(RESOLVE_NO_MAGICLINKS))
  /// Refuses every step onto another mount.
  package static let noCrossings = Resolution(rawValue: UInt64(RESOLVE_NO_XDEV))
  /// What every path from an image, an archive or a container goes through.
  package static let confined: Resolution = [.inRoot, .noMagicLinks]
}

/// A directory against which relative paths are resolved.
package enum Base: Sendable {
  case workingDirectory
  case directory(Descriptor)

  var raw: Int32 {
    switch self {
    case .workingDirectory: AT_FDCWD
    case .directory(let descriptor): descriptor.raw
    }
  }
}

/// Opens `path`, always close-on-exec.
///
/// - Parameter flags: of open(2): `O_RDONLY`, `O_PATH`, `O_CREAT`, ….
package func open(
  _ path: String, at base: Base = .workingDirectory, _ flags: Int32, mode: UInt32 = 0
) throws(SyscallError) -> Descriptor {
  Descriptor(owning: try syscall("open", path) { clinux_openat(base.raw, path, flags | O_CLOEXEC, mode) })
}

/// Opens `path` below `root` under the rules of `resolution`.
///
/// A race with somebody who renames directories meanwhile makes the kernel answer EAGAIN; it is tried again
/// `resolveAttemptsMax` times.
package func open(
  _ path: String, below root: Descriptor, _ flags: Int32, mode: UInt32 = 0, _ resolution: Resolution = .confined
) throws(SyscallError) -> Descriptor {
  var attempts = 0
  while true {
    do {
      return Descriptor(
        owning: try syscall("openat2", path) {
          clinux_openat2(
            root.raw, path, UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), UInt64(mode), resolution.rawValue)
        })
    } catch {
      attempts += 1
      guard error.errno == .tryAgain, attempts < resolveAttemptsMax else { throw error }
    }
  }
}

/// A rename storm that defeats this many attempts is an attack, not bad luck.
let resolveAttemptsMax = 64

/// Makes the directory `path` with exactly `mode`, whatever the umask says, and opens nothing.
package func makeDirectory(_ path: String, at base: Base = .workingDirectory, mode: UInt32 = 0o755) throws(SyscallError)
{
  _ = try syscall("mkdir", path) { clinux_mkdirat(base.raw, path, mode) }
}

/// Makes `path` and its missing parents; what is there already is left as it is.
package func makeDirectories(_ path: String, mode: UInt32 = 0o755) throws(SyscallError) {
  do { try makeDirectory(path, mode: mode) } catch {
    switch error.errno {
    case .exists: return
    case .noSuchFile:
      guard let parent = parentPath(path) else { throw error }
      try makeDirectories(parent, mode: mode)
      try makeDirectory(path, mode: mode)
    default: throw error
    }
  }
}

private func parentPath(_ path: String) -> String? {
  guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return nil }
  return String(path[..<slash])
}

/// Removes the name `path`: a file, or with `isDirectory` an empty directory.
package func unlink(
  _ path: String, at base: Base = .workingDirectory, isDirectory: Bool = false
) throws(SyscallError) {
  _ = try syscall("unlink", path) { unlinkat(base.raw, path, isDirectory ? AT_REMOVEDIR : 0) }
}

/// Renames `from` to `to`, replacing what is there in one step.
package func rename(
  _ from: String, at fromBase: Base = .workingDirectory, to target: String, at toBase: Base = .workingDirectory
) throws(SyscallError) {
  _ = try syscall("rename", "\(from) -> \(target)") { renameat(fromBase.raw, from, toBase.raw, target) }
}

/// Makes the symbolic link `path` that says `target`.
package func symlink(_ target: String, _ path: String, at base: Base = .workingDirectory) throws(SyscallError) {
  _ = try syscall("symlink", path) { symlinkat(target, base.raw, path) }
}

/// Makes a device, a fifo or a socket name. `mode` carries the type bits.
package func makeNode(
  _ path: String, at base: Base = .workingDirectory, mode: UInt32, device: DeviceNumber = DeviceNumber(0, 0)
) throws(SyscallError) {
  _ = try syscall("mknod", path) { mknodat(base.raw, path, mode, dev_t(clinux_makedev(device.major, device.minor))) }
}

/// Gives `path` itself, not what a link points to, to `owner` and `group`.
package func setOwner(
  _ path: String, at base: Base = .workingDirectory, owner: UInt32, group: UInt32
) throws(SyscallError) {
  _ = try syscall("chown", path) { fchownat(base.raw, path, owner, group, AT_SYMLINK_NOFOLLOW) }
}

/// Sets the permission bits of `name` in `directory`; a symbolic link is refused.
package func setPermissions(_ name: String, at directory: Descriptor, _ permissions: UInt32) throws(SyscallError) {
  // fchmodat(2) has no flag against links before Linux 6.6: the file is held by an O_PATH descriptor instead.
  let file = try open(name, at: .directory(directory), O_PATH | O_NOFOLLOW)
  guard try !file.status().isSymlink else { throw SyscallError("chmod", name, errno: .tooManyLinks) }
  _ = try syscall("chmod", name) { chmod(file.procPath, permissions) }
}

/// A device's two numbers.
package struct DeviceNumber: Equatable, Hashable, Sendable {
  package let major: UInt32
  package let minor: UInt32
  package init(_ major: UInt32, _ minor: UInt32) {
    self.major = major
    self.minor = minor
  }
}

/// The target of the symbolic link `path`.
package func readLink(_ path: String, at base: Base = .workingDirectory) throws(SyscallError) -> String {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = try syscallCount("readlink", path) { readlinkat(base.raw, path, &buffer, buffer.count) }
  return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// What stat(2) tells of a file.
package struct FileStatus: Equatable, Sendable {
  /// Type and permission bits.
  package let mode: UInt32
  package let owner: UInt32
  package let group: UInt32
  package let size: Int64
  package let inode: UInt64
  /// The file system it is on.
  package let fileSystem: UInt64
  /// For a device node: which.
  package let device: DeviceNumber
  package let links: UInt64
  package let modified: FileTime

  /// What the mode says, in words.
  package var isDirectory: Bool { mode & S_IFMT == S_IFDIR }
  package var isRegular: Bool { mode & S_IFMT == S_IFREG }
  package var isSymlink: Bool { mode & S_IFMT == S_IFLNK }
  package var permissions: UInt32 { mode & 0o7777 }

  init(_ status: stat) {
    mode = status.st_mode
    owner = status.st_uid
    group = status.st_gid
    size = Int64(status.st_size)
    inode = UInt64(status.st_ino)
    fileSystem = UInt64(status.st_dev)
    device = DeviceNumber(clinux_major(UInt64(status.st_rdev)), clinux_minor(UInt64(status.st_rdev)))
    links = UInt64(status.st_nlink)
    modified = FileTime(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int64(status.st_mtim.tv_nsec))
  }
}

/// A point in time as the kernel gives it.
package struct FileTime: Equatable, Hashable, Sendable {
  package let seconds: Int64
  package let nanoseconds: Int64
  package init(seconds: Int64, nanoseconds: Int64) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }
}

/// The status of `path`, of the link itself where it is one and `followLinks` is false.
package func status(
  of path: String, at base: Base = .workingDirectory, followLinks: Bool = true
) throws(SyscallError) -> FileStatus {
  var value = stat()
  _ = try syscall("stat", path) { fstatat(base.raw, path, &value, followLinks ? 0 : AT_SYMLINK_NOFOLLOW) }
  return FileStatus(value)
}

/// A kind of file system, by the number that statfs(2) tells.
package struct FileSystemKind: Equatable, Sendable {
  package let magic: Int
  package static let devpts = FileSystemKind(magic: 0x1cd1)
  package static let proc = FileSystemKind(magic: 0x9fa0)
}

extension Descriptor {
  /// The kind of the file system that the open file is on, and whether its mount is read-only.
  package func fileSystem() throws(SyscallError) -> (kind: FileSystemKind, isReadOnly: Bool) {
    var value = statfs()
    _ = try syscall("fstatfs") { fstatfs(raw, &value) }
    return (FileSystemKind(magic: Int(value.f_type)), Int(value.f_flags) & Int(ST_RDONLY) != 0)
  }

  /// The status of the open file, also of an `O_PATH` descriptor.
  package func status() throws(SyscallError) -> FileStatus {
    var value = stat()
    _ = try syscall("fstat") { fstat(raw, &value) }
    return FileStatus(value)
  }

  /// The names in this directory, without `.` and `..`, in no order.
  package func entries() throws(SyscallError) -> [String] {
    let copy = try syscall("open", ".") { clinux_openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    guard let stream = fdopendir(copy) else {
      let error = Errno.current
      Glibc.close(copy)
      throw SyscallError("fdopendir", errno: error)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}

/// Reads a small file of the system or of ours.
///
/// - Parameter limit: see `Descriptor.readAll`.
package func readFile(
  _ path: String, at base: Base = .workingDirectory, limit: Int = 4 << 20
) throws(SyscallError) -> [UInt8] {
  try open(path, at: base, O_RDONLY).readAll(limit: limit)
}

/// The same as text; bytes that are no UTF-8 are replaced.
package func readText(
  _ path: String, at base: Base = .workingDirectory, limit: Int = 4 << 20
) throws(SyscallError) -> String {
  String(decoding: try readFile(path, at: base, limit: limit), as: UTF8.self)
}

/// Writes to a file that exists, as kernel interfaces want it: one write, no truncation, no creation.
package func writeExisting(_ path: String, at base: Base = .workingDirectory, _ text: String) throws(SyscallError) {
  let file = try open(path, at: base, O_WRONLY)
  do { try file.writeAll(text) } catch { throw SyscallError("write", path, errno: error.errno) }
}

/// Replaces the file `name` by `bytes` in one step: a reader sees the old or the new content, never half of it.
///
/// - Parameter isDurable: waits until the content is on the disk before the name points to it.
package func replaceFile(
  _ name: String, at base: Base = .workingDirectory, _ bytes: [UInt8], mode: UInt32 = 0o600, isDurable: Bool = false
) throws(SyscallError) {
  let temporary = "\(name).\(getpid()).new"
  let file = try open(temporary, at: base, O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
  do {
    try file.writeAll(bytes)
    if isDurable { _ = try syscall("fdatasync", temporary) { fdatasync(file.raw) } }
    try rename(temporary, at: base, to: name, at: base)
  } catch {
    _ = unlinkat(base.raw, temporary, 0)
    throw error
  }
}

/// Removes the tree `name`, however deep, without following links. What is not there is no error.
package func removeTree(_ name: String, at base: Base = .workingDirectory) throws(SyscallError) {
  switch base {
  case .directory(let descriptor): try removeTree(RawPath(name), at: descriptor)
  case .workingDirectory: try removeTree(RawPath(name), at: try open(".", O_PATH | O_DIRECTORY))
  }
}
