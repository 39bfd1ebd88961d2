import Engine
import Testing

/// Containers that never run: what is known of them, and what can be done to them, by the stock `docker`.
@Suite struct ContainerRoutesTests {
  @Test("rename: the name is another everywhere, and told")
  func rename() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("box")
      _ = try await fixture.docker("create --name old box x")
      #expect(try await fixture.docker("rename old new") == "")
      #expect(try await fixture.docker("ps -a --format {{.Names}}") == "new\n")
      #expect(try await fixture.docker("inspect -f {{.Name}} new") == "/new\n")
      #expect(try await fixture.docker("create --name old box x | wc -c") == "65\n")
      let told = try #require(fixture.engine.events.history(since: 0, until: .max).first { $0.action == "rename" })
      #expect(told.attributes["oldName"] == "/old")
      #expect(told.attributes["name"] == "new")
    }
  }

  @Test("rename: errors have Docker's status and words")
  func renameErrors() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("box")
      _ = try await fixture.docker("create --name one box x")
      let other = try await fixture.docker("create --name two box x").dropLast()
      func rename(_ name: String) async throws -> String {
        try await fixture.request("POST", "/containers/one/rename?name=\(name)")
      }
      let conflict = #"Conflict. The container name \"/two\" is already in use by container \"\#(other)\". "#
      #expect(
        try await rename("two") == """
          {"message":"Error when allocating new name: \(conflict)\
          You have to remove (or rename) that container to be able to reuse that name."}
          409
          """)
      #expect(
        try await rename("a%20b") == """
          {"message":"Error when allocating new name: Invalid container name (/a b), \
          only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"}
          400
          """)
      #expect(
        try await rename("/one") == """
          {"message":"Renaming a container with the same name as its current name"}
          400
          """)
      #expect(try await rename("") == "{\"message\":\"Neither old nor new names may be empty\"}\n400")
      #expect(
        try await fixture.request("POST", "/containers/none/rename?name=x") == """
          {"message":"No such container: none"}
          404
          """)
      #expect(try await fixture.docker("ps -a --format {{.Names}}") == "two\none\n")
    }
  }

  @Test(
    "ps: filters find what Docker's find",
    arguments: [
      ("name=web", "web2 web1"), ("name=^/web1$", "web1"), ("name=^web1$", "web1"), ("name=[(", ""),
      ("name=web --filter name=db", "db web2 web1"), ("label=tier", "db web2"), ("label=tier=back", "db"),
      ("volume=data", "db"), ("volume=/var/data", "db"), ("volume=/srv", "web1"), ("volume=/mnt", "web1"),
      ("volume=dat", ""), ("ancestor=box", "db web2 web1"), ("ancestor=box:latest", "db web2 web1"),
      ("ancestor=none", ""), ("before=db", "web2 web1"), ("since=web1", "db web2"),
      ("since=web1 --filter before=db", "web2"), ("status=created", "db web2 web1"), ("status=running", ""),
      ("expose=8080", "web2"), ("expose=8000-9000/tcp", "web2"), ("expose=8080/udp", ""), ("publish=8080", ""),
      ("network=none", "db web2 web1"), ("is-task=true", ""), ("is-task=false", "db web2 web1"), ("exited=0", ""),
      ("health=none", "db web2 web1"), ("health=healthy", ""),
    ])
  func filters(filter: String, names: String) async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("box")
      _ = try await fixture.docker("create --name web1 -v /srv:/mnt box x")
      _ = try await fixture.docker("create --name web2 --label tier=front --expose 8080 box x")
      _ = try await fixture.docker("create --name db --label tier=back -v data:/var/data box x")
      let found = try await fixture.docker(
        "ps -a --filter \(filter.replacing("[(", with: "\"[(\"")) --format {{.Names}}")
      #expect(found.split(separator: "\n").joined(separator: " ") == names)
    }
  }

  @Test("ps: an image is an ancestor by its ID too, and a container is found by the beginning of its own")
  func ids() async throws {
    try await Fixture.with { fixture async throws in
      let image = try await fixture.importImage("box").dropLast()
      let id = try await fixture.docker("create --name one box x").dropLast()
      for filter in ["ancestor=\(image)", "ancestor=\(image.dropFirst(7).prefix(12))", "id=\(id.prefix(12))"] {
        #expect(try await fixture.docker("ps -a --filter \(filter) --format {{.Names}}") == "one\n")
      }
      #expect(try await fixture.docker("ps --format {{.Names}}") == "")
      #expect(try await fixture.docker("ps -n 1 --format {{.Names}}") == "one\n")
    }
  }

  @Test(
    "ps: values that never match are refused in Docker's words",
    arguments: [
      (
        #"{"status":["x"]}"#, 400,
        "invalid filter 'status=x': invalid value for state (x): "
          + "must be one of created, running, paused, restarting, removing, exited, dead"
      ),
      (
        #"{"health":["x"]}"#, 400,
        "invalid filter 'health=x': invalid value for health (x): must be one of none, starting, healthy, unhealthy"
      ),
      (#"{"exited":["x"]}"#, 400, #"invalid filter 'exited=x': strconv.Atoi: parsing \"x\": invalid syntax"#),
      (#"{"before":["x"]}"#, 404, "No such container: x"), (#"{"foo":["x"]}"#, 400, "invalid filter 'foo'"),
      (#"{"is-task":["x"]}"#, 400, "invalid filter 'is-task=[x]'"),
      (
        #"{"publish":["x"]}"#, 500,
        #"error while looking up for publish x: strconv.ParseUint: parsing \"x\": invalid syntax"#
      ),
    ] as [(String, Int, String)])
  func filterErrors(filters: String, status: Int, message: String) async throws {
    try await Fixture.with { fixture async throws in
      let escaped = filters.replacing("\"", with: "%22").replacing("{", with: "%7B").replacing("}", with: "%7D")
        .replacing("[", with: "%5B").replacing("]", with: "%5D")
      let answer = try await fixture.request("GET", "/containers/json?filters=\(escaped)")
      #expect(answer == "{\"message\":\"\(message)\"}\n\(status)")
    }
  }

  @Test("container prune: takes what does not run and the filters allow, and leaves volumes")
  func prune() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("box")
      let kept = try await fixture.docker("create --label keep box x").dropLast()
      let gone = try await fixture.docker("create -v data:/data box x").dropLast()
      #expect(
        try await fixture.docker("container prune -f --filter until=1h") == "Total reclaimed space: 0B\n")
      #expect(
        try await fixture.docker("container prune -f --filter label!=keep") == """
          Deleted Containers:
          \(gone)

          Total reclaimed space: 0B

          """)
      #expect(try await fixture.docker("ps -aq --no-trunc") == "\(kept)\n")
      #expect(try await fixture.docker("volume ls -q") == "data\n")
      let told = fixture.engine.events.history(since: 0, until: .max).last
      #expect(told?.action == "prune")
      #expect(told?.attributes == ["reclaimed": "0"])
    }
  }

  @Test("system df, info and images count containers; a used volume does not dangle")
  func counts() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("box")
      _ = try await fixture.docker("create --name one -v data:/data box x")
      #expect(
        try await fixture.docker("system df --format \"{{.Type}} {{.TotalCount}} {{.Active}} {{.Size}}\"") == """
          Images 1 1 6B
          Containers 1 0 0B
          Local Volumes 1 1 0B
          Build Cache 0 0 0B

          """)
      let info = "{{.Containers}} {{.ContainersRunning}} {{.ContainersPaused}} {{.ContainersStopped}}"
      #expect(try await fixture.docker("info --format \"\(info)\"") == "1 0 0 1\n")
      #expect(try await fixture.request("GET", "/images/json").hasPrefix(#"[{"Containers":1,"#))
      #expect(try await fixture.docker("volume ls -q --filter dangling=true") == "")
      #expect(try await fixture.docker("volume ls -q --filter dangling=false") == "data\n")
      #expect(try await fixture.docker("ps -as --format {{.Size}}") == "0B (virtual 6B)\n")
      #expect(try await fixture.docker("inspect -s --format \"{{.SizeRw}} {{.SizeRootFs}}\" one") == "0 6\n")
    }
  }

  @Test("stats: a container that does not run uses nothing; a stream of one sample is none")
  func statsOfStopped() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("box")
      _ = try await fixture.docker("create --name one box x")
      let line = try await fixture.docker("stats --no-stream --format \"{{.Name}} {{.CPUPerc}} {{.MemUsage}}\" one")
      #expect(line == "one 0.00% 0B / 0B\n")
      #expect(
        try await fixture.request("GET", "/containers/one/stats?one-shot=1") == """
          {"message":"cannot have stream=true and one-shot=true"}
          400
          """)
    }
  }
}
