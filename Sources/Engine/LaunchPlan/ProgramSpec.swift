package import OCI

/// What runs in a container, and the other things that an image can say for a container that does not.
///
/// One type serves a create request, where what is empty was not said, and the definition that comes of it.
package struct ProgramSpec: Codable, Equatable, Sendable {
  /// nil was not said; the empty list takes the image's away.
  package var entrypoint: [String]?
  package var command: [String]?
  /// `NAME=value`; a name alone takes a default away.
  package var environment: [String] = []
  /// Docker's `user[:group]`, resolved in the container's own files at each launch.
  package var user = ""
  /// Absolute and clean; empty is `/`.
  package var workingDirectory = ""
  package var labels: [String: String] = [:]
  /// As `80/tcp`, sorted.
  package var exposedPorts: [String] = []
  /// Where anonymous volumes go, sorted.
  package var volumes: [String] = []
  /// A name or a number; empty is SIGTERM.
  package var stopSignal = ""
  package var healthcheck: Healthcheck?
  /// What runs a healthcheck that is for a shell; nil is `/bin/sh -c`. Docker does not take the image's.
  package var shell: [String]?

  /// Creates one that says nothing.
  package init() {}

  /// The program and its arguments.
  package var arguments: [String] { (entrypoint ?? []) + (command ?? []) }
}

/// How a container's health is tested. Times are nanoseconds, 0 where nothing was said.
package struct Healthcheck: Codable, Equatable, Sendable {
  package var test = Test.inherited
  package var intervalNanoseconds: Int64 = 0
  package var timeoutNanoseconds: Int64 = 0
  package var startPeriodNanoseconds: Int64 = 0
  package var startIntervalNanoseconds: Int64 = 0
  package var retries = 0

  /// Creates one that says nothing.
  package init() {}

  /// What is run.
  package enum Test: Codable, Equatable, Sendable {
    /// Nothing was said.
    case inherited
    /// There is none, whatever the image says.
    case disabled
    /// A program and its arguments.
    case command([String])
    /// A command for the image's shell.
    case shell(String)
  }

  /// Reads an image's or a request's, in Docker's words.
  ///
  /// - Throws: `invalid` for a test that is neither `NONE`, `CMD` nor `CMD-SHELL`.
  package init(_ words: ImageConfig.Healthcheck) throws(LaunchPlanError) {
    test = try Test(words.test)
    intervalNanoseconds = words.interval ?? 0
    timeoutNanoseconds = words.timeout ?? 0
    startPeriodNanoseconds = words.startPeriod ?? 0
    startIntervalNanoseconds = words.startInterval ?? 0
    retries = words.retries ?? 0
  }
}

extension Healthcheck.Test {
  /// Reads Docker's list: `["CMD", …]`, `["CMD-SHELL", command]`, `["NONE"]`; empty inherits.
  package init(_ words: [String]) throws(LaunchPlanError) {
    switch words.first {
    case nil: self = .inherited
    case "NONE": self = .disabled
    case "CMD": self = .command(Array(words.dropFirst()))
    case "CMD-SHELL": self = .shell(words.dropFirst().joined(separator: " "))
    case let kind?: throw .invalid("Unknown healthcheck type '\(kind)' (expected 'CMD')")
    }
  }

  /// Docker's list.
  package var words: [String] {
    switch self {
    case .inherited: []
    case .disabled: ["NONE"]
    case .command(let arguments): ["CMD"] + arguments
    case .shell(let command): ["CMD-SHELL", command]
    }
  }
}
