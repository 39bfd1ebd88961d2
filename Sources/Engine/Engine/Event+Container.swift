import LaunchPlan

extension Event {
  /// What happened to a container, in Docker's words.
  init(_ news: ContainerNews) {
    var attributes = news.spec.program.labels
    attributes["image"] = news.spec.image.reference
    attributes["name"] = news.spec.name
    let action: String
    switch news.event {
    case .create: action = "create"
    case .start: action = "start"
    case .pause: action = "pause"
    case .unpause: action = "unpause"
    case .outOfMemory: action = "oom"
    case .destroy: action = "destroy"
    case .top: action = "top"
    case .exec(let exec):
      action = exec.action
      attributes["execID"] = exec.id
      if case .died(let code) = exec.step { attributes["exitCode"] = "\(code)" }
    case .die(let code):
      action = "die"
      attributes["exitCode"] = "\(code)"
    }
    self.init(.container, action, id: news.spec.id, attributes: attributes, time: news.time.nanoseconds)
  }
}
