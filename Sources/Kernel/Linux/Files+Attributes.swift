import CLinux
import Glibc

/// The largest value of an extended attribute: `XATTR_SIZE_MAX` of the kernel.
package let extendedAttributeBytesMax = 65536

// The attributes of an open file.
extension Descriptor {
  /// Sets the permission bits, whatever the umask says.
  package func setPermissions(_ mode: UInt32) throws(SyscallError) {
    _ = try syscall("fchmod") { fchmod(raw, mode) }
  }

  /// Sets owner and group. The kernel takes set-id bits and file capabilities away with it: set those after.
  package func setOwner(_ owner: UInt32, group: UInt32) throws(SyscallError) {
    _ = try syscall("fchown") { fchown(raw, owner, group) }
  }

  /// Sets the times of last access and modification; nil leaves one as it is.
  package func setTimes(accessed: FileTime?, modified: FileTime?) throws(SyscallError) {
    let times = [timespec(accessed), timespec(modified)]
    _ = try syscall("futimens") { futimens(raw, times) }
  }

  /// Writes all of `buffer` at `offset`, without moving the file position.
  package func writeAll(_ buffer: UnsafeRawBufferPointer, at offset: Int64) throws(SyscallError) {
    var rest = buffer[...]
    var offset = offset
    while !rest.isEmpty {
      let bytes = UnsafeRawBufferPointer(rebasing: rest)
      let count = try syscallCount("pwrite") { pwrite(raw, bytes.baseAddress, bytes.count, off_t(offset)) }
      rest = rest.dropFirst(count)
      offset += Int64(count)
    }
  }

  /// Sets the extended attribute `name`. Not for `O_PATH` descriptors.
  package func setExtendedAttribute(_ name: String, _ value: [UInt8]) throws(SyscallError) {
    _ = try syscall("fsetxattr", name) { fsetxattr(raw, name, value, value.count, 0) }
  }

  /// The extended attribute `name`; nil if the file or the file system has none.
  package func extendedAttribute(_ name: String) throws(SyscallError) -> [UInt8]? {
    try readAttribute { buffer throws(SyscallError) in
      try syscallCount("fgetxattr", name) { fgetxattr(raw, name, buffer.baseAddress, buffer.count) }
    }
  }

  /// The names of the extended attributes.
  package func extendedAttributeNames() throws(SyscallError) -> [String] {
    attributeNames(
      try readAttribute { buffer throws(SyscallError) in
        try syscallCount("flistxattr") {
          flistxattr(raw, buffer.bindMemory(to: CChar.self).baseAddress, buffer.count)
        }
      })
  }
}

// The attributes of a name that is not opened: of a symbolic link itself, of a device that must not be touched.

/// Sets owner and group of the name, of the link itself where it is one.
package func setOwner(_ owner: UInt32, group: UInt32, of path: RawPath, at directory: Descriptor) throws(SyscallError) {
  _ = try syscall("fchownat", path.description) {
    path.withCString { fchownat(directory.raw, $0, owner, group, AT_SYMLINK_NOFOLLOW) }
  }
}

/// Sets the permission bits of the name, which must not be a symbolic link: this call would follow it.
package func setPermissions(_ mode: UInt32, of path: RawPath, at directory: Descriptor) throws(SyscallError) {
  _ = try syscall("fchmodat", path.description) { path.withCString { fchmodat(directory.raw, $0, mode, 0) } }
}

/// Sets the times of the name, of the link itself where it is one; nil leaves one as it is.
package func setTimes(
  accessed: FileTime?, modified: FileTime?, of path: RawPath, at directory: Descriptor
) throws(SyscallError) {
  let times = [timespec(accessed), timespec(modified)]
  _ = try syscall("utimensat", path.description) {
    path.withCString { utimensat(directory.raw, $0, times, AT_SYMLINK_NOFOLLOW) }
  }
}

/// Sets an extended attribute of the name, of the link itself where it is one.
package func setExtendedAttribute(
  _ name: String, _ value: [UInt8], of path: RawPath, at directory: Descriptor
) throws(SyscallError) {
  // There is no setxattrat before kernel 6.13; a path through /proc reaches the same name.
  let full = RawPath(directory.procPath).appending(path)
  _ = try syscall("lsetxattr", "\(path) \(name)") {
    full.withCString { lsetxattr($0, name, value, value.count, 0) }
  }
}

/// An extended attribute of the name, of the link itself where it is one; nil if there is none.
package func extendedAttribute(
  _ name: String, of path: RawPath, at directory: Descriptor
) throws(SyscallError) -> [UInt8]? {
  let full = RawPath(directory.procPath).appending(path)
  return try readAttribute { buffer throws(SyscallError) in
    try syscallCount("lgetxattr", "\(path) \(name)") {
      full.withCString { lgetxattr($0, name, buffer.baseAddress, buffer.count) }
    }
  }
}

/// The names of the extended attributes of the name, of the link itself where it is one.
package func extendedAttributeNames(of path: RawPath, at directory: Descriptor) throws(SyscallError) -> [String] {
  let full = RawPath(directory.procPath).appending(path)
  return attributeNames(
    try readAttribute { buffer throws(SyscallError) in
      try syscallCount("llistxattr", path.description) {
        full.withCString { llistxattr($0, buffer.bindMemory(to: CChar.self).baseAddress, buffer.count) }
      }
    })
}

/// Reads a value or a list, first for its size, since most files have none; then into what holds the largest, so that
/// it may grow between the calls.
private func readAttribute(
  _ call: (UnsafeMutableRawBufferPointer) throws(SyscallError) -> Int
) throws(SyscallError) -> [UInt8]? {
  do {
    let size = try call(UnsafeMutableRawBufferPointer(start: nil, count: 0))
    if size == 0 { return [] }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: extendedAttributeBytesMax, alignment: 1)
    defer { buffer.deallocate() }
    return Array(buffer[..<(try call(buffer))])
  } catch {
    if error.errno == .noData || error.errno == .notSupported { return nil }
    throw error
  }
}

private func attributeNames(_ list: [UInt8]?) -> [String] {
  (list ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
}

/// `UTIME_OMIT`, a macro the importer does not see.
private let omitTime = (1 << 30) - 2

private func timespec(_ time: FileTime?) -> timespec {
  guard let time else { return Glibc.timespec(tv_sec: 0, tv_nsec: omitTime) }
  return Glibc.timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
}
