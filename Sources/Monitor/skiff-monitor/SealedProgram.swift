import Glibc
import Linux
import Runtime

/// This program, executed from a sealed copy in memory.
///
/// A process of a container can reach the binary of whoever enters it, by `/proc/PID/exe`. If that were the file on
/// the host's disk, root in a container could overwrite it (CVE-2019-5736). So the verbs that start processes run from
/// a memfd that nobody can change.
enum SealedProgram {
  /// Executes this program again from a sealed copy, unless it runs from one already.
  static func ensure() throws(RuntimeError) {
    let copy = try during("seal our own program") {
      try open("/proc/self/exe", O_RDONLY).isSealed
        ? nil : try Descriptor.sealedCopy(of: "/proc/self/exe", name: "skiff-monitor")
    }
    guard let copy else { return }
    let error = execute(copy, arguments: CommandLine.arguments, environment: currentEnvironment())
    throw RuntimeError(.system, "cannot execute a sealed copy of this program: \(error)")
  }
}
