import EngineClient

/// Where a copy ends up: Docker's rules, which are those of `cp -a` for people who are careful with slashes.
struct CopyPlan: Equatable {
  /// The directory that is there already.
  let directory: String
  /// What the source is called in it; nil when only its content is copied.
  let name: String?

  /// What a path is on the side that the copy goes to.
  enum Existing: Equatable {
    case nothing
    case directory
    case other
  }

  /// Plans the copy of a source to `target`.
  ///
  /// - Parameter source: as the user wrote it; with `/.` at its end, only a directory's content is meant.
  /// - Throws: `CommandError` for what cannot be meant.
  init(source: String, isDirectory: Bool, to target: String, existing: Existing) throws {
    let saysDirectory = target.hasSuffix("/") || target.hasSuffix("/.")
    let copiesContent = source == "." || source.hasSuffix("/.")
    switch existing {
    case .directory:
      directory = target
      name = copiesContent ? nil : Self.name(of: source)
      return
    case .other:
      if isDirectory { throw CommandError("cannot copy directory") }
      if saysDirectory { throw CommandError("not a directory") }
    case .nothing:
      if saysDirectory, !isDirectory { throw CommandError("no such directory") }
    }
    directory = Self.parent(of: target)
    name = Self.name(of: target)
  }

  /// The last part of a path that is no dot: `/a/b/` and `/a/b/.` are `b`, `/` is nothing.
  static func name(of path: String) -> String? {
    path.split(separator: "/").last { $0 != "." }.map(String.init)
  }

  /// The directory that holds `path`.
  static func parent(of path: String) -> String {
    var parts = path.split(separator: "/").filter { $0 != "." }
    if !parts.isEmpty { parts.removeLast() }
    let parent = parts.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + parent : parent.isEmpty ? "." : parent
  }
}

/// One side of a copy: `CONTAINER:PATH`, a local path, or `-`.
enum CopyPlace: Equatable {
  case container(String, path: String)
  case local(String)
  case stream

  /// Reads it. A path that begins with a slash or a dot is local, whatever colons it has.
  init(_ text: String) {
    if text == "-" {
      self = .stream
    } else if !text.hasPrefix("/"), !text.hasPrefix("."), let colon = text.firstIndex(of: ":"), colon > text.startIndex
    {
      self = .container(String(text[..<colon]), path: String(text[text.index(after: colon)...]))
    } else {
      self = .local(text)
    }
  }
}

/// What a container says of a path, in the header `X-Docker-Container-Path-Stat`.
struct ContainerPathStatus: Equatable {
  let name: String
  let isDirectory: Bool
  /// Where it leads, if it is a symbolic link.
  let linkTarget: String?

  /// Reads a header's value: JSON in Base64. Modes are Go's: bit 31 is a directory, bit 27 a symbolic link.
  init?(_ header: String) {
    guard let bytes = decodedBase64(header), let document = try? JSONParser.parse(bytes) else { return nil }
    name = document["name"].text
    let mode = document["mode"].unsigned
    isDirectory = mode & 1 << 31 != 0
    linkTarget = mode & 1 << 27 != 0 ? document["linkTarget"].text : nil
  }
}

/// RFC 4648, section 4; nil for what is none.
func decodedBase64(_ text: String) -> [UInt8]? {
  var bytes: [UInt8] = []
  var bits: UInt32 = 0
  var count = 0
  for byte in text.utf8 where byte != UInt8(ascii: "=") {
    let value: UInt8
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
    default: return nil
    }
    bits = bits << 6 | UInt32(value)
    count += 6
    if count >= 8 {
      count -= 8
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
    }
  }
  return bytes
}
