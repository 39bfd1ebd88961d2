/// Names that we give: architecture, section 6 "Ids".
package enum Identifier {
  /// 256 random bits, as 64 hexadecimal digits.
  package static func random() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(generator.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Whether `name` looks like one of these.
  static func isValid(_ name: String) -> Bool {
    name.utf8.count == 64
      && name.utf8.allSatisfy {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
      }
  }
}

/// The names of containers.
enum ContainerName {
  /// Whether Docker takes `name`: `[a-zA-Z0-9][a-zA-Z0-9_.-]+`.
  static func isValid(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard bytes.count >= 2, bytes.count <= lengthMax, let first = bytes.first, isAlphanumeric(first) else {
      return false
    }
    return bytes.allSatisfy {
      isAlphanumeric($0) || [UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-")].contains($0)
    }
  }

  /// A name is a column, a label and a line of output; Docker has no bound, file names have 255.
  private static let lengthMax = 255

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// A name for a container that nobody named: an adjective and a boat.
  static func random() -> String {
    let number = Int.random(in: 0..<10_000)
    return "\(adjectives.randomElement() ?? "plain")_\(boats.randomElement() ?? "skiff")\(number)"
  }

  private static let adjectives = [
    "able", "bold", "brave", "bright", "calm", "clever", "eager", "fair", "gentle", "grand", "happy", "keen", "kind",
    "lively", "lucky", "merry", "nimble", "noble", "patient", "proud", "quick", "quiet", "ready", "sharp", "steady",
    "swift", "tidy", "true", "warm", "wise",
  ]
  private static let boats = [
    "barge", "canoe", "catboat", "clipper", "cutter", "dhow", "dinghy", "dory", "felucca", "galley", "gondola", "junk",
    "kayak", "ketch", "launch", "lugger", "punt", "raft", "sampan", "schooner", "scow", "sloop", "tender", "trawler",
    "tug", "umiak", "wherry", "yacht", "yawl", "pinnace",
  ]
}
