import DockerWire
import Engine
import LaunchPlan
import Testing

@testable import EngineServer

/// What a create request asks for and the engine does not do is refused by name, and never ignored.
@Suite struct CreateRefusalTests {
  @Test(
    "create: a member that is not honoured is refused by its name",
    arguments: [
      (#""MacAddress":"02:42:ac:11:00:02""#, "MacAddress"), (#""OnBuild":["RUN x"]"#, "OnBuild"),
      (#""ArgsEscaped":true"#, "ArgsEscaped"),
      (#""HostConfig":{"PortBindings":{"80/tcp":[{"HostPort":"80"}]}}"#, "HostConfig.PortBindings"),
      (#""HostConfig":{"PublishAllPorts":true}"#, "HostConfig.PublishAllPorts"),
      (#""HostConfig":{"VolumeDriver":"nfs"}"#, "HostConfig.VolumeDriver"),
      (#""HostConfig":{"UsernsMode":"x"}"#, "HostConfig.UsernsMode"),
      (#""HostConfig":{"Cgroup":"x"}"#, "HostConfig.Cgroup"), (#""HostConfig":{"Links":["a:b"]}"#, "HostConfig.Links"),
      (#""HostConfig":{"StorageOpt":{"size":"1g"}}"#, "HostConfig.StorageOpt"),
      (#""HostConfig":{"DeviceRequests":[{"Count":1}]}"#, "HostConfig.DeviceRequests"),
      (#""HostConfig":{"KernelMemory":1}"#, "HostConfig.KernelMemory"),
      (#""HostConfig":{"KernelMemoryTCP":1}"#, "HostConfig.KernelMemoryTCP"),
      (#""HostConfig":{"CpuCount":1}"#, "HostConfig.CpuCount"),
      (#""HostConfig":{"CpuPercent":1}"#, "HostConfig.CpuPercent"),
      (#""HostConfig":{"CgroupParent":"a.slice"}"#, "HostConfig.CgroupParent \"a.slice\""),
      (#""HostConfig":{"NetworkMode":"web"}"#, "network \"web\""),
      (#""HostConfig":{"LogConfig":{"Type":"syslog"}}"#, "log driver \"syslog\""),
      (#""HostConfig":{"Mounts":[{"Type":"image","Source":"a","Target":"/m"}]}"#, "mount type \"image\""),
      (#""HostConfig":{"SecurityOpt":["apparmor=docker-default"]}"#, "--security-opt apparmor=docker-default"),
      (#""HostConfig":{"SecurityOpt":["label=type:x"]}"#, "--security-opt label=type:x"),
      (
        #""NetworkingConfig":{"EndpointsConfig":{"none":{"Aliases":["a"]}}}"#,
        "NetworkingConfig.EndpointsConfig.none.Aliases"
      ),
    ])
  func unhonoured(members: String, name: String) throws {
    #expect(try refusal(of: members) == "\(name) is not supported yet")
  }

  @Test(
    "create: what Linux does not have is refused in Docker's words",
    arguments: [
      (#""HostConfig":{"Isolation":"hyperv"}"#, "invalid isolation (hyperv): linux only supports 'default'"),
      (
        #""HostConfig":{"IOMaximumIOps":3}"#,
        "invalid option: QoS maximum IOPs configuration is not supported on linux"
      ),
      (
        #""HostConfig":{"IOMaximumBandwidth":3}"#,
        "invalid option: QoS maximum bandwidth configuration is not supported on linux"
      ),
      (#""HostConfig":{"SecurityOpt":["foo"]}"#, "invalid --security-opt 1: \"foo\""),
      (#""HostConfig":{"UTSMode":"x"}"#, "invalid UTS mode: x"),
      (#""HostConfig":{"CgroupnsMode":"x"}"#, "invalid cgroup namespace mode: x"),
      (#""HostConfig":{"PidMode":"container:"}"#, "invalid PID mode: container:"),
      (#""StopSignal":"NOPE""#, "invalid signal: NOPE"),
      (
        #""HostConfig":{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":-1}}"#,
        "invalid restart policy: maximum retry count cannot be negative"
      ),
      (
        #""HostConfig":{"Mounts":[{"Type":"volume","Target":"/m","VolumeOptions":{"Subpath":"a"}}]}"#,
        "invalid mount config for type \"volume\": must not set Subpath when using anonymous volumes"
      ),
      (
        #""HostConfig":{"Mounts":[{"Type":"tmpfs","Target":"/m","TmpfsOptions":{"Options":[["uid","5"]]}}]}"#,
        "invalid mount config for type \"tmpfs\": invalid option: uid"
      ),
    ])
  func invalid(members: String, text: String) throws { #expect(try refusal(of: members) == text) }

  @Test("create: Docker's default values ask for nothing")
  func defaults() throws {
    let members = #"""
      "HostConfig":{"VolumeDriver":"local","UsernsMode":"host","Isolation":"default","PortBindings":{},"Links":null,
      "CpuCount":0,"KernelMemory":0,"ConsoleSize":[0,0],"MemorySwappiness":-1,"OomKillDisable":false,"PidsLimit":0},
      "Healthcheck":{"Test":["NONE"]},"NetworkingConfig":{"EndpointsConfig":{"none":{"Aliases":null}}}
      """#
    #expect(try refusal(of: members) == nil)
  }

  /// Why a request with `members` is refused; nil if it is not.
  private func refusal(of members: String) throws -> String? {
    let request = try ContainerCreateRequest.decode(Array("{\"Image\":\"busybox\",\(members)}".utf8))
    #expect(request.unknown == [])
    do { _ = try ContainerSpec(request.value, name: "web") } catch { return error.message }
    return nil
  }
}
