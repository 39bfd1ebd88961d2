/// What a container runs, as far as it does not depend on the host.
package struct ContainerConfig: WireStruct {
  package var hostname = ""
  package var domainName = ""
  package var user = ""
  package var attachStdin = false
  package var attachStdout = false
  package var attachStderr = false
  package var exposedPorts: WireSet?
  package var tty = false
  package var openStdin = false
  package var stdinOnce = false
  package var env: [String]?
  package var cmd: CommandWords?
  package var healthcheck: HealthConfig?
  package var argsEscaped = false
  package var image = ""
  package var volumes: WireSet?
  package var workingDir = ""
  package var entrypoint: CommandWords?
  package var networkDisabled = false
  package var macAddress = ""
  package var onBuild: [String]?
  package var labels: [String: String]?
  package var stopSignal = ""
  /// In seconds.
  package var stopTimeout: Int?
  package var shell: CommandWords?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ContainerConfig>] = [
    WireField("Hostname", \.hostname),
    WireField("Domainname", \.domainName),
    WireField("User", \.user),
    WireField("AttachStdin", \.attachStdin),
    WireField("AttachStdout", \.attachStdout),
    WireField("AttachStderr", \.attachStderr),
    WireField("ExposedPorts", \.exposedPorts, .omitEmpty),
    WireField("Tty", \.tty),
    WireField("OpenStdin", \.openStdin),
    WireField("StdinOnce", \.stdinOnce),
    WireField("Env", \.env),
    WireField("Cmd", \.cmd),
    WireField("Healthcheck", \.healthcheck, .omitEmpty),
    WireField("ArgsEscaped", \.argsEscaped, .omitEmpty),
    WireField("Image", \.image),
    WireField("Volumes", \.volumes),
    WireField("WorkingDir", \.workingDir),
    WireField("Entrypoint", \.entrypoint),
    WireField("NetworkDisabled", \.networkDisabled, .omitEmpty),
    WireField("MacAddress", \.macAddress, .omitEmpty),
    WireField("OnBuild", \.onBuild),
    WireField("Labels", \.labels),
    WireField("StopSignal", \.stopSignal, .omitEmpty),
    WireField("StopTimeout", \.stopTimeout, .omitEmpty),
    WireField("Shell", \.shell, .omitEmpty),
  ]
}

/// How a container's health is found out. Times are in nanoseconds; 0 means inherited.
package struct HealthConfig: WireStruct {
  package var test: [String]?
  package var interval = 0
  package var timeout = 0
  package var startPeriod = 0
  package var startInterval = 0
  package var retries = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<HealthConfig>] = [
    WireField("Test", \.test, .omitEmpty),
    WireField("Interval", \.interval, .omitEmpty),
    WireField("Timeout", \.timeout, .omitEmpty),
    WireField("StartPeriod", \.startPeriod, .omitEmpty),
    WireField("StartInterval", \.startInterval, .omitEmpty),
    WireField("Retries", \.retries, .omitEmpty),
  ]
}
