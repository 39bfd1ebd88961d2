import Testing

/// A reader of outside bytes, good inputs for it, and what must hold of whatever it takes.
struct FuzzTarget: Sendable, CustomTestStringConvertible {
  let name: String
  /// Good inputs, golden files for the most part.
  let seeds: @Sendable () throws -> [[UInt8]]
  /// Words of the format, which the mutation puts in.
  let words: [String]
  /// Repairs what nothing random gets right, such as a checksum, after the mutation.
  let repair: @Sendable (inout [UInt8]) -> Void
  /// Reads the input: false if the reader refuses it.
  ///
  /// - Throws: `Broken` if it takes the input and what must hold then does not.
  let tries: @Sendable ([UInt8]) throws -> Bool

  init(
    _ name: String, words: [String] = [], repair: @escaping @Sendable (inout [UInt8]) -> Void = { _ in },
    seeds: @escaping @Sendable () throws -> [[UInt8]], tries: @escaping @Sendable ([UInt8]) throws -> Bool
  ) {
    (self.name, self.words, self.repair, self.seeds, self.tries) = (name, words, repair, seeds, tries)
  }

  var testDescription: String { name }

  static let all =
    [tar, references] + imageDocuments + [runtimeSpecs] + wireRequests + [clientJSON] + databaseRows
    + [monitorRequests, monitorReplies, launchRecords, exitRecords, logRecords, logSegments, httpRequests]
}

/// Something that must hold of an input does not.
struct Broken: Error, CustomStringConvertible {
  let description: String
}

/// Throws when `holds` does not, with both values.
func same<Value: Equatable>(_ left: Value, _ right: Value, _ what: String) throws {
  if left != right { throw Broken(description: "\(what): \(left) is not \(right)") }
}

/// Throws when `holds` is false.
func hold(_ holds: Bool, _ what: @autoclosure () -> String) throws {
  if !holds { throw Broken(description: what()) }
}
