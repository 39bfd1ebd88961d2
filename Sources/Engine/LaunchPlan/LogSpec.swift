/// Where a container's output is kept.
package struct LogSpec: Codable, Equatable, Sendable {
  package var driver = Driver.jsonFile
  /// `--log-opt`, in Docker's words; ``settings(of:)`` reads them.
  package var options: [String: String] = [:]

  /// Creates the default log.
  package init() {}

  /// `--log-driver`, for those that are honoured. `local` differs in its defaults only: the segments are ours anyway.
  package enum Driver: String, Codable, Sendable {
    case jsonFile = "json-file"
    case local, none
  }
}

/// What a log's options say.
package struct LogSettings: Equatable, Sendable {
  /// The size at which a segment is closed.
  package var segmentBytesMax: Int64
  /// How many segments are kept.
  package var segmentsMax: Int
  /// What every record of the log repeats: chosen labels and variables, and the tag.
  package var attributes: [String: String]
}

extension LogSettings: CustomStringConvertible {
  package var description: String {
    let repeated = attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    return "\(segmentBytesMax) bytes x \(segmentsMax)\(repeated)"
  }
}

extension LogSpec {
  /// Refuses an option that the driver does not have, with Docker's texts, and one that is not honoured by its name.
  package func check() throws(LaunchPlanError) {
    if driver == .none, let option = options.keys.min() {
      throw .invalid("unknown log opt '\(option)' for none log driver")
    }
    let known = driver == .local ? Self.sizes : Self.sizes.union(Self.attributes)
    for (option, value) in options.sorted(by: { $0.key < $1.key }) {
      switch option {
      case "mode" where value == "blocking": continue
      case "mode" where value == "non-blocking": throw .unsupported("log option \"mode=non-blocking\"")
      case "mode": throw .invalid("logger: logging mode not supported: \(value)")
      case "max-buffer-size":
        throw .invalid("logger: max-buffer-size option is only supported with 'mode=non-blocking'")
      case "compress" where driver == .jsonFile && ["1", "t", "T", "TRUE", "true", "True"].contains(value):
        throw .unsupported("log option \"compress=true\"")
      default:
        guard known.contains(option) else {
          throw .invalid(
            driver == .local
              ? "unknown log opt '\(option)' for log driver local"
              : "unknown log opt '\(option)' for json-file log driver")
        }
      }
    }
  }

  private static let sizes: Set = ["max-size", "max-file", "compress"]
  private static let attributes: Set = ["labels", "labels-regex", "env", "env-regex", "tag"]

  /// Reads the options, checked already, for a launch of `spec`.
  ///
  /// - Throws: `invalid` with Docker's texts.
  package func settings(of spec: ContainerSpec) throws(LaunchPlanError) -> LogSettings {
    do throws(LaunchPlanError) {
      return LogSettings(
        segmentBytesMax: try segmentBytesMax(), segmentsMax: try segmentsMax(), attributes: try attributes(of: spec))
    } catch {
      throw .invalid("failed to create task for container: failed to initialize logging driver: \(error.text)")
    }
  }

  /// Docker's json-file has no limit by default and fills the disk; ours has.
  private func segmentBytesMax() throws(LaunchPlanError) -> Int64 {
    guard let text = options["max-size"] else { return driver == .local ? 20 << 20 : 10 << 20 }
    guard let bytes = ByteText(text)?.bytes else { throw .invalid("invalid size: '\(text)'") }
    guard bytes > 0 else { throw .invalid("max-size must be a positive number") }
    return bytes
  }

  private func segmentsMax() throws(LaunchPlanError) -> Int {
    guard let text = options["max-file"] else {
      // A size alone means one file, as Docker has it.
      return driver == .local ? 5 : options["max-size"] == nil ? 3 : 1
    }
    guard let count = Int(text) else { throw .invalid("strconv.Atoi: parsing \"\(text)\": invalid syntax") }
    guard count > 0 else { throw .invalid("max-file cannot be less than 1") }
    if let compress = options["compress"], !["true", "false"].contains(compress.lowercased()) {
      throw .invalid("strconv.ParseBool: parsing \"\(compress)\": invalid syntax")
    }
    return count
  }

  private func attributes(of spec: ContainerSpec) throws(LaunchPlanError) -> [String: String] {
    var attributes: [String: String] = [:]
    let variables = spec.program.environment.compactMap { variable -> (String, String)? in
      guard let equals = variable.firstIndex(of: "=") else { return nil }
      return (String(variable[..<equals]), String(variable[variable.index(after: equals)...]))
    }
    let sources = [
      ("labels", spec.program.labels.map { ($0.key, $0.value) }), ("env", variables),
    ]
    for (option, pairs) in sources {
      let names = (options[option] ?? "").split(separator: ",").map(String.init)
      for (name, value) in pairs where names.contains(name) { attributes[name] = value }
      guard let pattern = options["\(option)-regex"], !pattern.isEmpty else { continue }
      guard let expression = try? Regex(pattern) else {
        throw .invalid("error parsing regexp: `\(pattern)`")
      }
      for (name, value) in pairs where name.firstMatch(of: expression) != nil { attributes[name] = value }
    }
    if let tag = options["tag"], !tag.isEmpty { attributes["tag"] = try LogTag(tag).text(of: spec) }
    return attributes
  }
}

/// `--log-opt tag=`: a text with fields of the container in double braces.
private struct LogTag {
  private let template: String

  init(_ template: String) { self.template = template }

  /// The text with each field's value in its place.
  func text(of spec: ContainerSpec) throws(LaunchPlanError) -> String {
    var text = ""
    var rest = template[...]
    while let start = rest.firstRange(of: "{{") {
      text += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstRange(of: "}}") else {
        throw .invalid("template: log-tag:1: unclosed action")
      }
      text += try value(rest[start.upperBound..<end.lowerBound].trimmingSpaces(), of: spec)
      rest = rest[end.upperBound...]
    }
    return text + rest
  }

  private func value(_ field: Substring, of spec: ContainerSpec) throws(LaunchPlanError) -> String {
    let image = spec.image.id.split(separator: ":").last.map(String.init) ?? ""
    return switch field {
    case ".ID": String(spec.id.prefix(12))
    case ".FullID": spec.id
    case ".Name": spec.name
    case ".ImageID": String(image.prefix(12))
    case ".ImageFullID": spec.image.id
    case ".ImageName": spec.image.reference
    case ".DaemonName": "docker"
    default: throw .unsupported("\"{{\(field)}}\" in the log option \"tag\"")
    }
  }
}

extension Substring {
  fileprivate func trimmingSpaces() -> Substring {
    let start = drop { $0 == " " }
    return start.lastIndex { $0 != " " }.map { start[...$0] } ?? ""
  }
}
