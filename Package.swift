// swift-tools-version: 6.2
// The house: one line a room, from the ground floor up. docs/architecture.md says what each room is for and what it
// may import; Tests/TidyTests holds this file and every `import` to that table.
import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  // Glibc and CLinux must read the same headers alike, or the importer sees two different `fd_set`s.
  .unsafeFlags(["-Xcc", "-D_GNU_SOURCE"]),
]

/// A library target in `Sources/<floor>/<name>`.
func room(_ floor: String, _ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)", swiftSettings: swiftSettings)
}

/// A program in `Sources/<floor>/<name>`. A static one links glibc statically in release: it starts sooner and needs
/// nothing from the host, but must not resolve names, use TLS or ask NSS. Another's 110,000 relocations are packed: read
/// as they come, they would be 2.7 MB of memory that nobody looks at again.
func program(_ floor: String, _ name: String, isStatic: Bool, _ dependencies: Target.Dependency...) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Sources/\(floor)/\(name)", swiftSettings: swiftSettings,
    linkerSettings: [
      .unsafeFlags(["-use-ld=lld", "-Xlinker", "-s"], .when(configuration: .release)),
      .unsafeFlags(
        isStatic ? ["-static-executable"] : ["-Xlinker", "-z", "-Xlinker", "pack-relative-relocs"],
        .when(configuration: .release)),
    ])
}

/// Tests in `Tests/<name>`. No test target depends on a program: those are built once, in release, and found through
/// `SKIFF_BIN`. Golden files are in its folder `Fixtures`, which is no part of the build.
func tests(_ name: String, hasFixtures: Bool = false, _ dependencies: Target.Dependency...) -> Target {
  .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: hasFixtures ? ["Fixtures"] : [],
    swiftSettings: swiftSettings)
}

/// What several test targets share, in `Tests/<name>`.
func shared(_ name: String, _ dependencies: Target.Dependency...) -> Target {
  .target(name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: swiftSettings)
}

let package = Package(
  name: "skiff",
  dependencies: [
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
    .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
  ],
  targets: [
    // Kernel
    .target(name: "CLinux", path: "Sources/Kernel/CLinux"),
    .systemLibrary(name: "CSeccomp", path: "Sources/Kernel/CSeccomp"),
    .systemLibrary(name: "CZlib", path: "Sources/Kernel/CZlib"),
    .systemLibrary(name: "CZstd", path: "Sources/Kernel/CZstd"),
    .systemLibrary(name: "CISAL", path: "Sources/Kernel/CISAL"),
    room("Kernel", "Linux", "CLinux"),
    room("Kernel", "Cgroups", "Linux"),
    room("Kernel", "Seccomp", "Linux", "CSeccomp"),
    // Formats
    room("Formats", "OCI"),
    room("Formats", "DockerWire"),
    room("Formats", "Archive", "Linux"),
    room("Formats", "Codecs", "Linux", "CZlib", "CZstd", "CISAL"),
    // Stores
    room("Stores", "Database", "Linux", .product(name: "GRDB", package: "GRDB.swift")),
    room("Stores", "ContentStore", "OCI", "Linux", "Database", .product(name: "Crypto", package: "swift-crypto")),
    room(
      "Stores", "Snapshots",
      "OCI", "Archive", "Codecs", "Linux", "Database", .product(name: "Crypto", package: "swift-crypto")),
    room("Stores", "Images", "Database", "ContentStore", "Snapshots", "Archive", "Codecs", "OCI", "Linux"),
    room("Stores", "Volumes", "Archive", "Linux", "Database"),
    // Monitor
    room("Monitor", "MonitorProtocol", "Linux", "OCI"),
    room("Monitor", "Runtime", "OCI", "Linux", "Cgroups", "Seccomp"),
    room("Monitor", "LogRecords", "Linux"),
    program(
      "Monitor", "skiff-monitor", isStatic: true, "MonitorProtocol", "LogRecords", "Runtime", "OCI", "Linux", "Cgroups",
      "Seccomp"),
    // Engine
    room("Engine", "LaunchPlan", "OCI"),
    room("Engine", "Tasks", "MonitorProtocol", "Linux", "CLinux"),
    room(
      "Engine", "Engine",
      "LaunchPlan", "Tasks", "MonitorProtocol", "Runtime", "Images", "Volumes", "Snapshots", "ContentStore", "Database",
      "OCI", "Seccomp", "Cgroups", "Linux"),
    // Server
    room(
      "Server", "HTTPServer",
      "DockerWire", "Linux",
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOPosix", package: "swift-nio")),
    room(
      "Server", "EngineServer",
      "HTTPServer", "DockerWire", "Engine", "LaunchPlan", "MonitorProtocol", "LogRecords", "Images", "Volumes", "OCI",
      "Cgroups", "Linux"),
    program(
      "Server", "skiffd", isStatic: false, "HTTPServer", "EngineServer", "DockerWire", "Engine", "Tasks", "Linux"),
    // Client
    room("Client", "EngineClient", "Cgroups", "Linux"),
    room("Client", "Commands", "EngineClient", "Archive", "Linux"),
    program("Client", "skiff", isStatic: true, "Commands", "Linux"),
    // Tests
    shared("Scratch", "Linux"),
    tests("TidyTests"),
    tests("LinuxTests", "Linux"),
    tests("CgroupsTests", "Cgroups", "Linux"),
    tests("SeccompTests", "Seccomp", "Linux"),
    tests("OCITests", "OCI"),
    tests("TasksTests", "Tasks", "MonitorProtocol", "Cgroups", "OCI", "Linux"),
    tests("ArchiveTests", "Archive", "Linux", "Scratch"),
    tests("CodecsTests", "Codecs", "Linux"),
    tests("DatabaseTests", "Database", "Linux", "Scratch"),
    tests("ContentStoreTests", "ContentStore", "Database", "OCI", "Linux", "Scratch"),
    tests(
      "SnapshotsTests", "Snapshots", "OCI", "Database", "Linux", "Scratch",
      .product(name: "Crypto", package: "swift-crypto")),
    tests(
      "ImagesTests", hasFixtures: true, "Images", "Snapshots", "ContentStore", "Database", "OCI", "Linux", "Scratch"),
    tests("VolumesTests", "Volumes", "Database", "Linux", "Scratch"),
    tests("RuntimeTests", "Runtime", "OCI", "Linux", "Cgroups"),
    tests("LogRecordsTests", hasFixtures: true, "LogRecords", "Linux"),
    tests("MonitorProtocolTests", hasFixtures: true, "MonitorProtocol", "Linux", "OCI"),
    tests("DockerWireTests", hasFixtures: true, "DockerWire"),
    tests("EngineClientTests", "EngineClient", "Linux"),
    tests("CommandsTests", "Commands", "EngineClient", "Linux"),
    tests(
      "HTTPServerTests", "DockerWire", "HTTPServer", "Linux",
      .product(name: "NIOCore", package: "swift-nio"),
      .product(name: "NIOEmbedded", package: "swift-nio"),
      .product(name: "NIOHTTP1", package: "swift-nio")),
    tests("LaunchPlanTests", "LaunchPlan", "OCI"),
    tests("EngineTests", "Engine", "LaunchPlan", "Volumes", "Linux"),
    tests("EngineServerTests", "EngineServer", "DockerWire", "Engine", "LaunchPlan", "HTTPServer", "Linux"),
    tests("BlackBoxTests", hasFixtures: true, "OCI", "Linux", "CLinux"),
    tests(
      "FuzzTests",
      "Archive", "OCI", "DockerWire", "MonitorProtocol", "LogRecords", "LaunchPlan", "Engine", "HTTPServer",
      "EngineClient", "Linux", .product(name: "NIOCore", package: "swift-nio")),
  ]
)
