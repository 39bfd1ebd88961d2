/// The answer to `GET /info`.
package struct SystemInfo: WireStruct {
  package var id = ""
  package var containers = 0
  package var containersRunning = 0
  package var containersPaused = 0
  package var containersStopped = 0
  package var images = 0
  package var driver = ""
  package var driverStatus: [[String]]?
  package var plugins = PluginsInfo()
  package var memoryLimit = false
  package var swapLimit = false
  package var kernelMemoryTCP = false
  package var cpuCfsPeriod = false
  package var cpuCfsQuota = false
  package var cpuShares = false
  package var cpuSet = false
  package var pidsLimit = false
  package var iPv4Forwarding = false
  package var debug = false
  package var nFd = 0
  package var oomKillDisable = false
  package var nGoroutines = 0
  package var systemTime = ""
  package var loggingDriver = ""
  package var cgroupDriver = ""
  package var cgroupVersion = ""
  package var nEventsListener = 0
  package var kernelVersion = ""
  package var operatingSystem = ""
  package var osVersion = ""
  package var osType = ""
  package var architecture = ""
  package var indexServerAddress = ""
  package var registryConfig: RegistryConfig?
  package var ncpu = 0
  package var memTotal = 0
  package var genericResources: JSONValue = .null
  package var dockerRootDir = ""
  package var httpProxy = ""
  package var httpsProxy = ""
  package var noProxy = ""
  package var name = ""
  package var labels: [String]?
  package var experimentalBuild = false
  package var serverVersion = ""
  package var runtimes: [String: RuntimeInfo]?
  package var defaultRuntime = ""
  package var swarm = SwarmInfo()
  package var liveRestoreEnabled = false
  package var isolation = ""
  package var initBinary = ""
  package var containerdCommit = Commit()
  package var runcCommit = Commit()
  package var initCommit = Commit()
  package var securityOptions: [String]?
  package var productLicense = ""
  package var defaultAddressPools: [AddressPool]?
  package var firewallBackend: FirewallInfo?
  package var cdiSpecDirs: [String]?
  package var containerd: ContainerdInfo?
  package var warnings: [String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<SystemInfo>] = [
    WireField("ID", \.id),
    WireField("Containers", \.containers),
    WireField("ContainersRunning", \.containersRunning),
    WireField("ContainersPaused", \.containersPaused),
    WireField("ContainersStopped", \.containersStopped),
    WireField("Images", \.images),
    WireField("Driver", \.driver),
    WireField("DriverStatus", \.driverStatus),
    WireField("Plugins", \.plugins),
    WireField("MemoryLimit", \.memoryLimit),
    WireField("SwapLimit", \.swapLimit),
    WireField("KernelMemoryTCP", \.kernelMemoryTCP, .omitEmpty),
    WireField("CpuCfsPeriod", \.cpuCfsPeriod),
    WireField("CpuCfsQuota", \.cpuCfsQuota),
    WireField("CPUShares", \.cpuShares),
    WireField("CPUSet", \.cpuSet),
    WireField("PidsLimit", \.pidsLimit),
    WireField("IPv4Forwarding", \.iPv4Forwarding),
    WireField("Debug", \.debug),
    WireField("NFd", \.nFd),
    WireField("OomKillDisable", \.oomKillDisable),
    WireField("NGoroutines", \.nGoroutines),
    WireField("SystemTime", \.systemTime),
    WireField("LoggingDriver", \.loggingDriver),
    WireField("CgroupDriver", \.cgroupDriver),
    WireField("CgroupVersion", \.cgroupVersion, .omitEmpty),
    WireField("NEventsListener", \.nEventsListener),
    WireField("KernelVersion", \.kernelVersion),
    WireField("OperatingSystem", \.operatingSystem),
    WireField("OSVersion", \.osVersion),
    WireField("OSType", \.osType),
    WireField("Architecture", \.architecture),
    WireField("IndexServerAddress", \.indexServerAddress),
    WireField("RegistryConfig", \.registryConfig),
    WireField("NCPU", \.ncpu),
    WireField("MemTotal", \.memTotal),
    WireField("GenericResources", \.genericResources),
    WireField("DockerRootDir", \.dockerRootDir),
    WireField("HttpProxy", \.httpProxy),
    WireField("HttpsProxy", \.httpsProxy),
    WireField("NoProxy", \.noProxy),
    WireField("Name", \.name),
    WireField("Labels", \.labels),
    WireField("ExperimentalBuild", \.experimentalBuild),
    WireField("ServerVersion", \.serverVersion),
    WireField("Runtimes", \.runtimes),
    WireField("DefaultRuntime", \.defaultRuntime),
    WireField("Swarm", \.swarm),
    WireField("LiveRestoreEnabled", \.liveRestoreEnabled),
    WireField("Isolation", \.isolation),
    WireField("InitBinary", \.initBinary),
    WireField("ContainerdCommit", \.containerdCommit),
    WireField("RuncCommit", \.runcCommit),
    WireField("InitCommit", \.initCommit),
    WireField("SecurityOptions", \.securityOptions),
    WireField("ProductLicense", \.productLicense, .omitEmpty),
    WireField("DefaultAddressPools", \.defaultAddressPools, .omitEmpty),
    WireField("FirewallBackend", \.firewallBackend, .omitEmpty),
    WireField("CDISpecDirs", \.cdiSpecDirs),
    WireField("Containerd", \.containerd, .omitEmpty),
    WireField("Warnings", \.warnings),
  ]
}
