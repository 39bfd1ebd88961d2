package import Cgroups
import Glibc

/// What a container used until one moment.
package struct ContainerStatistics: Sendable {
  package let time: Timestamp
  package let cgroup: CgroupStatistics
  /// Whether the numbers are those of cgroup v2, which has fewer of them and other names.
  package let isUnified: Bool
  package let machine: ProcessorTime
  /// What a container without a limit is limited by.
  package let machineMemoryBytes: UInt64
}

extension Container {
  /// Reads what it uses now; nil when it has no process.
  package nonisolated func statistics() async throws(EngineError) -> ContainerStatistics? {
    guard snapshot.hasProcess else { return nil }
    let path = services.cgroupPath(of: snapshot.spec)
    do {
      return try await services.executor.run {
        let hierarchy = try CgroupHierarchy.detect()
        let numbers = try hierarchy.cgroup(at: path).statistics()
        // Its end came between.
        guard numbers.cpu != nil || numbers.memory != nil || numbers.tasks != nil else { return nil }
        let isUnified = if case .unified = hierarchy { true } else { false }
        return ContainerStatistics(
          time: .now(), cgroup: numbers, isUnified: isUnified, machine: try ProcessorTime.read(),
          machineMemoryBytes: UInt64(max(0, sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)))))
      }
    } catch {
      if !snapshot.hasProcess { return nil }
      throw error
    }
  }
}
