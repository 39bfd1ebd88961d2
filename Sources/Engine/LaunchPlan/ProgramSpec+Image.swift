package import OCI

/// Docker's rules for what an image says and a request does not.
extension ProgramSpec {
  /// Fills what the request left open from `image`, and checks the result.
  ///
  /// An entrypoint of the request takes the image's command away with its entrypoint. Variables, labels, ports and
  /// volumes are united, and the request's wins; all else is taken from the image only if the request has none.
  ///
  /// - Throws: `invalid` with Docker's texts.
  package func merging(_ image: ImageConfig.Execution) throws(LaunchPlanError) -> ProgramSpec {
    var merged = self
    if merged.user.isEmpty { merged.user = image.user }
    merged.exposedPorts = Set(exposedPorts).union(image.exposedPorts.keys).sorted()
    merged.volumes = Set(volumes).union(image.volumes.keys).sorted()
    let names = Set(environment.map(Self.name))
    merged.environment += image.env.filter { !names.contains(Self.name($0)) }
    merged.labels.merge(image.labels) { own, _ in own }
    merged.takeCommand(from: image)
    if let healthcheck = image.healthcheck { try merged.takeHealthcheck(from: healthcheck) }
    if merged.workingDirectory.isEmpty { merged.workingDirectory = image.workingDir }
    if merged.stopSignal.isEmpty { merged.stopSignal = image.stopSignal }
    try merged.check()
    merged.workingDirectory = ContainerPath.clean(merged.workingDirectory)
    return merged
  }

  /// The part of a variable before its `=`.
  private static func name(_ variable: String) -> Substring {
    variable.prefix { $0 != "=" }
  }

  private mutating func takeCommand(from image: ImageConfig.Execution) {
    if (entrypoint ?? []).isEmpty {
      if (command ?? []).isEmpty, !image.cmd.isEmpty { command = image.cmd }
      if entrypoint == nil, !image.entrypoint.isEmpty { entrypoint = image.entrypoint }
    }
    // `--entrypoint ""` of the command line, whose command then stands alone.
    if entrypoint == [""] { entrypoint = nil }
  }

  private mutating func takeHealthcheck(from words: ImageConfig.Healthcheck) throws(LaunchPlanError) {
    let image = try Healthcheck(words)
    guard var own = healthcheck else {
      healthcheck = image
      return
    }
    if own.test == .inherited { own.test = image.test }
    if own.intervalNanoseconds == 0 { own.intervalNanoseconds = image.intervalNanoseconds }
    if own.timeoutNanoseconds == 0 { own.timeoutNanoseconds = image.timeoutNanoseconds }
    if own.startPeriodNanoseconds == 0 { own.startPeriodNanoseconds = image.startPeriodNanoseconds }
    if own.startIntervalNanoseconds == 0 { own.startIntervalNanoseconds = image.startIntervalNanoseconds }
    if own.retries == 0 { own.retries = image.retries }
    healthcheck = own
  }

  private func check() throws(LaunchPlanError) {
    if arguments.isEmpty { throw .invalid("no command specified") }
    for variable in environment where Self.name(variable).isEmpty {
      throw .invalid("invalid environment variable: \(variable)")
    }
    if !workingDirectory.isEmpty, !workingDirectory.hasPrefix("/") {
      throw .invalid(
        "the working directory '\(workingDirectory)' is invalid, it needs to be an absolute path")
    }
    guard let healthcheck else { return }
    for (name, time) in [
      ("Interval", healthcheck.intervalNanoseconds), ("Timeout", healthcheck.timeoutNanoseconds),
      ("StartPeriod", healthcheck.startPeriodNanoseconds), ("StartInterval", healthcheck.startIntervalNanoseconds),
    ] where time != 0 && time < Self.healthcheckNanosecondsMin {
      throw .invalid("\(name) in Healthcheck cannot be less than 1ms")
    }
    if healthcheck.retries < 0 { throw .invalid("Retries in Healthcheck cannot be negative") }
  }

  /// One millisecond.
  private static let healthcheckNanosecondsMin: Int64 = 1_000_000
}

extension ContainerSpec {
  /// Names the anonymous volumes, and adds one for each volume of the program at whose place nothing else is mounted.
  ///
  /// - Parameter newName: a name that no volume has yet; Docker's are ids.
  package mutating func addAnonymousVolumes(newName: () -> String) {
    for index in mounts.indices {
      guard case .volume(var volume) = mounts[index].kind, volume.name.isEmpty else { continue }
      volume.name = newName()
      mounts[index].kind = .volume(volume)
    }
    var taken = Set(mounts.map { ContainerPath.clean($0.destination) })
    for volume in program.volumes {
      let destination = ContainerPath.clean(volume)
      guard taken.insert(destination).inserted else { continue }
      mounts.append(
        MountSpec(destination, .volume(MountSpec.Volume(name: newName(), isAnonymous: true)), origin: .image))
    }
  }
}
