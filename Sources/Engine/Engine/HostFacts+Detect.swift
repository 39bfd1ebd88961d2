import Cgroups
import Glibc
import LaunchPlan
import Linux

extension HostFacts {
  /// Looks at the host.
  static func detect() throws -> HostFacts {
    let hierarchy = try CgroupHierarchy.detect()
    let controllers = try hierarchy.controllers()
    var names = utsname()
    uname(&names)
    let release = withUnsafeBytes(of: &names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let host = withUnsafeBytes(of: &names.nodename) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    let version: CgroupVersion = if case .unified = hierarchy { .v2 } else { .v1 }
    let count = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    let throttles = (0..<count).map { "/sys/devices/system/cpu/cpu\($0)/thermal_throttle" }
    return HostFacts(
      name: host, kernel: KernelVersion(release: release) ?? KernelVersion(0, 0), cgroups: version, cpuCount: count,
      cpus: text("/sys/devices/system/cpu/online") ?? "0", memoryNodes: text("/sys/devices/system/node/online") ?? "0",
      hasSwapLimit: version == .v2 || text("/sys/fs/cgroup/memory/memory.memsw.limit_in_bytes") != nil,
      hasBlockIOWeight: controllers.contains("io") || text("/sys/fs/cgroup/blkio/blkio.weight") != nil,
      knownCapabilities: Capability.all.map(\.description),
      availableCapabilities: Capability.all.filter(boundingSet().contains).map(\.description),
      thermalThrottlePaths: throttles.filter { (try? status(of: $0)) != nil })
  }

  /// The one line of a kernel's file; nil if it is not there.
  private static func text(_ path: String) -> String? {
    (try? readText(path, limit: 4096)).map { String($0.prefix { $0 != "\n" }) }
  }
}
