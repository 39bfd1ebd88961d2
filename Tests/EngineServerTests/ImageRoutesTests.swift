import Testing

@Suite struct ImageRoutesTests {
  @Test("import, images, tag, inspect, history, rmi: as docker shows them")
  func life() async throws {
    try await Fixture.with { fixture async throws in
      let id = try await fixture.importImage("one:1").filter { $0 != "\n" }
      #expect(id.hasPrefix("sha256:") && id.utf8.count == 71)
      #expect(try await fixture.docker("images --format '{{.Repository}}:{{.Tag}} {{.Size}}'") == "one:1 6B\n")
      #expect(try await fixture.docker("tag one:1 two/three:x") == "")
      #expect(
        try await fixture.docker(
          "inspect --format '{{.Id}} {{json .RepoTags}} {{.Comment}} {{json .Config.Cmd}}' one:1")
          == "\(id) [\"one:1\",\"two/three:x\"] test null\n")
      #expect(
        try await fixture.docker("history --no-trunc --format '{{.ID}} {{.Size}} {{.Comment}}' one:1")
          == "\(id) 6B test\n")
      #expect(try await fixture.docker("rmi two/three:x") == "Untagged: two/three:x\n")
      let removed = try await fixture.docker("rmi one:1 | sed 's/sha256:[0-9a-f]*/ID/'")
      #expect(removed == "Untagged: one:1\nDeleted: ID\nDeleted: ID\n")
      #expect(try await fixture.docker("images -q") == "")
    }
  }

  @Test("save and load: an image comes back with its ID and names, and its archive is the same again")
  func archive() async throws {
    try await Fixture.with { fixture async throws in
      let id = try await fixture.importImage("one:1")
      #expect(try await fixture.docker("save -o first.tar one:1") == "")
      _ = try await fixture.docker("rmi one:1")
      #expect(try await fixture.docker("load -i first.tar") == "Loaded image: one:1\n")
      #expect(try await fixture.docker("images -q --no-trunc") == id)
      #expect(try await fixture.shell("docker save one:1 > second.tar && cmp first.tar second.tar") == "")
      #expect(try await fixture.shell("docker load -q < second.tar") == "Loaded image: one:1\n")
    }
  }

  @Test("load: progress comes in Docker's lines, and what is no archive ends them with an error")
  func loadLines() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("one:1")
      _ = try await fixture.shell("docker save -o one.tar one:1 && docker rmi one:1")
      let load = "curl -s -X POST -H Content-Type:application/x-tar --unix-socket s"
      let lines = try await fixture.shell(
        "\(load) --data-binary @one.tar http://d/v1.51/images/load | sed 's/\"id\":\"[0-9a-f]*\"/\"id\":\"ID\"/' | uniq"
      )
      let bar = String(repeating: "=", count: 50)
      #expect(
        lines == #"""
          {"status":"Loading layer","progressDetail":{"current":10240,"total":10240},"progress":"[\#(bar)\u003e]  10.24kB/10.24kB","id":"ID"}
          {"stream":"Loaded image: one:1\n"}

          """#)
      let failed = try await fixture.shell("\(load) --data-binary @root.tar http://d/v1.51/images/load?quiet=1")
      let reason = "the archive holds no image: it has neither manifest.json nor index.json"
      #expect(failed.hasPrefix("{\"errorDetail\":{\"message\":\"\(reason)"), "\(failed)")
    }
  }

  @Test("image errors have Docker's status and words")
  func errors() async throws {
    try await Fixture.with { fixture async throws in
      #expect(
        try await fixture.request("GET", "/images/none/json") == "{\"message\":\"No such image: none:latest\"}\n404")
      #expect(
        try await fixture.request("GET", "/images/none/get") == "{\"message\":\"No such image: none:latest\"}\n404")
      #expect(
        try await fixture.request("POST", "/images/none/tag?repo=a&tag=b")
          == "{\"message\":\"No such image: none:latest\"}\n404")
      _ = try await fixture.importImage("one:1")
      #expect(
        try await fixture.request("POST", "/images/one:1/tag?repo=SKT") == """
          {"message":"invalid reference format: repository name (library/SKT) must be lowercase"}
          400
          """)
      #expect(
        try await fixture.request("GET", "/images/json?filters=%7B%22foo%22:%7B%22a%22:true%7D%7D")
          == "{\"message\":\"invalid filter 'foo'\"}\n400")
    }
  }

  @Test("images: filters choose by name, age and use")
  func filters() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("one:1")
      _ = try await fixture.docker("tag one:1 a/b:2")
      let list = "images --format '{{.Repository}}:{{.Tag}}' --filter"
      #expect(try await fixture.docker("\(list) reference='o*'") == "one:1\n")
      #expect(try await fixture.docker("\(list) reference='a/*:2'") == "a/b:2\n")
      #expect(try await fixture.docker("\(list) dangling=true") == "")
      #expect(try await fixture.docker("\(list) label=x") == "")
      #expect(try await fixture.docker("\(list) until=1h") == "")
    }
  }

  @Test("image prune: takes what has no name, and with --all the rest")
  func prune() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.importImage("")
      _ = try await fixture.shell("echo more > root/y && tar -C root -cf more.tar . && docker import more.tar one:1")
      let first = try await fixture.docker("image prune -f | sed 's/sha256:[0-9a-f]*/ID/'")
      #expect(first == "Deleted Images:\ndeleted: ID\ndeleted: ID\n\nTotal reclaimed space: 6B\n")
      let second = try await fixture.docker("image prune -af | sed 's/sha256:[0-9a-f]*/ID/'")
      #expect(second == "Deleted Images:\nuntagged: one:1\ndeleted: ID\ndeleted: ID\n\nTotal reclaimed space: 11B\n")
    }
  }
}
