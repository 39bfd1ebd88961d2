import Glibc
import Linux

/// A directory of a test's own, removed with everything in it when the test lets go of it.
final class Scratch {
  let path: String
  let directory: Descriptor

  init() throws {
    var template = Array("/tmp/skiff-archive.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SyscallError("mkdtemp", errno: .current) }
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    directory = try open(path, O_RDONLY | O_DIRECTORY)
  }

  deinit { try? removeTree(path) }

  /// Makes the directory `name` in it and opens it.
  func make(_ name: String) throws -> Descriptor {
    try makeDirectory("\(path)/\(name)")
    return try open("\(path)/\(name)", O_RDONLY | O_DIRECTORY)
  }

  /// Runs a shell script in it and returns what that wrote; a failure throws with it.
  @discardableResult func shell(_ script: String) throws -> String {
    let output = "\(path).output"
    defer { try? removeTree(output) }
    let status = system("cd \(path) && { set -e\n\(script)\n} >\(output) 2>&1")
    let text = try readText(output)
    guard status == 0 else { throw ScriptFailure(text: "status \(status): \(text)") }
    return text
  }

  /// Everything in the tree `name` as text: type, mode, owner, size, links, time, name, link target, content sum.
  func listing(of name: String) throws -> String {
    try shell(
      #"""
      cd \#(name)
      find . -printf '%P %y %m %U:%G %n %l %T@ ' \( -type f -printf '%s ' -exec sh -c 'md5sum < "$1"' _ {} \; -o \
        \( -type c -o -type b \) -exec stat -c '%t:%T' {} \; -o -printf '\n' \) | LC_ALL=C sort
      """#)
  }
}

struct ScriptFailure: Error { let text: String }
