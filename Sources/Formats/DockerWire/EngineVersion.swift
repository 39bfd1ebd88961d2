/// The answer to `GET /version`.
package struct EngineVersion: WireStruct {
  package var platform = Platform()
  package var components: [Component] = []
  package var version = ""
  package var apiVersion = ""
  package var minAPIVersion = ""
  package var gitCommit = ""
  package var goVersion = ""
  package var os = ""
  package var arch = ""
  package var kernelVersion = ""
  package var experimental = false
  package var buildTime = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<EngineVersion>] = [
    WireField("Platform", \.platform),
    WireField("Components", \.components),
    WireField("Version", \.version),
    WireField("ApiVersion", \.apiVersion),
    WireField("MinAPIVersion", \.minAPIVersion),
    WireField("GitCommit", \.gitCommit),
    WireField("GoVersion", \.goVersion),
    WireField("Os", \.os),
    WireField("Arch", \.arch),
    WireField("KernelVersion", \.kernelVersion, .omitEmpty),
    WireField("Experimental", \.experimental, .omitEmpty),
    WireField("BuildTime", \.buildTime, .omitEmpty),
  ]
}

/// The product that an engine belongs to; `docker version` shows its name.
package struct Platform: WireStruct {
  package var name = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<Platform>] = [
    WireField("Name", \.name)
  ]
}

/// One program of the engine with its version.
package struct Component: WireStruct {
  package var name = ""
  package var version = ""
  package var details: [String: String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<Component>] = [
    WireField("Name", \.name),
    WireField("Version", \.version),
    WireField("Details", \.details),
  ]
}
