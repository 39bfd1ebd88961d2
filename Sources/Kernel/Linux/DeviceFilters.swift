import CLinux
import Glibc

/// Why a device filter could not be loaded.
package struct DeviceFilterError: Error, Equatable, CustomStringConvertible {
  package let cause: SyscallError
  /// What the kernel's verifier said, if it was the one that refused.
  package let verifierLog: String

  package var description: String { verifierLog.isEmpty ? "\(cause)" : "\(cause)\n\(verifierLog)" }
}

/// Loads a program of type `BPF_PROG_TYPE_CGROUP_DEVICE` into the kernel; it lives as long as the descriptor or an
/// attachment.
///
/// - Parameter program: `struct bpf_insn`s, 8 bytes each.
package func loadDeviceFilter(_ program: [UInt8]) throws(DeviceFilterError) -> Descriptor {
  var log = [UInt8](repeating: 0, count: 4096)
  let result = log.withUnsafeMutableBytes { log in
    program.withUnsafeBytes { program in
      let fd = clinux_bpf_load_device_filter(
        program.baseAddress, UInt32(program.count / 8), log.baseAddress?.assumingMemoryBound(to: CChar.self),
        UInt32(log.count))
      return (fd: fd, error: Errno.current)
    }
  }
  guard result.fd >= 0 else {
    throw DeviceFilterError(
      cause: SyscallError("bpf BPF_PROG_LOAD", errno: result.error),
      verifierLog: String(decoding: log.prefix { $0 != 0 }, as: UTF8.self))
  }
  return Descriptor(owning: result.fd)
}

extension Descriptor {
  /// Makes `filter` the only device filter of this cgroup v2 directory.
  ///
  /// The new one is attached before the old ones go: an access must pass all filters of a cgroup, so there is no moment
  /// at which more is allowed than either set of rules allows.
  package func replaceDeviceFilters(by filter: Descriptor) throws(SyscallError) {
    var ids = [UInt32](repeating: 0, count: 64)  // BPF_CGROUP_MAX_PROGS: the kernel attaches no more.
    var count = UInt32(ids.count)
    _ = try syscall("bpf BPF_PROG_QUERY") { clinux_bpf_device_filters(raw, &ids, &count) }
    _ = try syscall("bpf BPF_PROG_ATTACH") { clinux_bpf_attach_device_filter(raw, filter.raw) }
    for id in ids.prefix(Int(count)) {
      let old = Descriptor(owning: try syscall("bpf BPF_PROG_GET_FD_BY_ID") { clinux_bpf_program_by_id(id) })
      _ = try syscall("bpf BPF_PROG_DETACH") { clinux_bpf_detach_device_filter(raw, old.raw) }
    }
  }
}
