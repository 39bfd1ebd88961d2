import LaunchPlan
import OCI
import Testing

@Suite("stored form")
struct StoredFormTests {
  @Test("a definition comes back from its stored form as it was")
  func roundTrip() throws {
    var spec = try Fixture().spec
    spec.mounts = [
      MountSpec("/a", .bind(.init(source: "/b")), isReadOnly: true, origin: .volumeFlag(mode: "")),
      MountSpec("/v", .volume(.init(name: "v", isAnonymous: true)), origin: .container(id: "7dbbba22aa87")),
      MountSpec("/t", .tmpfs(.init()), origin: .tmpfsFlag),
    ]
    spec.network.mode = .container(id: "7dbbba22aa87")
    spec.namespaces.ipc = .shareable
    spec.security.seccomp = .profile(json: "{}")
    spec.lifecycle.restart = .onFailure(maximumRetries: 3)
    spec.resources.ulimits = [.init(.openFiles, soft: 1, hard: -1)]
    spec.program.healthcheck = try Healthcheck(ImageConfig.Healthcheck(test: ["CMD", "true"]))
    #expect(try BoundedJSON.decode(ContainerSpec.self, from: BoundedJSON.encode(spec)) == spec)
  }

  @Test(
    "a kernel's release is read up to its second number",
    arguments: [("6.18.44-fc-v782", "6.18"), ("6.1.0-13-amd64", "6.1"), ("7.0-rc1", "7.0"), ("4.8", "4.8")])
  func kernelVersion(release: String, version: String) {
    #expect(KernelVersion(release: release)?.description == version)
  }

  @Test("a release without two numbers is none", arguments: ["", "6", "x.y", "6.x"])
  func notAKernelVersion(release: String) {
    #expect(KernelVersion(release: release) == nil)
  }
}
