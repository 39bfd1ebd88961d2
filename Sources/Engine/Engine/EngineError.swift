/// Why the engine did not do what it was asked: one of a closed set of codes, and words for the user.
///
/// The code decides the HTTP status and a command's exit code. Texts that Docker's clients match are Docker's.
package struct EngineError: Error, Equatable, Sendable {
  package let code: Code
  /// What happened, to what, and why.
  package let message: String
  /// What to do about it, if that can be said.
  package let hint: String?

  /// The reasons that callers tell apart.
  package enum Code: Sendable, CaseIterable {
    /// What was named is not there.
    case notFound
    /// Something stands in the way: a name that is taken, a volume in use.
    case conflict
    /// The request makes no sense, now and later.
    case invalid
    /// The request makes sense, and this engine does not do it.
    case unsupported
    /// It is so already; nothing happened.
    case notModified
    /// Space, memory or another resource is used up.
    case exhausted
    /// The caller may not.
    case forbidden
    /// Not now: the engine is ending, or has too much to do.
    case unavailable
    /// Anything that neither caller nor engine expected.
    case internalError
  }

  /// Says what went wrong.
  package init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}

extension EngineError: CustomStringConvertible {
  /// The message, and the hint on a line of its own.
  package var description: String { hint.map { "\(message)\nhint: \($0)" } ?? message }
}
