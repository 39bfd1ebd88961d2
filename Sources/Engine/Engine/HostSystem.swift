import Cgroups
import Glibc
import Linux

/// What `docker info` tells of the machine.
package struct HostSystem: Equatable, Sendable {
  /// `6.12.9-amd64`.
  package let kernelVersion: String
  /// As the kernel calls it: `x86_64`.
  package let architecture: String
  package let hostName: String
  /// `Debian GNU/Linux 12 (bookworm)`, and `12`.
  package let operatingSystem: String
  package let operatingSystemVersion: String
  package let processors: Int
  package let memoryBytes: Int64
  /// 1 or 2; nil where there are no cgroups.
  package let cgroupVersion: Int?
  /// The controllers that limits of ours can use.
  package let controllers: Set<String>
  package let forwardsIPv4: Bool

  /// Asks the kernel. It blocks, briefly.
  package static func read() -> HostSystem {
    var name = utsname()
    // uname(2) fails for a bad address only.
    uname(&name)
    let release = fields(of: (try? readText("/etc/os-release", limit: 64 << 10)) ?? "")
    let hierarchy = try? CgroupHierarchy.detect()
    let version: Int? =
      switch hierarchy {
      case .unified?: 2
      case .legacy?: 1
      case nil: nil
      }
    return HostSystem(
      kernelVersion: text(name.release), architecture: text(name.machine), hostName: text(name.nodename),
      operatingSystem: release["PRETTY_NAME"] ?? "Linux", operatingSystemVersion: release["VERSION_ID"] ?? "",
      processors: max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
      memoryBytes: Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE))),
      cgroupVersion: version, controllers: Set((try? hierarchy?.controllers()) ?? []),
      forwardsIPv4: (try? readText("/proc/sys/net/ipv4/ip_forward", limit: 16))?.first == "1")
  }

  /// os-release(5): lines `NAME=value`, the value perhaps in quotes.
  private static func fields(of text: String) -> [String: String] {
    var fields: [String: String] = [:]
    for line in text.split(separator: "\n") {
      guard let equals = line.firstIndex(of: "=") else { continue }
      fields[String(line[..<equals])] = String(line[line.index(after: equals)...].filter { $0 != "\"" && $0 != "'" })
    }
    return fields
  }

  /// A C string in a fixed array.
  private static func text<Array>(_ array: Array) -> String {
    withUnsafeBytes(of: array) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
