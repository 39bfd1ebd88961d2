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
    case .restart: action = "restart"
    case .stop: action = "stop"
    case .pause: action = "pause"
    case .unpause: action = "unpause"
    case .outOfMemory: action = "oom"
    case .destroy: action = "destroy"
    case .top: action = "top"
    case .health(let status): action = "health_status: \(status.rawValue)"
    case .exec(let exec):
      action = exec.action
      attributes["execID"] = exec.id
      if case .died(let code) = exec.step { attributes["exitCode"] = "\(code)" }
    case .kill(let signal):
      action = "kill"
      attributes["signal"] = "\(signal)"
    case .resize(let rows, let columns):
      action = "resize"
      (attributes["height"], attributes["width"]) = ("\(rows)", "\(columns)")
    case .rename(let oldName):
      action = "rename"
      // Docker keeps the slash here, and not in `name`.
      attributes["oldName"] = "/\(oldName)"
    case .die(let code):
      action = "die"
      attributes["exitCode"] = "\(code)"
      attributes["execDuration"] = "\(news.life.components.seconds)"
    }
    self.init(.container, action, id: news.spec.id, attributes: attributes, time: news.time.nanoseconds)
  }
}
