import Testing

/// Holds every file of the repository to the rules of `docs/architecture.md` and `CONTRIBUTING.md`.
@Suite("tidy: the repository") struct RepositoryTests {
  private let repository: Repository
  private let imports: ImportRule

  init() throws {
    repository = try Repository.current.get()
    imports = ImportRule(table: .skiff, manifest: PackageManifest(repository.package))
  }

  private func expectNone(_ findings: [Finding]) {
    if !findings.isEmpty { Issue.record(Testing.Comment(rawValue: "\n" + findings.report)) }
  }

  @Test("the scan sees the sources: a rule that looks at nothing never fails")
  func seesSources() {
    #expect(repository.files.contains { $0.path == "Sources/Kernel/Linux/Descriptor.swift" && !$0.tokens.isEmpty })
    #expect(imports.manifest.targets.contains { $0.name == "Linux" && $0.floor == "Kernel" })
    #expect(imports.manifest.targets.contains { $0.name == "LinuxTests" && $0.kind == .tests })
  }

  @Test("the import table names only rooms that exist in it, and those below")
  func tableIsSound() { #expect(ImportTable.skiff.flaws() == []) }

  @Test("the architecture page names every room, and marks those that come later")
  func architecturePage() throws {
    let page = ArchitecturePage(text: try repository.text(of: ArchitecturePage.path))
    let existing = imports.manifest.targets.filter { $0.kind != .tests }.map(\.name)
    expectNone(page.check(known: ImportTable.skiff.rows.map(\.name), existing: Set(existing)))
  }

  @Test("Package.swift gives each room only what the import table allows")
  func manifest() { expectNone(imports.checkManifest()) }

  @Test("every import is allowed by the table and declared in Package.swift")
  func everyImport() { expectNone(repository.files.flatMap(imports.check)) }

  @Test("nobody imports Foundation proper")
  func foundation() { expectNone(repository.files.flatMap(WordRules.foundation)) }

  @Test("rooms of the static programs have no second thread")
  func concurrency() {
    let rooms = ImportTable.skiff.staticRooms()
    expectNone(repository.files.flatMap { WordRules.concurrency($0, staticRooms: rooms) })
  }

  @Test("only commands and mains print")
  func prints() { expectNone(repository.files.flatMap(WordRules.print)) }

  @Test("no test sleeps")
  func sleeps() { expectNone(repository.files.flatMap(WordRules.sleep)) }

  @Test("files have up to 300 lines, unless they are one table or one state machine")
  func fileLength() {
    expectNone(repository.files.flatMap { SizeRules.fileLength($0) })
    expectNone(SizeRules.needlessLongFiles(repository.files))
  }

  @Test("functions have up to 60 lines")
  func functionLength() { expectNone(repository.files.flatMap(SizeRules.functionLength)) }

  @Test("types have up to 12 stored properties")
  func storedProperties() { expectNone(repository.files.flatMap(SizeRules.storedProperties)) }

  @Test("what other targets see has a doc comment")
  func documentation() {
    let requirements = CommentRules.requirements(of: repository.files)
    expectNone(repository.files.flatMap { CommentRules.documentation($0, requirements: requirements) })
  }

  @Test("unfinished work names the issue that finishes it")
  func unfinished() { expectNone(repository.files.flatMap(CommentRules.unfinished)) }

  @Test("every failpoint has a name of its own and a crash test that visits it")
  func failpoints() {
    #expect(!FailpointRules.failpoints(in: repository.files).isEmpty)
    expectNone(FailpointRules.check(repository.files))
  }

  @Test("what can crash or race is proved by a comment")
  func proofs() { expectNone(repository.files.flatMap(CommentRules.proofs)) }
}
