import CLinux
import Glibc

extension Descriptor {
  /// Everything that keeps a memfd as it is.
  private static let allSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE

  /// Whether nobody can change this file any more: it is a memfd with every seal.
  package var isSealed: Bool {
    let seals = clinux_get_seals(raw)
    return seals >= 0 && seals & Descriptor.allSeals == Descriptor.allSeals
  }

  /// A file in memory that holds `bytes`, to be read from its start: memfd_create(2). A program's input that never
  /// blocks whoever gives it.
  package static func memoryFile(_ name: String, _ bytes: [UInt8]) throws(SyscallError) -> Descriptor {
    let file = Descriptor(owning: try syscall("memfd_create", name) { clinux_memfd_create(name, UInt32(MFD_CLOEXEC)) })
    try file.writeAll(bytes)
    _ = try syscallCount("lseek", name) { Int(lseek(file.raw, 0, SEEK_SET)) }
    return file
  }

  /// Whether nobody can write through this open file: its mount is read-only, and attached nowhere, so that no mount
  /// call of anybody finds it. `link` is where `/proc/self/exe` or the like says that it is.
  package func isUnwritable(link: String) throws(SyscallError) -> Bool {
    // A file that is the root of a detached mount has no other name.
    link == "/" ? try fileSystem().isReadOnly : false
  }

  /// Opens the file `path` by a read-only mount of itself alone, attached nowhere.
  package static func unwritableClone(of path: String) throws(SyscallError) -> Descriptor {
    let clone = try cloneMount(path, isRecursive: false)
    try clone.setMountAttributes(.readOnly, propagation: .private)
    return clone
  }

  /// Copies the file `path` into memory and seals the copy: memfd_create(2).
  ///
  /// - Parameter name: what `/proc/PID/exe` shows of it.
  package static func sealedCopy(of path: String, name: String) throws(SyscallError) -> Descriptor {
    let source = try open(path, O_RDONLY)
    let size = try source.status().size
    let flags = UInt32(MFD_CLOEXEC | MFD_ALLOW_SEALING)
    // MFD_EXEC (Linux 6.3) says that it is meant to be executed; older kernels do not know it.
    let mfdExec: UInt32 = 0x10
    var copy = clinux_memfd_create(name, flags | mfdExec)
    if copy < 0 { copy = clinux_memfd_create(name, flags) }
    let error = Errno.current
    guard copy >= 0 else { throw SyscallError("memfd_create", name, errno: error) }
    let memory = Descriptor(owning: copy)
    var left = Int(size)
    while left > 0 {
      let count = try syscallCount("sendfile", path) { sendfile(memory.raw, source.raw, nil, left) }
      guard count > 0 else { throw SyscallError("sendfile", path, errno: .inputOutput) }
      left -= count
    }
    _ = try syscall("fcntl F_ADD_SEALS") { clinux_add_seals(memory.raw, allSeals) }
    return memory
  }
}
