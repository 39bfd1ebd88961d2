/// Why a container cannot be defined or launched as asked.
package struct LaunchPlanError: Error, Equatable, CustomStringConvertible {
  package let kind: Kind
  /// Where Docker has a text for it, that one.
  package let text: String

  /// What went wrong, as the caller's error codes need it.
  package enum Kind: Sendable {
    /// The request contradicts itself or the host.
    case invalid
    /// It asks, by name, for what we do not honour.
    case unsupported
    /// Something of the host that it names is not there.
    case missing
  }

  /// Creates it from its members.
  package init(kind: Kind, text: String) {
    self.kind = kind
    self.text = text
  }

  /// What cannot be, in the words of `text`.
  package static func invalid(_ text: String) -> LaunchPlanError { LaunchPlanError(kind: .invalid, text: text) }

  /// What is not there, in the words of `text`.
  package static func missing(_ text: String) -> LaunchPlanError { LaunchPlanError(kind: .missing, text: text) }

  /// What is not honoured.
  ///
  /// - Parameter what: the flag or field, as the user would write it.
  package static func unsupported(_ what: String) -> LaunchPlanError {
    LaunchPlanError(kind: .unsupported, text: "\(what) is not supported yet")
  }

  package var description: String { text }
}
