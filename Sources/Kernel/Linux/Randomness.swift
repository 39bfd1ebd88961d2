import CLinux
import Glibc

/// Bytes of the kernel's random generator.
package func randomBytes(_ count: Int) throws(SyscallError) -> [UInt8] {
  var bytes = [UInt8](repeating: 0, count: count)
  var filled = 0
  while filled < count {
    filled += try syscallCount("getrandom") {
      bytes.withUnsafeMutableBytes { buffer in
        let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
        return clinux_getrandom(rest.baseAddress, rest.count)
      }
    }
  }
  return bytes
}

/// A new name that nobody can guess and nobody else has: `byteCount` random bytes in hexadecimal.
package func randomName(byteCount: Int = 32) throws(SyscallError) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(
    decoding: try randomBytes(byteCount).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
