/// One `import` line.
struct Import: Equatable {
  let module: String
  let line: Int

  /// All imports of a file, whatever their access level or attributes.
  static func all(in file: SourceFile) -> [Import] {
    var imports: [Import] = []
    for (index, token) in file.tokens.enumerated() where token.isWord("import") {
      var next = index + 1
      let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
      if next < file.tokens.count, kinds.contains(file.tokens[next].text) { next += 1 }
      guard next < file.tokens.count, file.tokens[next].kind == .word else { continue }
      imports.append(Import(module: file.tokens[next].text, line: token.line))
    }
    return imports
  }
}

/// Holds the sources and `Package.swift` to the import table.
struct ImportRule {
  let table: ImportTable
  let manifest: PackageManifest
  let manifestPath = "Package.swift"

  /// What `Package.swift` declares against the table.
  func checkManifest() -> [Finding] {
    var findings: [Finding] = []
    func report(_ line: Int, _ reason: String) {
      findings.append(Finding(path: manifestPath, line: line, reason: reason))
    }
    for target in manifest.targets {
      if target.kind == .tests {
        for dependency in target.dependencies where table.row(dependency.name)?.isProgram == true {
          report(dependency.line, "\(target.name) depends on the program \(dependency.name): take it from SKIFF_BIN")
        }
        continue
      }
      guard let row = table.row(target.name) else {
        report(target.line, "\(target.name) has no row in the import table")
        continue
      }
      if row.floor.rawValue != target.floor {
        report(target.line, "\(target.name) stands on \(row.floor.rawValue), not on \(target.floor)")
      }
      if target.isStatic != ImportTable.staticPrograms.contains(target.name) {
        report(target.line, "\(target.name): isStatic differs from the import table")
      }
      let allowed = table.modules(allowedIn: target.name)
      for dependency in target.dependencies where !allowed.contains(dependency.name) {
        report(dependency.line, "\(target.name) may not depend on \(dependency.name): \(why(dependency.name, row))")
      }
      for gained in table.unusedGains(of: target.name, given: Set(target.dependencies.map(\.name))) {
        report(target.line, "\(target.name) does not use \(gained): take the gain out of the import table")
      }
    }
    return findings
  }

  /// The imports of one file of `Sources/` or `Tests/`.
  func check(_ file: SourceFile) -> [Finding] {
    guard let target = target(of: file) else {
      let folder = file.path.split(separator: "/").dropLast().joined(separator: "/")
      return [file.finding(1, "\(folder) is not a target of Package.swift")]
    }
    let declared = Set(target.dependencies.map(\.name))
    return Import.all(in: file).compactMap { found in
      if ImportTable.systemModules.contains(found.module) { return nil }
      if target.kind == .tests && ImportTable.testModules.contains(found.module) { return nil }
      if target.kind != .tests, let row = table.row(target.name),
        !table.modules(allowedIn: target.name).contains(found.module)
      {
        return file.finding(
          found.line, "\(target.name) may not import \(found.module): \(why(found.module, row))")
      }
      if !declared.contains(found.module) {
        return file.finding(
          found.line, "\(target.name) imports \(found.module), which Package.swift does not give it")
      }
      return nil
    }
  }

  private func target(of file: SourceFile) -> PackageManifest.Target? {
    if let tests = file.testTarget { return manifest.targets.first { $0.kind == .tests && $0.name == tests } }
    return manifest.targets.first { $0.kind != .tests && $0.name == file.room && $0.floor == file.floor }
  }

  private func why(_ module: String, _ row: ImportTable.Row) -> String {
    if module == "Foundation" { return "FoundationEssentials does without ICU's 44 MB" }
    guard let other = table.row(module) else { return "its row does not name it" }
    if other.floor > row.floor { return "\(other.floor.rawValue) is above \(row.floor.rawValue)" }
    if module == "DockerWire" && row.floor < .server { return "Docker's JSON stops at Server and Client" }
    return "its row does not name it"
  }
}
