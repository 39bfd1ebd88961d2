/// What an image runs on, after containerd's rules: image-spec, image-index.md "platform".
///
/// A value is always normalised, so that equal platforms are equal values: `x86_64` is `amd64`, `aarch64` is `arm64`,
/// and a variant that every machine of its architecture has (`v8` of arm64, `v1` of amd64) is empty.
package struct Platform: Hashable, Sendable {
  package let os: String
  package let architecture: String
  /// The variant beyond the architecture's least; empty if there is none.
  package let variant: String
  package let osVersion: String
  package let osFeatures: [String]

  /// Takes members as a manifest, a config or a user writes them, and normalises them.
  package init(
    os: String, architecture: String, variant: String = "", osVersion: String = "", osFeatures: [String] = []
  ) {
    self.os = Self.normalised(os: os)
    (self.architecture, self.variant) = Self.normalised(architecture: architecture, variant: variant)
    self.osVersion = osVersion
    self.osFeatures = osFeatures
  }

  /// Reads what users write after `--platform`: `linux`, `arm64`, `linux/arm/v7`. What is left out is this machine's.
  package init(parsing text: String) throws(PlatformError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.allSatisfy(Self.isComponent) else { throw .invalidComponent(text) }
    switch parts.count {
    case 1:
      let os = Self.normalised(os: parts[0])
      if Self.knownSystems.contains(os) {
        let host = Platform.host
        self.init(os: os, architecture: host.architecture, variant: host.variant)
      } else if Self.knownArchitectures.contains(Self.normalised(architecture: parts[0], variant: "").0) {
        self.init(os: Platform.host.os, architecture: parts[0])
      } else {
        throw .unknown(text)
      }
    case 2: self.init(os: parts[0], architecture: parts[1])
    case 3: self.init(os: parts[0], architecture: parts[1], variant: parts[2])
    default: throw .tooManyComponents(text)
    }
  }

  /// The machine this program was built for.
  package static var host: Platform {
    #if arch(x86_64)
      Platform(os: "linux", architecture: "amd64")
    #elseif arch(arm64)
      Platform(os: "linux", architecture: "arm64")
    #else
      #error("name this architecture as Go does")
    #endif
  }

  /// How well an image for `image` runs on this platform: 0 is made for it, greater is worse, nil cannot run.
  ///
  /// A newer variant runs what was made for an older one, and amd64 and arm64 run their 32-bit ancestors. OS versions
  /// and features are Windows' matter and are not looked at.
  package func rank(of image: Platform) -> Int? {
    guard os == image.os else { return nil }
    return runnable.firstIndex { $0.architecture == image.architecture && $0.variant == image.variant }
  }

  private var runnable: [(architecture: String, variant: String)] {
    switch architecture {
    case "amd64":
      let level = Int(variant.dropFirst()) ?? 1
      return (0..<max(level, 1)).map { ("amd64", level - $0 > 1 ? "v\(level - $0)" : "") } + [("386", "")]
    case "arm64":
      // An arm64 machine of a later variant runs every earlier one; what follows is AArch32.
      let own: [(architecture: String, variant: String)] = variant.isEmpty ? [] : [("arm64", variant)]
      return own + [("arm64", ""), ("arm", "v8"), ("arm", "v7"), ("arm", "v6"), ("arm", "v5")]
    case "arm":
      let level = Int(variant.dropFirst()) ?? 7
      guard level > 5 else { return [("arm", variant)] }
      return stride(from: level, through: 5, by: -1).map { ("arm", "v\($0)") }
    default: return [(architecture, variant)]
    }
  }
}

extension Platform: CustomStringConvertible {
  /// `linux/arm/v7`.
  package var description: String { ([os, architecture] + (variant.isEmpty ? [] : [variant])).joined(separator: "/") }
}

/// Why a text is not a platform.
package enum PlatformError: Error, Equatable, CustomStringConvertible {
  case invalidComponent(String)
  case unknown(String)
  case tooManyComponents(String)

  package var description: String {
    switch self {
    case .invalidComponent(let text):
      "\"\(text)\": an empty component or one with other characters than letters, digits, \"_\", \".\" and \"-\""
    case .unknown(let text): "\"\(text)\": unknown operating system or architecture"
    case .tooManyComponents(let text): "\"\(text)\": cannot parse platform specifier"
    }
  }
}

extension Platform: Codable {
  private enum CodingKeys: String, CodingKey {
    case os, architecture, variant
    case osVersion = "os.version"
    case osFeatures = "os.features"
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      os: try container.decodeIfPresent(String.self, forKey: .os) ?? "",
      architecture: try container.decodeIfPresent(String.self, forKey: .architecture) ?? "",
      variant: try container.decodeIfPresent(String.self, forKey: .variant) ?? "",
      osVersion: try container.decodeIfPresent(String.self, forKey: .osVersion) ?? "",
      osFeatures: try container.decodeIfPresent([String].self, forKey: .osFeatures) ?? [])
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(os, forKey: .os)
    try container.encode(architecture, forKey: .architecture)
    if !variant.isEmpty { try container.encode(variant, forKey: .variant) }
    if !osVersion.isEmpty { try container.encode(osVersion, forKey: .osVersion) }
    if !osFeatures.isEmpty { try container.encode(osFeatures, forKey: .osFeatures) }
  }
}

extension Platform {
  private static let knownSystems: Set<String> = [
    "aix", "android", "darwin", "dragonfly", "freebsd", "illumos", "ios", "js", "linux", "netbsd", "openbsd", "plan9",
    "solaris", "wasip1", "windows",
  ]

  private static let knownArchitectures: Set<String> = [
    "386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64",
    "s390x", "wasm",
  ]

  private static func isComponent(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"):
          true
        default: false
        }
      }
  }

  private static func normalised(os: String) -> String {
    let os = os.lowercased()
    return os == "macos" ? "darwin" : os
  }

  private static func normalised(architecture: String, variant: String) -> (String, String) {
    let variant = variant.lowercased()
    switch architecture.lowercased() {
    case "i386", "386": return ("386", "")
    case "x86_64", "x86-64", "amd64": return ("amd64", variant == "v1" ? "" : variant)
    case "aarch64", "arm64": return ("arm64", variant == "8" || variant == "v8" || variant == "v8.0" ? "" : variant)
    case "armhf": return ("arm", "v7")
    case "armel": return ("arm", "v6")
    case "arm":
      switch variant {
      case "", "7": return ("arm", "v7")
      case "5", "6", "8": return ("arm", "v" + variant)
      default: return ("arm", variant)
      }
    case let other: return (other, variant)
    }
  }
}
