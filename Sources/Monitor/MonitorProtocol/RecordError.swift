/// Why a record cannot be read or written.
package struct RecordError: Error, Equatable, CustomStringConvertible {
  /// Where, as the documents name it: `spec.process.args`. Empty is the record itself.
  package let member: String
  package let reason: Reason

  /// What is wrong there.
  package enum Reason: Equatable, Sendable {
    /// The bytes end inside a tag, a length or the value that the length announced.
    case truncated
    /// A value of fixed size has another one.
    case wrongSize(Int, expected: Int)
    case notUTF8
    /// The kernel would take the text to end there.
    case containsNUL
    /// A number or word that stands for nothing here.
    case unknownValue(String)
    /// A choice has none of its alternatives that we know, or several.
    case notOneAlternative
    /// A member without default is not there.
    case missing
    /// A member that can be there once is there again.
    case repeated
    /// More elements than this are refused.
    case tooMany(max: Int)
    /// More bytes than a length can say.
    case tooLong
    /// The value has something that no record can carry.
    case unsupported
  }

  init(_ reason: Reason, at member: String = "") {
    self.member = member
    self.reason = reason
  }

  /// The same error seen from the structure around it.
  func inside(_ outer: String) -> RecordError {
    RecordError(reason, at: member.isEmpty ? outer : "\(outer).\(member)")
  }

  package var description: String {
    let what =
      switch reason {
      case .truncated: "ends too early"
      case .wrongSize(let size, let expected): "has \(size) bytes instead of \(expected)"
      case .notUTF8: "is not UTF-8"
      case .containsNUL: "contains a NUL byte"
      case .unknownValue(let value): "has the unknown value \"\(value)\""
      case .notOneAlternative: "is not exactly one of its alternatives"
      case .missing: "is missing"
      case .repeated: "is there twice"
      case .tooMany(let max): "has more than \(max) elements"
      case .tooLong: "is too long"
      case .unsupported: "is not supported yet"
      }
    return member.isEmpty ? "the record \(what)" : "\(member) \(what)"
  }
}
