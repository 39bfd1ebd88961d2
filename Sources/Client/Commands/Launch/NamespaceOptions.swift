/// What the container shares with the host or with another container.
struct NamespaceOptions {
  var pid = ""
  var ipc = ""
  var uts = ""
  var user = ""
  var cgroup = ""
  var cgroupParent = ""
  var runtime = ""
  var isolation = ""
  var wantsInit: Bool?

  static var flags: [Flag<NamespaceOptions>] {
    [
      .text("cgroup-parent", nil, \.cgroupParent, "Cgroup above the container's"),
      .text("cgroupns", nil, \.cgroup, "Cgroup namespace: host or private"),
      Flag(name: "init", short: nil, valueName: nil, help: "Run an init that reaps processes and passes signals on") {
        (options, text) throws(FlagValueError) in options.wantsInit = try parseBool(text)
      },
      .text("ipc", nil, \.ipc, "IPC namespace: none, private, shareable, host or container:NAME"),
      .text("isolation", nil, \.isolation, "Isolation technology").hidden,
      .text("pid", nil, \.pid, "Process namespace: host or container:NAME"),
      .text("runtime", nil, \.runtime, "Runtime that starts the container"),
      .text("userns", nil, \.user, "User namespace: host"),
      .text("uts", nil, \.uts, "Namespace of host names: host"),
    ]
  }

  /// Refuses namespaces that do not exist. What `--ipc` means, the engine knows.
  func check() throws {
    let other = pid.hasPrefix("container:") && pid.count > "container:".count
    guard ["", "host"].contains(pid) || other else { throw LaunchProblem("--pid: invalid PID mode") }
    guard ["", "host"].contains(uts) else { throw LaunchProblem("--uts: invalid UTS mode") }
    guard ["", "host"].contains(user) else { throw LaunchProblem("--userns: invalid USER mode") }
    guard ["", "host", "private"].contains(cgroup) else { throw LaunchProblem("--cgroupns: invalid CGROUP mode") }
  }
}
