import Glibc
import Linux

/// A process's environment: `NAME=value`, each name once.
struct Environment {
  private(set) var entries: [String] = []
  private var places: [String: Int] = [:]

  /// Takes `entries`. Of two with one name the last counts, at the place of the first: getenv(3) would find the first.
  init(_ entries: [String]) { for entry in entries { set(entry) } }

  /// The value of `name`.
  func value(of name: String) -> String? {
    guard let place = places[name] else { return nil }
    return String(Substring(entries[place].utf8.dropFirst(name.utf8.count + 1)))
  }

  /// The entries, with a `HOME` for the user `uid` where there is none.
  ///
  /// The specification does not ask for it, but runc and crun do it and Docker relies on it: from the image's passwd,
  /// or "/" where that cannot be read.
  func completed(for uid: UInt32) -> [String] {
    guard (value(of: "HOME") ?? "").isEmpty else { return entries }
    var completed = self
    let root = try? open("/", O_PATH | O_DIRECTORY)
    let home = root.flatMap { try? UserDatabase(root: $0).resolve("\(uid)").home } ?? "/"
    completed.set("HOME=\(home)")
    return completed.entries
  }

  private mutating func set(_ entry: String) {
    // By bytes: to Swift, "=" with a combining mark after it is another character.
    let name = String(Substring(entry.utf8.prefix { $0 != UInt8(ascii: "=") }))
    if let place = places[name] {
      entries[place] = entry
    } else {
      places[name] = entries.count
      entries.append(entry)
    }
  }
}
