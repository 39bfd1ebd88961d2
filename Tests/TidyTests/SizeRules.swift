/// Sizes beyond which a file, function or type holds two ideas.
enum SizeRules {
  static let fileLinesMax = 300
  static let functionLinesMax = 60
  static let storedPropertiesMax = 12
  /// There the specs decide how wide a type is.
  static let wideFolders = ["Sources/Formats/DockerWire/", "Sources/Formats/OCI/"]

  /// Reports a file that is too long and not in `longFiles`.
  static func fileLength(_ file: SourceFile, longFiles: [String: String] = LongFiles.reasons) -> [Finding] {
    guard file.lineCount > fileLinesMax, longFiles[file.path] == nil else { return [] }
    return [file.finding(fileLinesMax + 1, "\(file.lineCount) lines, more than \(fileLinesMax): two ideas?")]
  }

  /// Reports entries of `longFiles` that the repository does not need.
  static func needlessLongFiles(_ files: [SourceFile], longFiles: [String: String] = LongFiles.reasons) -> [Finding] {
    longFiles.keys.sorted().compactMap { path in
      guard let file = files.first(where: { $0.path == path }) else {
        return Finding(path: path, line: 1, reason: "is in LongFiles but not in the repository")
      }
      return file.lineCount > fileLinesMax
        ? nil : file.finding(1, "is in LongFiles but has only \(file.lineCount) lines")
    }
  }

  /// Reports functions and computed properties that are too long, counted from their first word to their last brace.
  static func functionLength(_ file: SourceFile) -> [Finding] {
    file.declarations.flatMap(\.flattened).compactMap { declaration in
      guard [.function, .computedProperty].contains(declaration.kind), declaration.lines.count > functionLinesMax
      else { return nil }
      return file.finding(
        declaration.lines.lowerBound,
        "\(declaration.name) has \(declaration.lines.count) lines, more than \(functionLinesMax)")
    }
  }

  /// Reports types with more stored properties than one idea needs.
  static func storedProperties(_ file: SourceFile) -> [Finding] {
    guard !wideFolders.contains(where: { file.path.hasPrefix($0) }) else { return [] }
    return file.declarations.flatMap(\.flattened).compactMap { declaration in
      guard declaration.kind == .type else { return nil }
      let stored = declaration.members.filter { $0.kind == .storedProperty && !$0.modifiers.contains("static") }
      let count = stored.reduce(0) { $0 + $1.propertyCount }
      guard count > storedPropertiesMax else { return nil }
      return file.finding(
        declaration.lines.lowerBound,
        "\(declaration.name) has \(count) stored properties, more than \(storedPropertiesMax): two types?")
    }
  }
}
