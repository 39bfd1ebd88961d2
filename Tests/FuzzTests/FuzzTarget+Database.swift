import Engine
import LaunchPlan
import OCI

extension FuzzTarget {
  /// What the database keeps as JSON: a disk may have changed it, or an older or newer daemon.
  static let databaseRows = [
    json("row-spec", ContainerSpec.self) {
      var program = ProgramSpec()
      program.command = ["true"]
      var spec = ContainerSpec(
        id: String(repeating: "0a", count: 32), name: "plain", image: .init(reference: "busybox", id: "sha256:0"),
        program: try program.merging(ImageConfig.Execution(env: ["A=b"], labels: ["a": "b"])))
      spec.mounts = [
        MountSpec("/a", .bind(.init(source: "/b")), isReadOnly: true, origin: .volumeFlag(mode: "ro")),
        MountSpec("/v", .volume(.init(name: "v", isAnonymous: true)), origin: .container(id: "7dbbba22aa87")),
      ]
      spec.lifecycle.restart = .onFailure(maximumRetries: 3)
      spec.resources.ulimits = [.init(.openFiles, soft: 1, hard: -1)]
      return [try BoundedJSON.encode(spec)]
    },
    json("row-machine", ContainerStateMachine.self) {
      var machine = ContainerStateMachine(restartPolicy: .always, removesItself: false)
      let created = try BoundedJSON.encode(machine)
      _ = try machine.handle(.start(launch: String(repeating: "1", count: 32)))
      let starting = try BoundedJSON.encode(machine)
      return [created, starting]
    },
  ]
}
