import CSeccomp
import Glibc
package import Linux

/// Compiled profiles, kept on disk, because compiling takes longer than everything else in a container's start.
///
/// One file for each profile, named by a hash of what it was compiled from, and holding that too: the hash only finds
/// the file, so two profiles of one hash take turns and never take each other's program.
///
///     0          8          12            16
///     ┌──────────┬──────────┬─────────────┬───────┬─────────┐
///     │ SKSECC01 │ key size │ program size│ key … │ program │   sizes: u32, this machine's byte order
///     └──────────┴──────────┴─────────────┴───────┴─────────┘
package struct SeccompCache: Sendable {
  private let directory: Descriptor

  /// Keeps its files in `directory`, which only we may be able to write to.
  package init(directory: Descriptor) { self.directory = directory }

  /// The program of `profile`: from the disk, or compiled and put there.
  ///
  /// A file that is damaged or that somebody else could have written is replaced. When it cannot be written the program
  /// is still good; only the next start is slower.
  package func program(for profile: SeccompProfile) throws(SeccompError) -> SeccompProgram {
    let key = profile.cacheKey
    let name = fileName(key)
    if let bytes = load(name, key) {
      return SeccompProgram(bytes: bytes, flags: profile.flags.reduce(0) { $0 | $1.bit })
    }
    let program = try profile.compile()
    let sizes = [UInt32(key.count), UInt32(program.bytes.count)].flatMap { withUnsafeBytes(of: $0, Array.init) }
    try? replaceFile(name, at: .directory(directory), magic + sizes + key + program.bytes, mode: 0o600)
    return program
  }

  private func load(_ name: String, _ key: [UInt8]) -> [UInt8]? {
    guard let file = try? open(name, at: .directory(directory), O_RDONLY | O_NOFOLLOW | O_NONBLOCK),
      let status = try? file.status(), status.isRegular, status.owner == geteuid(), status.permissions & 0o077 == 0,
      let bytes = try? file.readAll(limit: magic.count + 8 + key.count + programBytesMax)
    else { return nil }
    let head = magic + withUnsafeBytes(of: UInt32(key.count), Array.init)
    let programStart = head.count + 4 + key.count
    guard bytes.count > programStart, bytes.starts(with: head) else { return nil }
    let program = Array(bytes[programStart...])
    guard bytes[head.count..<head.count + 4].elementsEqual(withUnsafeBytes(of: UInt32(program.count), Array.init)),
      bytes[head.count + 4..<programStart].elementsEqual(key),
      program.count % 8 == 0
    else { return nil }
    return program
  }

  private func fileName(_ key: [UInt8]) -> String {
    // FNV-1a, 64 bits.
    let hash = key.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

private let magic = Array("SKSECC01".utf8)

extension SeccompProfile {
  /// Everything that the program depends on, as text: the profile, the compiler and the architecture. (Not the kernel:
  /// the program is the same for all.)
  fileprivate var cacheKey: [UInt8] {
    let version = seccomp_version().pointee
    var lines = [
      "libseccomp \(version.major).\(version.minor).\(version.micro)", "native \(seccomp_arch_native())", "stub 1",
      "default \(defaultAction.code)", "architectures \(quoted(architectures))",
    ]
    for rule in rules {
      let arguments = rule.arguments.map { "\($0.index) \($0.comparison.rawValue) \($0.value) \($0.valueTwo)" }
      lines.append("rule \(rule.action.code) \(quoted(rule.names)) if \(quoted(arguments))")
    }
    return Array(lines.joined(separator: "\n").utf8)
  }
}

/// The strings with their sizes, so that no choice of names makes two lists look alike.
private func quoted(_ strings: [String]) -> String {
  strings.map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
}
