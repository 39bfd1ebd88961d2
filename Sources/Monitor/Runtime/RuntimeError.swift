/// Why a container could not be made, entered or controlled.
///
/// The text is complete: what happened, to what, and why. `kind` is what callers decide by.
package struct RuntimeError: Error, Equatable, CustomStringConvertible {
  /// What callers tell apart.
  package enum Kind: UInt8, Sendable {
    /// The bundle, the spec or an argument is wrong.
    case invalid = 1
    /// The spec asks for something that is not honoured; refused rather than ignored.
    case unsupported = 2
    /// The program is not there: Docker's exit code 127.
    case commandNotFound = 3
    /// The program cannot be executed: Docker's exit code 126.
    case notExecutable = 4
    /// There is no such container.
    case notFound = 5
    /// The container is in a state that does not allow it, or the id is taken.
    case conflict = 6
    /// The kernel refused.
    case system = 7
  }

  /// Which of them it is.
  package let kind: Kind
  package let description: String

  /// Creates it; `description` follows the house's rules for error texts.
  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }
}

/// Says what we were doing when `body` failed. A `RuntimeError` is complete already and passes as it is.
package func during<Result, Failure: Error>(
  _ action: @autoclosure () -> String, _ body: () throws(Failure) -> Result
) throws(RuntimeError) -> Result {
  do { return try body() } catch let error as RuntimeError { throw error } catch {
    throw RuntimeError(.system, "cannot \(action()): \(error)")
  }
}
