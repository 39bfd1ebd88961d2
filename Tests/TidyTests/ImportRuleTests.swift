import Testing

@Suite("tidy: imports") struct ImportRuleTests {
  private let table = ImportTable(
    rows: [
      .init(floor: .kernel, name: "Linux", mayImport: []),
      .init(floor: .kernel, name: "Netlink", mayImport: ["Linux"]),
      .init(floor: .formats, name: "DockerWire", mayImport: []),
      .init(floor: .engine, name: "Engine", mayImport: ["Linux", "NIO"]),
      .init(floor: .client, name: "skiff", mayImport: [], isProgram: true),
    ],
    gains: [.init("Engine", "Netlink", "a reason")],
    libraries: ["NIO": ["NIOCore", "NIOPosix"]])

  private func rule(_ manifest: String) -> ImportRule {
    ImportRule(table: table, manifest: PackageManifest(SourceFile(path: "Package.swift", text: manifest)))
  }

  private let manifest = """
    func room(_ floor: String, _ name: String, _ dependencies: Target.Dependency...) -> Target {
      .target(name: name, path: "Sources/\\(floor)/\\(name)")
    }
    let package = Package(name: "skiff", targets: [
      room("Kernel", "Linux"),
      room("Kernel", "Netlink", "Linux"),
      room("Formats", "DockerWire"),
      room(
        "Engine", "Engine", "Linux",
        .product(name: "NIOCore", package: "swift-nio"), "Netlink"),
      program("Client", "skiff", isStatic: true),
      tests("EngineTests", "Engine"),
    ])
    """

  @Test("a manifest that follows the table passes")
  func goodManifest() { #expect(rule(manifest).checkManifest() == []) }

  @Test("Package.swift: unknown rooms, wrong floors, forbidden dependencies and tests of programs are found")
  func badManifest() {
    let bad = """
      room("Kernel", "Linux", "DockerWire"),
      room("Engine", "Netlink", "Linux"),
      .target(name: "CNew", path: "Sources/Kernel/CNew"),
      room(
        "Formats", "DockerWire",
        .product(name: "NIOCore", package: "swift-nio")),
      program("Client", "skiff", isStatic: false),
      tests("CommandTests", "skiff"),
      """
    #expect(
      rule(bad).checkManifest().report == """
        Package.swift:1: Linux may not depend on DockerWire: Formats is above Kernel
        Package.swift:2: Netlink stands on Kernel, not on Engine
        Package.swift:3: CNew has no row in the import table
        Package.swift:6: DockerWire may not depend on NIOCore: its row does not name it
        Package.swift:7: skiff: isStatic differs from the import table
        Package.swift:8: CommandTests depends on the program skiff: take it from SKIFF_BIN
        """)
  }

  @Test("Package.swift: a gain that the room does not use is found")
  func unusedGain() {
    #expect(
      rule("room(\"Engine\", \"Engine\", \"Linux\"),").checkManifest().report
        == "Package.swift:1: Engine does not use Netlink: take the gain out of the import table")
  }

  @Test("sources: imports upward, sideways, undeclared or beside the table are found, at every access level")
  func badImports() {
    let file = SourceFile(
      path: "Sources/Kernel/Linux/X.swift",
      text: "import Glibc\npackage import Netlink\n@testable import Engine\nimport struct Foundation.Date\n")
    #expect(
      rule(manifest).check(file).report == """
        Sources/Kernel/Linux/X.swift:2: Linux may not import Netlink: its row does not name it
        Sources/Kernel/Linux/X.swift:3: Linux may not import Engine: Engine is above Kernel
        Sources/Kernel/Linux/X.swift:4: Linux may not import Foundation: FoundationEssentials does without ICU's 44 MB
        """)
    let engine = SourceFile(
      path: "Sources/Engine/Engine/X.swift",
      text: "public import NIOCore\nimport NIOPosix\nimport DockerWire\nimport Netlink\n// import Nothing\n")
    #expect(
      rule(manifest).check(engine).report == """
        Sources/Engine/Engine/X.swift:2: Engine imports NIOPosix, which Package.swift does not give it
        Sources/Engine/Engine/X.swift:3: Engine may not import DockerWire: Docker's JSON stops at Server and Client
        """)
  }

  @Test("sources: a folder that is no target is found, and a test's undeclared import")
  func strayFiles() {
    let stray = SourceFile(path: "Sources/Stores/Lost/X.swift", text: "")
    #expect(
      rule(manifest).check(stray).report
        == "Sources/Stores/Lost/X.swift:1: Sources/Stores/Lost is not a target of Package.swift")
    let test = SourceFile(
      path: "Tests/EngineTests/X.swift", text: "import Testing\n@testable import Engine\n@testable import Linux\n")
    #expect(
      rule(manifest).check(test).report
        == "Tests/EngineTests/X.swift:3: EngineTests imports Linux, which Package.swift does not give it")
  }

  @Test("the table: an import or gain from above is a flaw, and so is an unknown name")
  func flaws() {
    let bad = ImportTable(
      rows: [
        .init(floor: .kernel, name: "A", mayImport: ["B", "Nothing"]),
        .init(floor: .stores, name: "B", mayImport: []),
        .init(floor: .stores, name: "C", mayImport: []),
      ],
      gains: [.init("A", "B", ""), .init("B", "C", ""), .init("C", "A", ""), .init("C", "Lost", "")], libraries: [:])
    #expect(
      bad.flaws() == [
        "A: imports \"B\", which does not stand below it",
        "A: imports \"Nothing\", which is neither a room nor a library",
        "A: gains \"B\", which is not on a lower floor", "B: gains \"C\", which is not on a lower floor",
        "gain of C: \"Lost\" or the room itself is not in the table",
      ])
  }
}
