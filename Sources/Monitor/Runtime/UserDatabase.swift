import Glibc
package import Linux
package import OCI

/// Whom a process runs as, in Docker's words.
package struct UserRequest: Equatable, Sendable {
  /// `user[:group]`, names or numbers; empty is root.
  package var text: String
  /// Names or numbers of further groups: `--group-add`.
  package var additionalGroups: [String]

  /// Creates it from its members.
  package init(text: String, additionalGroups: [String] = []) {
    self.text = text
    self.additionalGroups = additionalGroups
  }

  /// Gives `process` the user, resolved in the files below `root`, and its home where the environment has none.
  func resolve(_ process: inout RuntimeSpec.Process, in root: Descriptor) throws(RuntimeError) {
    let (user, home) = try UserDatabase(root: root).resolve(text, additional: additionalGroups)
    process.user.uid = user.uid
    process.user.gid = user.gid
    process.user.additionalGids = user.additionalGids
    if !process.env.contains(where: { $0.hasPrefix("HOME=") }) { process.env.append("HOME=\(home)") }
  }
}

/// Users and groups of an image, from its `/etc/passwd` and `/etc/group`.
///
/// The files are read through a descriptor of the container's root, never by the host's C library: an image's NSS must
/// not run in our process, and its links must not lead out.
package struct UserDatabase {
  private let passwd: [Substring]
  private let group: [Substring]

  /// The most that is read of either file.
  private static let bytesMax = 4 << 20
  /// Linux takes no more supplementary groups.
  private static let groupsMax = 65_536

  /// Reads both files below `root`; a missing one is empty.
  package init(root: Descriptor) throws(RuntimeError) {
    passwd = try UserDatabase.lines("etc/passwd", root)
    group = try UserDatabase.lines("etc/group", root)
  }

  /// Takes the texts of both files.
  package init(passwd: String, group: String) {
    self.passwd = passwd.split(separator: "\n")
    self.group = group.split(separator: "\n")
  }

  private static func lines(_ path: String, _ root: Descriptor) throws(RuntimeError) -> [Substring] {
    do {
      // O_NONBLOCK: an image may have put a fifo there.
      let file = try open(path, below: root, O_RDONLY | O_NONBLOCK)
      guard try file.status().isRegular else { return [] }
      return String(decoding: try file.readAll(limit: bytesMax), as: UTF8.self).split(separator: "\n")
    } catch {
      switch error.errno {
      case .noSuchFile, .notDirectory: return []
      default: throw RuntimeError(.invalid, "cannot read the image's /\(path): \(error)")
      }
    }
  }

  /// Resolves Docker's `user[:group]`, each a name or a number, and adds `additional` groups.
  ///
  /// A number needs no entry. Without a group, the user's groups are those the files give; with one, just that.
  ///
  /// - Throws: `invalid` with Docker's texts for a name that is not there.
  package func resolve(_ text: String, additional: [String] = []) throws(RuntimeError) -> (
    user: RuntimeSpec.User, home: String
  ) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts.first ?? ""
    let entry = find(user: name.isEmpty ? "0" : name)
    guard let uid = entry?.uid ?? (name.isEmpty ? 0 : UserDatabase.number(name)) else {
      throw UserDatabase.missing("user", name, file: "passwd")
    }
    var gid = entry?.gid ?? 0
    var groups: [UInt32] = []
    if parts.count > 1, !parts[1].isEmpty {
      gid = try resolveGroup(parts[1])
    } else if let login = entry?.name {
      groups = memberships(of: login)
    }
    for name in additional {
      let id = try resolveGroup(name)
      if !groups.contains(id) { groups.append(id) }
    }
    // Docker has the primary group among the supplementary ones, so that a setgid(2) away from it loses nothing.
    if !groups.contains(gid) { groups.insert(gid, at: 0) }
    guard groups.count <= UserDatabase.groupsMax else {
      throw RuntimeError(.invalid, "user \(name) is in more than \(UserDatabase.groupsMax) groups")
    }
    return (RuntimeSpec.User(uid: uid, gid: gid, additionalGids: groups), entry?.home ?? "/")
  }

  private func find(user: String) -> (name: String, uid: UInt32, gid: UInt32, home: String)? {
    // A name wins over a number, also a name of digits.
    if let named = firstUser(where: { name, _ in name == user }) { return named }
    guard let wanted = UserDatabase.number(user) else { return nil }
    return firstUser { _, uid in uid == wanted }
  }

  private func firstUser(
    where matches: (Substring, UInt32) -> Bool
  ) -> (name: String, uid: UInt32, gid: UInt32, home: String)? {
    for line in passwd {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count >= 4, let uid = UInt32(fields[2]), let gid = UInt32(fields[3]), matches(fields[0], uid)
      else { continue }
      let home = fields.count > 5 && !fields[5].isEmpty ? String(fields[5]) : "/"
      return (String(fields[0]), uid, gid, home)
    }
    return nil
  }

  private func resolveGroup(_ text: String) throws(RuntimeError) -> UInt32 {
    for line in group {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      if fields.count >= 3, fields[0] == text, let gid = UInt32(fields[2]) { return gid }
    }
    guard let number = UserDatabase.number(text) else {
      throw UserDatabase.missing("group", text, file: "group")
    }
    return number
  }

  private func memberships(of login: String) -> [UInt32] {
    var groups: [UInt32] = []
    for line in group {
      let fields = line.split(separator: ":", omittingEmptySubsequences: false)
      guard fields.count >= 4, let gid = UInt32(fields[2]), !groups.contains(gid) else { continue }
      if fields[3].split(separator: ",").contains(where: { $0 == login }) { groups.append(gid) }
    }
    return groups
  }

  private static func missing(_ kind: String, _ name: String, file: String) -> RuntimeError {
    let isNumber = name.drop { $0 == "-" }.allSatisfy { $0.isASCII && $0.isNumber }
    return RuntimeError(
      .invalid,
      isNumber
        ? "uids and gids must be in range 0-2147483647"
        : "unable to find \(kind) \(name): no matching entries in \(file) file")
  }

  /// Ids are 0 to 2³¹ - 1, as Docker bounds them: the rest has special meanings.
  private static func number(_ text: String) -> UInt32? {
    guard let value = Int32(text), value >= 0 else { return nil }
    return UInt32(value)
  }
}
