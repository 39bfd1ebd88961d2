/// The house: which room stands on which floor and what it may import. `docs/architecture.md` says why.
///
/// A room imports from lower floors and its own, and only what its row names. A row may gain something from a lower
/// floor, or a library, by a line in `gains`; upward or sideways takes a decision record and a changed row.
struct ImportTable {
  /// One row of the table.
  struct Row {
    let floor: Floor
    let name: String
    var mayImport: [String]
    var isProgram = false
  }

  /// Floors, from the ground up.
  enum Floor: String, CaseIterable, Comparable {
    case kernel = "Kernel"
    case formats = "Formats"
    case stores = "Stores"
    case monitor = "Monitor"
    case network = "Network"
    case engine = "Engine"
    case server = "Server"
    case client = "Client"

    static func < (left: Floor, right: Floor) -> Bool { left.height < right.height }

    private var height: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  }

  /// Something a row gained after the table was drawn, and the reason.
  struct Gain {
    let room: String
    let gained: String
    let reason: String

    init(_ room: String, _ gained: String, _ reason: String) {
      self.room = room
      self.gained = gained
      self.reason = reason
    }
  }

  let rows: [Row]
  let gains: [Gain]
  /// Libraries that rows name, each with the modules it brings.
  let libraries: [String: [String]]

  /// Modules of the toolchain that every room may import. Foundation proper, Dispatch and XCTest are not among them.
  static let systemModules: Set = ["Glibc", "Synchronization", "FoundationEssentials"]
  /// What tests may import besides.
  static let testModules: Set = ["Testing"]
  /// Their whole floor runs in static programs, or must be able to.
  static let staticFloors: Set<Floor> = [.kernel, .monitor, .client]
  static let staticPrograms = ["skiff", "skiff-monitor", "skiff-netd"]

  /// The project's table.
  static let skiff = ImportTable(
    rows: [
      // Module maps of C libraries live on the ground floor and hold no code.
      Row(floor: .kernel, name: "CSeccomp", mayImport: []),
      Row(floor: .kernel, name: "CZlib", mayImport: []),
      Row(floor: .kernel, name: "CZstd", mayImport: []),
      Row(floor: .kernel, name: "CISAL", mayImport: []),
      Row(floor: .kernel, name: "CLinux", mayImport: []),
      Row(floor: .kernel, name: "Linux", mayImport: ["CLinux"]),
      Row(floor: .kernel, name: "Netlink", mayImport: ["Linux"]),
      Row(floor: .kernel, name: "Cgroups", mayImport: ["Linux"]),
      Row(floor: .kernel, name: "Seccomp", mayImport: ["Linux", "CSeccomp"]),

      Row(floor: .formats, name: "OCI", mayImport: []),
      Row(floor: .formats, name: "Dockerfile", mayImport: []),
      Row(floor: .formats, name: "ComposeFile", mayImport: ["Yams"]),
      Row(floor: .formats, name: "DockerWire", mayImport: []),
      Row(floor: .formats, name: "Archive", mayImport: ["Linux"]),
      Row(floor: .formats, name: "Codecs", mayImport: ["Linux", "CZlib", "CZstd", "CISAL"]),

      Row(floor: .stores, name: "Database", mayImport: ["GRDB"]),
      Row(floor: .stores, name: "ContentStore", mayImport: ["OCI", "Linux", "Database", "Crypto"]),
      Row(floor: .stores, name: "Snapshots", mayImport: ["OCI", "Archive", "Codecs", "Linux", "Database"]),
      Row(floor: .stores, name: "Registry", mayImport: ["OCI", "AsyncHTTPClient", "Crypto"]),
      Row(
        floor: .stores, name: "Images",
        mayImport: ["Database", "ContentStore", "Snapshots", "Registry", "Archive", "Codecs"]),
      Row(floor: .stores, name: "Volumes", mayImport: ["Linux", "Archive", "Database"]),

      Row(floor: .monitor, name: "MonitorProtocol", mayImport: ["Linux"]),
      Row(floor: .monitor, name: "LogRecords", mayImport: ["Linux"]),
      Row(floor: .monitor, name: "Runtime", mayImport: ["OCI", "Linux", "Cgroups", "Seccomp"]),
      Row(
        floor: .monitor, name: "skiff-monitor", mayImport: ["MonitorProtocol", "LogRecords", "Runtime"],
        isProgram: true),

      Row(floor: .network, name: "NameServer", mayImport: ["Linux"]),
      Row(floor: .network, name: "Firewall", mayImport: ["Netlink"]),
      Row(
        floor: .network, name: "Networks", mayImport: ["Netlink", "Firewall", "NameServer", "Linux", "Database"]),
      Row(floor: .network, name: "skiff-netd", mayImport: ["NameServer", "Linux"], isProgram: true),

      Row(floor: .engine, name: "LaunchPlan", mayImport: ["OCI"]),
      Row(floor: .engine, name: "Tasks", mayImport: ["MonitorProtocol", "LaunchPlan", "Linux"]),
      Row(floor: .engine, name: "Logs", mayImport: ["LogRecords"]),
      Row(
        floor: .engine, name: "Engine",
        mayImport: [
          "Linux", "Cgroups", "Seccomp", "OCI", "Archive", "Codecs", "Database", "ContentStore", "Snapshots",
          "Registry", "Images", "Volumes", "MonitorProtocol", "LogRecords", "Runtime", "Networks", "LaunchPlan",
          "Tasks",
          "Logs",
        ]),
      Row(
        floor: .engine, name: "Build",
        mayImport: ["Dockerfile", "Archive", "Images", "Snapshots", "LaunchPlan", "Tasks", "Networks"]),

      Row(floor: .server, name: "HTTPServer", mayImport: ["NIO"]),
      Row(floor: .server, name: "EngineServer", mayImport: ["HTTPServer", "DockerWire", "Engine", "Build"]),
      Row(floor: .server, name: "BuildKitServer", mayImport: ["HTTPServer", "Build"]),
      Row(
        floor: .server, name: "skiffd",
        mayImport: ["HTTPServer", "EngineServer", "BuildKitServer", "Engine", "Build"], isProgram: true),

      Row(floor: .client, name: "EngineClient", mayImport: ["DockerWire", "Archive", "Linux"]),
      Row(floor: .client, name: "Compose", mayImport: ["ComposeFile", "EngineClient"]),
      Row(floor: .client, name: "Commands", mayImport: ["Linux", "EngineClient", "Compose"]),
      Row(
        floor: .client, name: "skiff", mayImport: ["Linux", "EngineClient", "Compose", "Commands"],
        isProgram: true),
    ],
    gains: [
      Gain("Database", "Linux", "directories and sync are system calls"),
      Gain("Registry", "Linux", "blobs go to descriptors"),
      Gain("Images", "OCI", "manifests, references and digests are its vocabulary"),
      Gain("Images", "Linux", "archives arrive on descriptors"),
      Gain("Snapshots", "Crypto", "a diffID is computed while a layer is unpacked"),
      Gain("MonitorProtocol", "OCI", "the launch record carries the OCI spec in binary"),
      Gain("Tasks", "CLinux", "one epoll loop for all monitors, and nobody else needs epoll"),
      Gain("skiff-monitor", "Linux", "a main owns descriptors and signals"),
      Gain("skiff-monitor", "OCI", "a main reads the bundle that it hands to Runtime"),
      Gain("skiff-monitor", "Cgroups", "a main picks the cgroup version"),
      Gain("skiff-monitor", "Seccomp", "a main picks the cache of compiled profiles"),
      Gain("Logs", "Linux", "segments are followed through descriptors"),
      Gain("HTTPServer", "Linux", "sockets arrive from systemd and peers have credentials"),
      Gain("HTTPServer", "DockerWire", "an error's body is Docker's, whatever the route"),
      Gain("EngineServer", "LaunchPlan", "one mapping each way between Docker's words and a definition"),
      Gain("EngineServer", "MonitorProtocol", "an attached client's input is framed at the door"),
      Gain("EngineServer", "LogRecords", "records become Docker's frames"),
      Gain("EngineServer", "Linux", "copied archives are descriptors"),
      Gain("EngineServer", "OCI", "one mapping each way between Docker's words and ours"),
      Gain("EngineServer", "Images", "progress streams become Docker's JSON lines"),
      Gain("EngineServer", "Cgroups", "a cgroup's numbers become Docker's JSON"),
      Gain("EngineServer", "Volumes", "volumes become Docker's JSON"),
      Gain("skiffd", "Linux", "a main owns descriptors and signals"),
      Gain("skiffd", "Tasks", "a main says where monitors live"),
      Gain("skiffd", "DockerWire", "daemon.json is JSON under Docker's keys"),
      Gain("EngineClient", "Cgroups", "an engine that a client starts leaves the client's cgroup"),
      Gain("Commands", "Archive", "`cp` and `import` speak tar"),
    ],
    libraries: [
      "Yams": ["Yams"],
      "GRDB": ["GRDB"],
      "Crypto": ["Crypto"],
      "AsyncHTTPClient": ["AsyncHTTPClient", "NIOCore", "NIOHTTP1", "NIOSSL"],
      "NIO": ["NIOCore", "NIOPosix", "NIOHTTP1", "NIOConcurrencyHelpers"],
      "Logging": ["Logging"],
      "ArgumentParser": ["ArgumentParser"],
    ])
}
