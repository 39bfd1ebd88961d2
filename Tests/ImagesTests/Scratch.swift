import Glibc
import Linux

/// A directory of a test's own, removed with everything in it when the test lets go of it.
final class Scratch: Sendable {
  let path: String
  private let isOurs: Bool

  init() throws {
    var template = Array("/tmp/skiff-stores.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SyscallError("mkdtemp", errno: .current) }
    isOurs = true
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// A directory that another process has to remove.
  init(at path: String) {
    self.path = path
    isOurs = false
  }

  deinit { if isOurs { try? removeTree(path) } }
}

/// Runs `body` on `count` threads at once, with each one's number, and waits for all of them.
///
/// They are real threads: what is tested blocks, and would starve the pool that tests run on.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  var threads: [pthread_t] = []
  for number in 0..<count {
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work { body(number) })
    pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, work.toOpaque())
    threads.append(thread)
  }
  for thread in threads { pthread_join(thread, nil) }
}

private final class Work: Sendable {
  let body: @Sendable () -> Void
  init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

extension Scratch {
  /// Runs a shell script in it and returns what that wrote; a failure throws with it.
  @discardableResult func shell(_ script: String) throws -> String {
    let output = "\(path).output"
    defer { try? removeTree(output) }
    let status = system("cd \(path) && { set -e\n\(script)\n} >\(output) 2>&1")
    let text = try readText(output)
    guard status == 0 else { throw ScriptFailure(text: "status \(status): \(text)") }
    return text
  }
}

struct ScriptFailure: Error { let text: String }
