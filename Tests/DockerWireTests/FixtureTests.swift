import DockerWire
import FoundationEssentials
import Testing

/// Answers recorded from Docker 28.5 by `record`, and requests of the stock client.
@Suite("Docker's own JSON") struct FixtureTests {
  @Test("is read without a rest and written back with the same members, order, nulls and types", arguments: fixtures)
  func roundTrip(fixture: Fixture) throws {
    let lines = try fixture.lines()
    #expect(!lines.isEmpty)
    for line in lines {
      let (written, unknown) = try fixture.rewrite(line)
      #expect(unknown == [])
      #expect(try JSONParser.parse(written) == JSONParser.parse(line))
    }
  }

  @Test("every recorded file is one of these")
  func complete() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Fixture.directory)
    #expect(Set(files) == Set(fixtures.map(\.file) + ["record"]))
  }

  @Test(
    "is written byte by byte as the engine writes it",
    arguments: [
      "container-inspect.json", "containers-list-size.json", "info.json", "container-stats.json", "events.jsonl",
    ])
  func bytes(file: String) throws {
    let fixture = try #require(fixtures.first { $0.file == file })
    for line in try fixture.lines() { #expect(try fixture.rewrite(line).written == line + [UInt8(ascii: "\n")]) }
  }

  @Test("what the stock client sets is found by name")
  func setNames() throws {
    let plain = try request("request-container-create-plain.json")
    #expect(
      plain.setNames == [
        "AttachStdout", "AttachStderr", "Cmd", "Image", "HostConfig.NetworkMode", "HostConfig.RestartPolicy.Name",
        "HostConfig.AutoRemove", "HostConfig.ConsoleSize", "HostConfig.MemorySwappiness",
      ])
    let full = try request("request-container-create.json").setNames
    #expect(
      Set(full).isSuperset(of: ["HostConfig.Memory", "HostConfig.Init", "HostConfig.Mounts", "Healthcheck.Test"]))
  }

  private func request(_ file: String) throws -> ContainerCreateRequest {
    let fixture = try #require(fixtures.first { $0.file == file })
    return try ContainerCreateRequest.decode(try #require(try fixture.lines().first)).value
  }
}

struct Fixture: Sendable, CustomTestStringConvertible {
  let file: String
  let rewrite: @Sendable ([UInt8]) throws -> (written: [UInt8], unknown: [String])
  var testDescription: String { file }

  static let directory = "\(#filePath.dropLast("FixtureTests.swift".count))Fixtures"

  init<Value: WireValue>(_ file: String, _ type: Value.Type) {
    self.file = file
    rewrite = { line in
      let decoded = try Value.decode(line)
      return (file.hasSuffix("l") ? decoded.value.jsonLine : decoded.value.json, decoded.unknown)
    }
  }

  func lines() throws -> [[UInt8]] {
    let data = try Data(contentsOf: URL(filePath: "\(Self.directory)/\(file)"))
    return data.split(separator: UInt8(ascii: "\n")).map { Array($0) }
  }
}

private let fixtures = [
  Fixture("version.json", EngineVersion.self),
  Fixture("info.json", SystemInfo.self),
  Fixture("error.json", ErrorBody.self),
  Fixture("images-list.json", [ImageSummary].self),
  Fixture("images-list-none.json", [ImageSummary].self),
  Fixture("image-inspect.json", ImageInspect.self),
  Fixture("image-inspect-plain.json", ImageInspect.self),
  Fixture("image-history.json", [ImageHistoryItem].self),
  Fixture("image-delete.json", [ImageDeleteItem].self),
  Fixture("image-delete-untagged.json", [ImageDeleteItem].self),
  Fixture("image-load.jsonl", ProgressMessage.self),
  Fixture("image-load-failed.jsonl", ProgressMessage.self),
  Fixture("image-import.jsonl", ProgressMessage.self),
  Fixture("images-prune-none.json", ImagesPruneReport.self),
  Fixture("volume-create.json", Volume.self),
  Fixture("volume-create-plain.json", Volume.self),
  Fixture("volume-inspect.json", Volume.self),
  Fixture("volumes-list.json", VolumesList.self),
  Fixture("volumes-list-none.json", VolumesList.self),
  Fixture("volumes-prune.json", VolumesPruneReport.self),
  Fixture("volumes-prune-none.json", VolumesPruneReport.self),
  Fixture("container-create.json", ContainerCreateResponse.self),
  Fixture("container-create-plain.json", ContainerCreateResponse.self),
  Fixture("container-inspect-created.json", ContainerInspect.self),
  Fixture("container-inspect-plain.json", ContainerInspect.self),
  Fixture("container-inspect.json", ContainerInspect.self),
  Fixture("container-inspect-exited.json", ContainerInspect.self),
  Fixture("containers-list.json", [ContainerSummary].self),
  Fixture("containers-list-size.json", [ContainerSummary].self),
  Fixture("containers-list-none.json", [ContainerSummary].self),
  Fixture("container-top.json", ContainerTop.self),
  Fixture("container-stats.json", ContainerStats.self),
  Fixture("container-stats-stopped.json", ContainerStats.self),
  Fixture("container-wait.json", ContainerWait.self),
  Fixture("container-changes.json", [ContainerChange].self),
  Fixture("container-changes-none.json", [ContainerChange]?.self),
  Fixture("container-update.json", ContainerUpdateResponse.self),
  Fixture("containers-prune.json", ContainersPruneReport.self),
  Fixture("containers-prune-none.json", ContainersPruneReport.self),
  Fixture("exec-create.json", ExecCreateResponse.self),
  Fixture("exec-inspect-created.json", ExecInspect.self),
  Fixture("exec-inspect.json", ExecInspect.self),
  Fixture("events.jsonl", EventMessage.self),
  Fixture("request-container-create.json", ContainerCreateRequest.self),
  Fixture("request-container-create-plain.json", ContainerCreateRequest.self),
  Fixture("request-exec-create.json", ExecCreateRequest.self),
  Fixture("request-volume-create.json", VolumeCreateRequest.self),
]
