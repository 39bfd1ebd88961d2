import CLinux
import CLinux
import Glibc

/// Starts `program` as a child in a session of its own, with every signal at its default and none blocked.
///
/// This is how a process with several threads starts another: nothing of ours runs between fork and exec.
///
/// - Parameter inherited: descriptors and the numbers they have in the child; all others are closed there.
package func spawn(
  _ program: String, arguments: [String], environment: [String], inherited: [(descriptor: Descriptor, number: Int32)]
) throws(SyscallError) -> ChildProcess {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  // dup2 clears close-on-exec, also when the numbers are equal: posix_spawn sees to that.
  for (descriptor, number) in inherited { posix_spawn_file_actions_adddup2(&actions, descriptor.raw, number) }
  posix_spawn_file_actions_addchdir_np(&actions, "/")

  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var all = sigset_t()
  sigfillset(&all)
  var none = sigset_t()
  sigemptyset(&none)
  posix_spawnattr_setsigdefault(&attributes, &all)
  posix_spawnattr_setsigmask(&attributes, &none)
  posix_spawnattr_setflags(
    &attributes, Int16(POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

  let argv = CStringArray(arguments)
  let envp = CStringArray(environment)
  var pid: pid_t = 0
  let code = posix_spawn(&pid, program, &actions, &attributes, argv.pointer, envp.pointer)
  guard code == 0 else { throw SyscallError("posix_spawn", program, errno: Errno(code)) }
  // Our own child, and not yet reaped: the number is its.
  return ChildProcess(pid: pid, handle: try openProcess(pid))
}
