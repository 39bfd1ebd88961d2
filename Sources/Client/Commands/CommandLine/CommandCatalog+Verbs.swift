extension CommandCatalog {
  /// A container's verbs stand at the top as well, an image's under the names that they have had there for ever.
  static var verbs: [Verb] { containerVerbs + imageVerbs + volumeVerbs + systemVerbs }

  private static var containerVerbs: [Verb] {
    both("ps", PS.self, also: ["container ls", "container ps", "container list"])
      + both("stop", Stop.self) + both("kill", Kill.self) + both("restart", Restart.self)
      + both("create", Create.self) + both("run", Run.self) + both("start", Start.self) + both("attach", Attach.self)
      + both("top", Top.self) + both("cp", Copy.self) + both("stats", Statistics.self)
      + both("exec", Exec.self) + both("logs", Logs.self)
      + both("pause", Pause.self) + both("unpause", Unpause.self) + both("rename", Rename.self)
      + both("wait", Wait.self) + both("rm", Remove.self, also: ["container rm", "container remove"])
      + [Verb("container prune", ContainerPrune.self), Verb("container inspect", ContainerInspect.self)]
  }

  private static var imageVerbs: [Verb] {
    both("images", Images.self, also: ["image ls", "image list"])
      + both("rmi", RemoveImage.self, also: ["image rm", "image rmi", "image remove"])
      + both("load", Load.self, also: ["image load"]) + both("save", Save.self, also: ["image save"])
      + both("import", ImportCommand.self, also: ["image import"])
      + both("history", History.self, also: ["image history"]) + both("tag", Tag.self, also: ["image tag"])
      + [Verb("image prune", ImagePrune.self), Verb("image inspect", ImageInspect.self)]
  }

  private static var volumeVerbs: [Verb] {
    [
      Verb("volume create", VolumeCreate.self), Verb("volume inspect", VolumeInspect.self),
      Verb("volume prune", VolumePrune.self),
    ]
      + both("volume ls", VolumeList.self, also: ["volume list"])
      + both("volume rm", VolumeRemove.self, also: ["volume remove"])
  }

  private static var systemVerbs: [Verb] {
    [
      Verb("inspect", Inspect.self), Verb("version", VersionCommand.self), Verb("system prune", SystemPrune.self),
      Verb("system df", DiskUsage.self), Verb("daemon status", DaemonStatus.self),
      Verb("daemon start", DaemonStart.self), Verb("daemon stop", DaemonStop.self),
    ]
      + both("info", Info.self, also: ["system info"]) + both("events", Events.self, also: ["system events"])
  }

  /// A verb under its name and under others; by default `container NAME`.
  private static func both<Spoken: Command>(_ path: String, _ command: Spoken.Type, also: [String]? = nil) -> [Verb] {
    let others = also ?? ["container \(path)"]
    return [Verb(path, command)]
      + others.enumerated().map { Verb($1, command, isAlias: $0 > 0 || group(of: $1) == group(of: path)) }
  }

  private static func group(of path: String) -> Substring? {
    path.contains(" ") ? path.split(separator: " ").first : nil
  }
}
