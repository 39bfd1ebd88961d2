/// The body of `POST /containers/{id}/exec`.
package struct ExecCreateRequest: WireStruct {
  package var user = ""
  package var privileged = false
  package var tty = false
  package var consoleSize: [Int]?
  package var attachStdin = false
  package var attachStderr = false
  package var attachStdout = false
  package var detach = false
  package var detachKeys = ""
  package var env: [String]?
  package var workingDir = ""
  package var cmd: CommandWords?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ExecCreateRequest>] = [
    WireField("User", \.user),
    WireField("Privileged", \.privileged),
    WireField("Tty", \.tty),
    WireField("ConsoleSize", \.consoleSize, .omitEmpty),
    WireField("AttachStdin", \.attachStdin),
    WireField("AttachStderr", \.attachStderr),
    WireField("AttachStdout", \.attachStdout),
    WireField("Detach", \.detach),
    WireField("DetachKeys", \.detachKeys),
    WireField("Env", \.env),
    WireField("WorkingDir", \.workingDir),
    WireField("Cmd", \.cmd),
  ]
}

/// The answer to `POST /containers/{id}/exec`.
package struct ExecCreateResponse: WireStruct {
  package var id = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ExecCreateResponse>] = [
    WireField("Id", \.id)
  ]
}

/// The body of `POST /exec/{id}/start`.
package struct ExecStartRequest: WireStruct {
  package var detach = false
  package var tty = false
  package var consoleSize: [Int]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ExecStartRequest>] = [
    WireField("Detach", \.detach),
    WireField("Tty", \.tty),
    WireField("ConsoleSize", \.consoleSize, .omitEmpty),
  ]
}

/// The answer to `GET /exec/{id}/json`.
package struct ExecInspect: WireStruct {
  package var id = ""
  package var running = false
  package var exitCode: Int?
  package var processConfig = ExecProcess()
  package var openStdin = false
  package var openStderr = false
  package var openStdout = false
  package var canRemove = false
  package var containerID = ""
  package var detachKeys = ""
  package var pid = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ExecInspect>] = [
    WireField("ID", \.id),
    WireField("Running", \.running),
    WireField("ExitCode", \.exitCode),
    WireField("ProcessConfig", \.processConfig),
    WireField("OpenStdin", \.openStdin),
    WireField("OpenStderr", \.openStderr),
    WireField("OpenStdout", \.openStdout),
    WireField("CanRemove", \.canRemove),
    WireField("ContainerID", \.containerID),
    WireField("DetachKeys", \.detachKeys),
    WireField("Pid", \.pid),
  ]
}

/// The process of an exec.
package struct ExecProcess: WireStruct {
  package var tty = false
  package var entrypoint = ""
  package var arguments: [String]?
  package var privileged: Bool?
  package var user = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ExecProcess>] = [
    WireField("tty", \.tty),
    WireField("entrypoint", \.entrypoint),
    WireField("arguments", \.arguments),
    WireField("privileged", \.privileged, .omitEmpty),
    WireField("user", \.user, .omitEmpty),
  ]
}
