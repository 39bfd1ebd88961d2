import Glibc
import Synchronization

/// A place behind a durable step where a test can let the process die, or the next step fail.
///
/// ```
/// try rename(temporary, to: name)
/// try Failpoint("content.commit.renamed").reach()
/// ```
///
/// The program that is started with `SKIFF_FAILPOINT=content.commit.renamed` kills itself there with SIGKILL, as if
/// the machine had been switched off: nothing is flushed, no `defer` runs. What the next start makes of it is what the
/// crash tests look at. TidyTests hold that each name is used once and that a test of the kind `*CrashTests` names it.
///
/// It lives on the lowest floor because stores, networks, engine and monitors all have durable steps.
package struct Failpoint: Sendable {
  /// `room.operation.step`, the step being the one just done.
  package let name: StaticString

  /// Names a place.
  package init(_ name: StaticString) { self.name = name }

  /// Does nothing, unless a test wants something to happen here.
  ///
  /// - Throws: what an action of the test's throws; never otherwise.
  package func reach() throws(SyscallError) {
    guard isArmed.load(ordering: .acquiring) else { return }
    let name = name.description
    let (victim, action) = armed.withLock { ($0.victim, $0.actions[name]) }
    if victim == name {
      kill(getpid(), SIGKILL)
      while true { pause() }
    }
    try action?()
  }

  /// Lets the process die when it reaches `name`, as `SKIFF_FAILPOINT` does. For processes that a test gives up.
  package static func die(at name: String) {
    armed.withLock { $0.victim = name }
    isArmed.store(true, ordering: .releasing)
  }

  /// Lets `action` run whenever `name` is reached, in the whole process and for the rest of its life: a test does this
  /// in a process of its own.
  package static func install(at name: String, _ action: @escaping Action) {
    armed.withLock { $0.actions[name] = action }
    isArmed.store(true, ordering: .releasing)
  }

  /// What happens at a failpoint instead of nothing; what it throws, the step throws.
  package typealias Action = @Sendable () throws(SyscallError) -> Void
}

private struct Armed {
  var victim: String?
  var actions: [String: Failpoint.Action] = [:]
}

private let armed = Mutex(Armed(victim: getenv("SKIFF_FAILPOINT").map { String(cString: $0) }))
private let isArmed = Atomic(getenv("SKIFF_FAILPOINT") != nil)
