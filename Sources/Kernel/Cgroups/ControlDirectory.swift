import Glibc
import Linux

/// A directory of a cgroup file system: a cgroup as one controller sees it.
struct ControlDirectory: Equatable, Sendable {
  let path: String

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Whether the control or the child `name` is there.
  func has(_ name: String) -> Bool { access(file(name), F_OK) == 0 }

  /// The child cgroup `name`.
  func child(_ name: String) -> ControlDirectory { ControlDirectory(path: file(name)) }

  /// Writes `value` to the control `name`, which sets `limit`.
  func write(_ name: String, _ value: String, for limit: String) throws(CgroupError) {
    do { try writeExisting(file(name), value) } catch {
      if error.call == "open", error.errno == .noSuchFile { throw .missingControl(file: name, limit: limit) }
      throw .refused(file: file(name), value: value, errno: error.errno)
    }
  }

  /// Writes several controls whose values are valid only together: one that the kernel refuses is tried again after
  /// the others.
  func write(_ settings: [Setting]) throws(CgroupError) {
    var open = settings
    while !open.isEmpty {
      var refused: [Setting] = []
      var firstError: CgroupError?
      for setting in open {
        do { try write(setting.name, setting.value, for: setting.limit) } catch {
          firstError = firstError ?? error
          refused.append(setting)
        }
      }
      if let firstError, refused.count == open.count { throw firstError }
      open = refused
    }
  }

  /// The text of the control `name`; nil where there is none or the cgroup is gone.
  func text(_ name: String) throws(CgroupError) -> String? {
    do { return try readText(file(name)) } catch {
      if error.errno == .noSuchFile || error.errno == Errno(ENODEV) || error.errno == .notSupported { return nil }
      throw .system(error)
    }
  }

  /// The words of the control `name`, if any.
  func words(_ name: String) throws(CgroupError) -> [String] {
    (try text(name) ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// The number that the control `name` says; nil where it says `max` or nothing.
  func number(_ name: String) throws(CgroupError) -> UInt64? { try words(name).first.flatMap { UInt64($0) } }

  /// The lines `name value` of the control `file`.
  func table(_ file: String) throws(CgroupError) -> [String: UInt64] {
    var table: [String: UInt64] = [:]
    for line in (try text(file) ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, let value = UInt64(words[1]) { table[String(words[0])] = value }
    }
    return table
  }

  /// A control, what it shall say, and what that is for.
  struct Setting {
    let name: String
    let value: String
    let limit: String
  }
}

extension ControlDirectory {
  /// The processes in it and below. Empty when it is gone.
  func processesBelow() throws(CgroupError) -> [Int32] {
    var pids: [Int32] = []
    try visitDirectories { (directory) throws(SyscallError) in
      // A v2 cgroup that was made threaded does not say its processes; its nearest domain does.
      guard let text = try? readText("cgroup.procs", at: .directory(directory)) else { return }
      pids += text.split(separator: "\n").compactMap { Int32($0) }
    }
    return pids
  }

  /// The names of the cgroups right below. None when it is gone.
  func children() throws(CgroupError) -> [String] {
    do {
      return try children(of: try Linux.open(path, O_RDONLY | O_DIRECTORY))
    } catch {
      if error.errno == .noSuchFile { return [] }
      throw .system(error)
    }
  }

  /// Removes it and all below, and waits a while for processes that have ended but are not gone yet.
  func remove() throws(CgroupError) {
    // Mostly nothing is inside, and this is all.
    if (try? removeDirectory(path)) != nil { return }
    let deadline = Deadline(after: removalLimit)
    while true {
      do throws(CgroupError) {
        try visitDirectories(leave: { (parent, name) throws(SyscallError) in
          try removeDirectory(name, at: .directory(parent))
        })
        return try system { () throws(SyscallError) in try removeDirectory(path) }
      } catch {
        guard case .system(let cause) = error, cause.errno == .busy else { throw error }
        if deadline.hasPassed { throw .occupied(path: path) }
        deadline.pause()
      }
    }
  }

  /// Visits the directory and all below, children before parents.
  ///
  /// Processes in a cgroup may have made children of any depth, so this neither recurses nor builds long paths, and
  /// keeps few descriptors open.
  ///
  /// - Parameter leave: is told the parent and the name of each directory below, when all in it has been visited.
  private func visitDirectories(
    _ visit: (Descriptor) throws(SyscallError) -> Void = { _ in },
    leave: (Descriptor, String) throws(SyscallError) -> Void = { _, _ in }
  ) throws(CgroupError) {
    do throws(SyscallError) {
      var current = try Linux.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
      var levels = [(name: "", children: try children(of: current))]
      while let level = levels.last {
        if let child = level.children.last {
          levels[levels.count - 1].children.removeLast()
          do throws(SyscallError) {
            let next = try Linux.open(child, at: .directory(current), O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
            levels.append((child, try children(of: next)))
            current = next
          } catch { if error.errno != .noSuchFile { throw error } }
          continue
        }
        try visit(current)
        levels.removeLast()
        if levels.isEmpty { return }
        current = try Linux.open("..", at: .directory(current), O_RDONLY | O_DIRECTORY)
        try leave(current, level.name)
      }
    } catch {
      if error.errno != .noSuchFile { throw .system(error) }
    }
  }

  private func children(of directory: Descriptor) throws(SyscallError) -> [String] {
    // A directory has a link for its name, one for its `.` and one for each child's `..`.
    if try directory.status().links == 2 { return [] }
    var names: [String] = []
    for name in try directory.entries() {
      guard let status = try? status(of: name, at: .directory(directory), followLinks: false) else { continue }
      if status.isDirectory { names.append(name) }
    }
    return names
  }
}

/// Removes an empty directory; one that is gone is no error.
private func removeDirectory(_ path: String, at base: Base = .workingDirectory) throws(SyscallError) {
  do { try unlink(path, at: base, isDirectory: true) } catch {
    if error.errno != .noSuchFile { throw error }
  }
}
