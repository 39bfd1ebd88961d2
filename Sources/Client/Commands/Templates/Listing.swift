import EngineClient

/// How a list is printed: as a table, as JSON, or by a template.
struct Listing<Row> {
  /// One field of a row, and what the table calls it.
  struct Column {
    let field: String
    let header: String
    let value: (Row) -> JSONValue

    /// A column of texts, as nearly all of them are.
    init(_ field: String, _ header: String, _ value: @escaping (Row) -> String) {
      self.field = field
      self.header = header
      self.value = { .string(value($0)) }
    }

    /// A column of something else.
    init(json field: String, _ header: String, _ value: @escaping (Row) -> JSONValue) {
      self.field = field
      self.header = header
      self.value = value
    }
  }

  /// Sorted by field, as Docker's JSON has them.
  let columns: [Column]
  /// The fields of the table that is printed without a format.
  let tableFields: [String]
  /// Answers a call like `.Label "name"`.
  var method: (Row, String, [JSONValue]) -> JSONValue? = { _, _, _ in nil }

  /// Prints `rows` in `format`; an empty one means the table.
  ///
  /// - Throws: `CommandError` with Docker's words for what is wrong with the format.
  func print(_ rows: [Row], format: String, to output: OutputBuffer) throws {
    let format = ListFormat(format, default: tableFields.map { "{{.\($0)}}" }.joined(separator: "\t"))
    if format.template == "{{json .}}" {
      // Docker's rows bring their own encoder, which escapes `<` and `>`; the function `json` does not.
      for row in rows { try output.print(document(row).compact) }
      return
    }
    let template: Template
    var current: Row?
    do {
      template = try Template(format.template) { _, name, arguments in
        if let row = current { return method(row, name, arguments) }
        // The header of `{{.Label "name"}}` is the name.
        return arguments.first
      }
    } catch { throw CommandError("failed to parse template: \(error)", exitCode: 1) }
    var lines: [String] = []
    if format.isTable { lines.append(try fill(template, header)) }
    for row in rows {
      current = row
      lines.append(try fill(template, document(row)))
    }
    if format.isTable {
      try output.print(Table.aligned(lines.joined(separator: "\n")))
    } else {
      for line in lines { try output.print(line) }
    }
  }

  private func fill(_ template: Template, _ document: JSONValue) throws -> String {
    do { return try template.filled(document) } catch {
      throw CommandError("failed to execute template: \(error)", exitCode: 1)
    }
  }

  private var header: JSONValue { .object(columns.map { JSONValue.Member($0.field, .string($0.header)) }) }

  private func document(_ row: Row) -> JSONValue {
    .object(columns.map { JSONValue.Member($0.field, $0.value(row)) })
  }
}

/// What `--format` says: `json`, `table …`, or a template.
struct ListFormat: Equatable {
  let isTable: Bool
  let template: String

  init(_ text: String, default fields: String) {
    let unescaped = text.replacing("\\t", with: "\t").replacing("\\n", with: "\n")
    if unescaped.isEmpty || unescaped == "table" {
      isTable = true
      template = fields
    } else if unescaped.hasPrefix("table ") {
      isTable = true
      template = String(unescaped.dropFirst("table ".count).drop { $0 == " " })
    } else {
      isTable = false
      template = unescaped == "json" ? "{{json .}}" : unescaped
    }
  }

  /// Whether the template uses the field `name`, so that what costs the engine something is asked for only then.
  func uses(_ name: String) -> Bool { template.contains(".\(name)") }
}

/// What `inspect --format` and its like print for one answer.
struct DocumentFormat {
  private let template: Template?

  /// - Throws: `CommandError` when `text` is no template.
  init(_ text: String) throws {
    if text.isEmpty {
      template = nil
      return
    }
    let unescaped = text.replacing("\\t", with: "\t").replacing("\\n", with: "\n")
    do { template = try Template(unescaped == "json" ? "{{json .}}" : unescaped) } catch {
      throw CommandError("template parsing error: \(error)", exitCode: 64)
    }
  }

  /// Whether a format was given.
  var isTemplate: Bool { template != nil }

  /// The line for `document`; nil when no format was given.
  func line(_ document: JSONValue) throws -> String? {
    guard let template else { return nil }
    do { return try template.filled(document) } catch {
      throw CommandError("template parsing error: \(error)", exitCode: 1)
    }
  }
}
