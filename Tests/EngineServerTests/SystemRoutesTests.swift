import Engine
import Testing

@Suite struct SystemRoutesTests {
  @Test("version: the stock docker command talks to the engine and names it")
  func version() async throws {
    try await Fixture.with { fixture async throws in
      let output = try await fixture.docker(
        "version --format '{{.Server.Platform.Name}} {{.Server.APIVersion}} {{.Server.Os}}'")
      #expect(output == "Skiff 1.51 linux\n")
    }
  }

  @Test("info: the data root, the counts and the drivers are the engine's own")
  func info() async throws {
    try await Fixture.with { fixture async throws in
      let output = try await fixture.docker(
        "info --format '{{.DockerRootDir}} {{.Images}} {{.Containers}} {{.Driver}} {{.LoggingDriver}} {{.DefaultRuntime}} {{.ID}}'"
      )
      #expect(output == "\(fixture.directory)/data 0 0 overlay json-file skiff \(fixture.engine.instance.uuid)\n")
    }
  }

  @Test("ping: GET and HEAD answer with the version, without a prefix")
  func ping() async throws {
    try await Fixture.with { fixture async throws in
      #expect(try await fixture.request("GET", "/_ping") == "OK200")
      let head = try await fixture.shell(
        "curl -s -I --unix-socket s http://d/_ping | tr -d '\\r' | grep -i '^api-version'")
      #expect(head == "Api-Version: 1.51\n")
    }
  }

  @Test("what is not there yet is refused by name, with what to do instead")
  func refusals() async throws {
    try await Fixture.with { fixture async throws in
      #expect(
        try await fixture.docker("pull busybox") == """
          Using default tag: latest
          Error response from daemon: cannot pull "docker.io/library/busybox": pulling images is not supported yet
          hint: load it from an archive with `docker load`
          [status 1]
          """)
      #expect(
        try await fixture.request("POST", "/v1.51/auth", body: "{}") == """
          {"message":"logging in to registries is not supported yet"}
          501
          """)
      #expect(
        try await fixture.request("GET", "/v1.51/nothing") == """
          {"message":"page not found"}
          404
          """)
    }
  }

  @Test("events: what happened is told in order, in Docker's fields, to who asks later")
  func events() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.docker("volume create data")
      _ = try await fixture.docker("volume rm data")
      let output = try await fixture.docker(
        "events --since 1 --until $(($(date +%s) + 1)) --format '{{.Type}} {{.Action}} {{.Actor.ID}} {{.Actor.Attributes.driver}}'"
      )
      #expect(output == "volume create data local\nvolume destroy data local\n")
      let filtered = try await fixture.docker(
        "events --since 1 --until $(($(date +%s) + 1)) --filter event=destroy --format '{{.Action}}'")
      #expect(filtered == "destroy\n")
    }
  }

  @Test("events: a listener hears of what happens while it listens, and ends at --until")
  func eventsFollow() async throws {
    try await Fixture.with { fixture async throws in
      let output = try await fixture.shell(
        """
        mkfifo ready; curl -sN --unix-socket s "http://d/events?until=$(($(date +%s) + 15))" > told & 
        until docker info --format '{{.NEventsListener}}' | grep -q 1; do :; done
        docker volume create data; wait; grep -c '"Action":"create","Actor":{"ID":"data"' told
        """)
      #expect(output == "data\n1\n")
    }
  }

  @Test("system df: images and volumes are counted with their bytes")
  func diskUsage() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("one:1")
      _ = try await fixture.docker("volume create data")
      let output = try await fixture.docker("system df --format '{{.Type}} {{.TotalCount}} {{.Size}}'")
      #expect(output == "Images 1 6B\nContainers 0 0B\nLocal Volumes 1 0B\nBuild Cache 0 0B\n")
    }
  }
}
