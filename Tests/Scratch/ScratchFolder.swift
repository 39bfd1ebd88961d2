import Glibc
package import Linux

/// A directory of a test's own, removed with everything in it when the test lets go of it.
package final class ScratchFolder: Sendable {
  package let path: String
  /// It, open.
  package let directory: Descriptor
  private let isOurs: Bool

  /// Makes it below `/tmp`.
  package init() throws {
    var template = Array("/tmp/skiff-test.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw SyscallError("mkdtemp", errno: .current) }
    isOurs = true
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    directory = try open(path, O_RDONLY | O_DIRECTORY)
  }

  /// A directory that another process has to remove.
  package init(at path: String) throws(SyscallError) {
    self.path = path
    isOurs = false
    directory = try open(path, O_RDONLY | O_DIRECTORY)
  }

  deinit { if isOurs { try? removeTree(path) } }

  /// Makes the directory `name` in it and opens that.
  package func make(_ name: String) throws(SyscallError) -> Descriptor {
    try makeDirectory("\(path)/\(name)")
    return try open("\(path)/\(name)", O_RDONLY | O_DIRECTORY)
  }

  /// Runs a shell script in it and returns what that wrote; a failure throws with it.
  @discardableResult package func shell(_ script: String) throws -> String {
    let output = "\(path).output"
    defer { try? removeTree(output) }
    let status = system("cd \(path) && { set -e\n\(script)\n} >\(output) 2>&1")
    let text = try readText(output)
    guard status == 0 else { throw ScriptFailure(text: "status \(status): \(text)") }
    return text
  }
}

/// A script of `ScratchFolder.shell` ended badly: its status and what it wrote.
package struct ScriptFailure: Error { package let text: String }
