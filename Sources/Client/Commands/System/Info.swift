import EngineClient

/// `skiff info`: shows what the engine is, has and can.
struct Info: Command {
  var arguments: [String] = []
  private var format = ""

  static let usage = Usage(line: "[OPTIONS]", summary: "Show what the engine is, has and can", count: .exactly(0))

  static var flags: [Flag<Info>] { [.documentFormat(\.format)] }

  func run(_ session: Session) throws -> Int32 {
    let format = try DocumentFormat(format)
    let answer = try session.engine.call(EngineRequest("GET", "/info"))
    let client = JSONValue.object([
      .init("Version", .string(SkiffProgram.version)), .init("Context", .string("default")),
      .init("Debug", .bool(false)),
      .init("Os", .string("linux")), .init("Arch", .string(VersionCommand.architecture)),
    ])
    let document = JSONValue.object(answer.members + [.init("ClientInfo", client)])
    if let line = try format.line(document) {
      try session.output.print(line)
      return 0
    }
    try session.output.print(
      "Client:\n Version:    \(SkiffProgram.version)\n Context:    default\n Debug Mode: false\n\nServer:")
    for line in Self.lines(answer) { try session.output.print(" " + line) }
    try session.output.print("")
    for warning in answer["Warnings"].strings { session.complain(warning) }
    return 0
  }

  /// The lines of the engine, indented by one space less than they are printed with.
  private static func lines(_ info: JSONValue) -> [String] {
    counts(info) + abilities(info) + machine(info) + rest(info)
  }

  private static func counts(_ info: JSONValue) -> [String] {
    var lines = [
      "Containers: \(info["Containers"].integer)", " Running: \(info["ContainersRunning"].integer)",
      " Paused: \(info["ContainersPaused"].integer)", " Stopped: \(info["ContainersStopped"].integer)",
      "Images: \(info["Images"].integer)",
    ]
    lines += named("Server Version", info["ServerVersion"]) + named("Storage Driver", info["Driver"])
    for pair in info["DriverStatus"].elements.map(\.strings) where pair.count == 2 {
      lines.append(" \(pair[0]): \(pair[1])")
    }
    return lines
  }

  private static func abilities(_ info: JSONValue) -> [String] {
    var lines =
      named("Logging Driver", info["LoggingDriver"]) + named("Cgroup Driver", info["CgroupDriver"])
      + named("Cgroup Version", info["CgroupVersion"])
    let plugins = ["Volume", "Network", "Authorization", "Log"].map { ($0, info["Plugins"][$0].strings) }
    if plugins.contains(where: { !$0.1.isEmpty }) {
      lines.append("Plugins:")
      for plugin in plugins where !plugin.1.isEmpty {
        lines.append(" \(plugin.0): \(plugin.1.joined(separator: " "))")
      }
    }
    let directories = info["CDISpecDirs"].strings
    if !directories.isEmpty { lines += ["CDI spec directories:"] + directories.map { " \($0)" } }
    lines += named("Swarm", info["Swarm"]["LocalNodeState"])
    let runtimes = info["Runtimes"].members.map(\.name).sorted()
    if !runtimes.isEmpty { lines.append("Runtimes: \(runtimes.joined(separator: " "))") }
    lines += named("Default Runtime", info["DefaultRuntime"]) + named("Init Binary", info["InitBinary"])
    for (name, key) in [("containerd", "ContainerdCommit"), ("runc", "RuncCommit"), ("init", "InitCommit")] {
      if !info[key].isNull { lines.append("\(name) version: \(info[key]["ID"].text)") }
    }
    return lines + securityOptions(info)
  }

  /// `name=seccomp,profile=builtin`: the name, and what belongs to it below.
  private static func securityOptions(_ info: JSONValue) -> [String] {
    let options = info["SecurityOptions"].strings
    if options.isEmpty { return [] }
    var lines = ["Security Options:"]
    for option in options {
      for part in option.split(separator: ",") {
        let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2 else { continue }
        let name = pair[0].prefix(1).uppercased() + pair[0].dropFirst()
        lines.append(pair[0] == "name" ? " \(pair[1])" : "  \(name): \(pair[1])")
      }
    }
    return lines
  }

  private static func machine(_ info: JSONValue) -> [String] {
    named("Kernel Version", info["KernelVersion"]) + named("Operating System", info["OperatingSystem"])
      + named("OSType", info["OSType"]) + named("Architecture", info["Architecture"])
      + [
        "CPUs: \(info["NCPU"].integer)", "Total Memory: \(Sizes.binary(info["MemTotal"].real))",
      ]
      + named("Name", info["Name"]) + named("ID", info["ID"])
      + ["Docker Root Dir: \(info["DockerRootDir"].text)", "Debug Mode: \(info["Debug"].isTrue)"]
  }

  private static func rest(_ info: JSONValue) -> [String] {
    var lines = named("HTTP Proxy", info["HttpProxy"]) + named("HTTPS Proxy", info["HttpsProxy"])
    lines += named("No Proxy", info["NoProxy"])
    let labels = info["Labels"].strings
    if !labels.isEmpty { lines += ["Labels:"] + labels.map { " \($0)" } }
    lines.append("Experimental: \(info["ExperimentalBuild"].isTrue)")
    let registries = info["RegistryConfig"]
    let insecure =
      registries["IndexConfigs"].members.filter { $0.value["Secure"] == .bool(false) }.map(\.name).sorted()
      + registries["InsecureRegistryCIDRs"].strings
    if !insecure.isEmpty { lines += ["Insecure Registries:"] + insecure.map { " \($0)" } }
    let mirrors = registries["Mirrors"].strings
    if !mirrors.isEmpty { lines += ["Registry Mirrors:"] + mirrors.map { " \($0)" } }
    lines.append("Live Restore Enabled: \(info["LiveRestoreEnabled"].isTrue)")
    return lines
  }

  private static func named(_ name: String, _ value: JSONValue) -> [String] {
    value.text.isEmpty ? [] : ["\(name): \(value.text)"]
  }
}
