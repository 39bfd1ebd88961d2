import CLinux
import Glibc

// The calls of Files.swift for names whose bytes are foreign.

/// Opens the name `path` in `directory` without resolution rules, always close-on-exec. For single names; add
/// `O_NOFOLLOW` where the name is not ours.
package func open(_ path: RawPath, at directory: Descriptor, _ flags: Int32, mode: UInt32 = 0) throws(SyscallError)
  -> Descriptor
{
  Descriptor(
    owning: try syscall("open", path.description) {
      path.withCString { clinux_openat(directory.raw, $0, flags | O_CLOEXEC, mode) }
    })
}

/// Opens `path` below `root`, as its namesake for text does.
package func open(
  _ path: RawPath, below root: Descriptor, _ flags: Int32, _ resolution: Resolution = .confined
) throws(SyscallError) -> Descriptor {
  var attempts = 0
  while true {
    do {
      return Descriptor(
        owning: try syscall("openat2", path.description) {
          path.withCString {
            clinux_openat2(root.raw, $0, UInt64(UInt32(bitPattern: flags | O_CLOEXEC)), 0, resolution.rawValue)
          }
        })
    } catch {
      attempts += 1
      guard error.errno == .tryAgain, attempts < resolveAttemptsMax else { throw error }
    }
  }
}

/// Makes the directory `path`; the umask applies.
package func makeDirectory(_ path: RawPath, at directory: Descriptor, mode: UInt32) throws(SyscallError) {
  _ = try syscall("mkdir", path.description) { path.withCString { clinux_mkdirat(directory.raw, $0, mode) } }
}

/// Removes the name `path`: a file, or with `isDirectory` an empty directory.
package func unlink(_ path: RawPath, at directory: Descriptor, isDirectory: Bool = false) throws(SyscallError) {
  _ = try syscall("unlink", path.description) {
    path.withCString { unlinkat(directory.raw, $0, isDirectory ? AT_REMOVEDIR : 0) }
  }
}

/// Makes the symbolic link `path` that says `target`.
package func symlink(_ target: RawPath, _ path: RawPath, at directory: Descriptor) throws(SyscallError) {
  _ = try syscall("symlink", path.description) {
    target.withCString { target in path.withCString { symlinkat(target, directory.raw, $0) } }
  }
}

/// Makes `path` another name of the file `target`, which is not followed if it is a symbolic link.
package func link(
  _ target: RawPath, at targetDirectory: Descriptor, to path: RawPath, at directory: Descriptor
) throws(SyscallError) {
  _ = try syscall("link", "\(target) -> \(path)") {
    target.withCString { target in path.withCString { linkat(targetDirectory.raw, target, directory.raw, $0, 0) } }
  }
}

/// Makes a device, a fifo or a socket name. `mode` carries the type bits; the umask applies.
package func makeNode(
  _ path: RawPath, at directory: Descriptor, mode: UInt32, device: DeviceNumber = DeviceNumber(0, 0)
) throws(SyscallError) {
  _ = try syscall("mknod", path.description) {
    path.withCString { mknodat(directory.raw, $0, mode, dev_t(clinux_makedev(device.major, device.minor))) }
  }
}

/// The status of `path`, of the link itself where it is one.
package func status(of path: RawPath, at directory: Descriptor) throws(SyscallError) -> FileStatus {
  var value = stat()
  _ = try syscall("stat", path.description) {
    path.withCString { fstatat(directory.raw, $0, &value, AT_SYMLINK_NOFOLLOW) }
  }
  return FileStatus(value)
}

/// The target of the symbolic link `path`.
package func readLink(_ path: RawPath, at directory: Descriptor) throws(SyscallError) -> RawPath {
  var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
  let count = try syscallCount("readlink", path.description) {
    path.withCString { readlinkat(directory.raw, $0, &buffer, buffer.count) }
  }
  // The kernel ends a link's target at a NUL, so there is none in it.
  return RawPath(buffer[..<count].lazy.map(UInt8.init(bitPattern:))) ?? ""
}

extension Descriptor {
  /// The names in this directory, without `.` and `..`, in no order.
  package func rawEntries() throws(SyscallError) -> [RawPath] {
    let copy = try syscall("open", ".") { clinux_openat(raw, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) }
    guard let stream = fdopendir(copy) else {
      let error = Errno.current
      Glibc.close(copy)
      throw SyscallError("fdopendir", errno: error)
    }
    defer { closedir(stream) }
    var names: [RawPath] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { RawPath($0.prefix { $0 != 0 }) }
      if let name, name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
