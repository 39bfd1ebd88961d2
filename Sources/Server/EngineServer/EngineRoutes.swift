package import Engine
package import HTTPServer

/// Docker's API over an engine: every route there is, as data.
package enum EngineRoutes {
  /// The whole table.
  package static func all(_ engine: Engine) -> [Route] {
    SystemRoutes(engine: engine).table + ImageRoutes(engine: engine).table + VolumeRoutes(engine: engine).table
      + ContainerRoutes(engine: engine).table
      + ExecRoutes(engine: engine).table
  }
}
