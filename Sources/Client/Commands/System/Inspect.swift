import EngineClient

/// What can be inspected, in the order in which a bare name is looked up.
enum InspectedType: String, CaseIterable {
  case container, image, network, volume

  /// The request for the object `name`.
  func request(_ name: String, withSize: Bool) -> EngineRequest {
    switch self {
    case .container: .container("GET", name, "json", query: withSize ? [("size", "1")] : [])
    case .image: .image("GET", name, "json")
    case .network: EngineRequest("GET", "/networks/\(percentEncoded(name))")
    case .volume: .volume("GET", name)
    }
  }
}

/// Prints documents of the engine: as an array, or each by a template.
struct Inspection {
  let format: DocumentFormat

  /// - Throws: `CommandError` when `format` is no template.
  init(format: String) throws { self.format = try DocumentFormat(format) }

  /// Looks `names` up by `find`, prints what was found, and complains about the rest at the end.
  func print(_ names: [String], _ session: Session, _ find: (String) throws -> JSONDocument) throws -> Int32 {
    var documents: [String] = []
    var complaints: [String] = []
    for name in names {
      do {
        let document = try find(name)
        // A template that does not fit ends it all, after what came before.
        if let line = try format.line(document.value) { try session.output.print(line) }
        documents.append(JSONValue.indented(document.bytes, prefix: "    ", by: "    "))
      } catch let error as ClientError where error.status != nil {
        complaints.append("\(error)")
      } catch let error as CommandError where error.message.hasPrefix("Error") {
        complaints.append(error.message)
      } catch let error as CommandError {
        try session.output.print("")
        throw error
      }
    }
    if !format.isTemplate {
      try session.output.print(documents.isEmpty ? "[]" : "[\n    " + documents.joined(separator: ",\n    ") + "\n]")
    } else if documents.isEmpty {
      try session.output.print("")
    }
    for complaint in complaints { session.complain(complaint) }
    return complaints.isEmpty ? 0 : 1
  }
}

/// `skiff inspect`: shows all that the engine knows of objects of any type.
struct Inspect: Command {
  var arguments: [String] = []
  private var format = ""
  private var size = false
  private var type = ""

  static let usage = Usage(
    line: "[OPTIONS] NAME|ID [NAME|ID...]", summary: "Show all that the engine knows of objects", count: .atLeast(1))

  static var flags: [Flag<Inspect>] {
    [
      .documentFormat(\.format),
      .toggle("size", "s", \.size, "Show how much containers have written"),
      .text("type", nil, \.type, "Look only for objects of this type: container, image, network, volume"),
    ]
  }

  func run(_ session: Session) throws -> Int32 {
    let types = type.isEmpty ? InspectedType.allCases : [InspectedType(rawValue: type)].compactMap { $0 }
    guard !types.isEmpty else {
      let known = InspectedType.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
      throw CommandError("unknown type: \"\(type)\": must be one of \(known)")
    }
    return try Inspection(format: format).print(arguments, session) { name in
      for candidate in types {
        do { return try session.engine.document(candidate.request(name, withSize: size)) } catch let error
          as ClientError
        {
          // An engine without networks does not know the route either.
          guard types.count > 1, error.isNotFound else { throw error }
        }
      }
      throw CommandError("Error: No such object: \(name)")
    }
  }
}
