@testable import Cgroups
import Glibc
import Linux
import Testing

/// A hierarchy of this host in which tests make cgroups, under a name of their own.
enum Backend: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case legacy, unified

  var testDescription: String { rawValue }

  /// Those that this host has; a hybrid host has both.
  static let available = allCases.filter { $0.mountedRoot != nil }

  /// Where cgroups are mounted; of v1, the tree that is shared by name.
  var mountedRoot: String? {
    switch (self, try? CgroupHierarchy.detect()) {
    case (.legacy, .legacy(let mounts)?): mounts.first?.root
    case (.unified, .unified(let root)?): root
    // A hybrid host's v2 tree, which has no controllers but everything else.
    case (.unified, .legacy?):
      access("/sys/fs/cgroup/unified/cgroup.procs", F_OK) == 0 ? "/sys/fs/cgroup/unified" : nil
    default: nil
    }
  }

  /// Runs `body` with a hierarchy and the path of a cgroup that is not there; whatever it makes is gone afterwards.
  func withCgroup(_ body: (any Cgroup) throws -> Void) throws {
    let name = "skiff-test-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    let host = try CgroupHierarchy.detect()
    let root = try #require(mountedRoot)
    let (hierarchy, parent): (CgroupHierarchy, any Cgroup)
    switch (self, host) {
    case (.unified, .legacy):
      // Below a directory of our own as the root: the real root's controllers stay as they are.
      try makeDirectory("\(root)/\(name)")
      (hierarchy, parent) = (
        .unified(root: "\(root)/\(name)"), try CgroupHierarchy.unified(root: root).cgroup(at: "/\(name)")
      )
    default: (hierarchy, parent) = (host, try host.cgroup(at: "/\(name)"))
    }
    defer {
      try? parent.kill()
      #expect(throws: Never.self) { try parent.remove() }
    }
    let path = if case .unified = hierarchy, case .legacy = host { "/group/payload" } else { "/\(name)/payload" }
    try body(try hierarchy.cgroup(at: path))
  }
}

/// A shell script that has been started and waits in `read` for `go`.
final class WaitingScript {
  let pid: Int32
  private let input: Descriptor
  private let output: Descriptor

  init(_ script: String) throws {
    let (inRead, inWrite) = try makePipe()
    let (outRead, outWrite) = try makePipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, inRead.raw, 0)
    posix_spawn_file_actions_adddup2(&actions, outWrite.raw, 1)
    let arguments = CStringArray(["sh", "-c", "read go; \(script)"])
    let environment = CStringArray(["PATH=/usr/bin:/bin"])
    var pid: Int32 = 0
    try #require(posix_spawn(&pid, "/bin/sh", &actions, nil, arguments.pointer, environment.pointer) == 0)
    (self.pid, input, output) = (pid, inWrite, outRead)
  }

  deinit {
    kill(pid, SIGKILL)
    waitpid(pid, nil, 0)
  }

  /// Moves it into the cgroup whose directories these are.
  func join(_ cgroup: any Cgroup) throws {
    for directory in directories(of: cgroup) { try writeExisting("\(directory)/cgroup.procs", "\(pid)") }
  }

  /// Lets it go and reads all its output.
  func run() throws -> String {
    try input.writeAll("go\n")
    return String(decoding: try output.readAll(limit: 65536), as: UTF8.self)
  }

  /// Lets it go and does not wait.
  func go() throws { try input.writeAll("go\n") }
}

/// The directories of `cgroup` in the file systems that are mounted on this host.
func directories(of cgroup: any Cgroup) -> [String] {
  switch cgroup {
  case let cgroup as UnifiedCgroup: [cgroup.root + cgroup.path]
  case let cgroup as LegacyCgroup: cgroup.mounts.map { $0.root + cgroup.path }
  default: []
  }
}

/// Reads a control of a v1 cgroup.
func control(_ cgroup: any Cgroup, _ file: String) throws -> String {
  for directory in directories(of: cgroup) where access("\(directory)/\(file)", F_OK) == 0 {
    let text = try readText("\(directory)/\(file)")
    return text.split(separator: "\n").joined(separator: "; ")
  }
  return "(none)"
}

/// Runs `body` on a thread of its own and waits for it, so that it can change what belongs to a thread.
func onThread(_ body: @escaping () -> Void) {
  final class Box {
    let body: () -> Void
    init(_ body: @escaping () -> Void) { self.body = body }
  }
  var thread = pthread_t()
  let box = Unmanaged.passRetained(Box(body)).toOpaque()
  let code = pthread_create(
    &thread, nil,
    { pointer in
      pointer.map { Unmanaged<Box>.fromOpaque($0).takeRetainedValue().body() }
      return nil
    }, box)
  #expect(code == 0)
  pthread_join(thread, nil)
}

/// Runs `body` with a new directory, which is gone afterwards.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  let path = "/tmp/skiff-cgroups-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  try makeDirectory(path, mode: 0o700)
  defer { try? removeTree(path) }
  try body(path)
}
