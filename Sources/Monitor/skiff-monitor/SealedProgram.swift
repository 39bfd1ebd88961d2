import Glibc
import Linux
import Runtime

/// This program, executed from a sealed copy in memory.
///
/// A process of a container can reach the binary of whoever enters it, by `/proc/PID/exe`. If that were the file on
/// the host's disk, root in a container could overwrite it (CVE-2019-5736). So the verbs that start processes run from
/// a read-only mount of the binary that is attached nowhere: through it nobody can write, and no mount call finds it.
/// Where that cannot be had, they run from a sealed memfd, which costs a copy of the whole binary at each call.
enum SealedProgram {
  /// Executes this program again from where nobody can write to it, unless it runs from there already.
  static func ensure() throws(RuntimeError) {
    let copy = try during("protect our own program") { () throws(SyscallError) -> Descriptor? in
      let running = try open(path, O_RDONLY)
      if running.isSealed { return nil }
      if try running.isUnwritable(link: try readLink(path)) { return nil }
      if let clone = try? Descriptor.unwritableClone(of: path) { return clone }
      return try Descriptor.sealedCopy(of: path, name: "skiff-monitor")
    }
    guard let copy else { return }
    let error = execute(copy, arguments: CommandLine.arguments, environment: currentEnvironment())
    throw RuntimeError(.system, "cannot execute a protected copy of this program: \(error)")
  }

  private static let path = "/proc/self/exe"
}
