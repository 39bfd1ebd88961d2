import Testing

@Suite struct VolumeRoutesTests {
  @Test("volume create, ls, inspect, rm: as docker shows them")
  func life() async throws {
    try await Fixture.with { fixture async throws in
      #expect(try await fixture.docker("volume create --label a=b data") == "data\n")
      #expect(try await fixture.docker("volume create data") == "data\n")
      #expect(try await fixture.docker("volume ls --format '{{.Name}} {{.Driver}} {{.Labels}}'") == "data local a=b\n")
      let path = try await fixture.docker("volume inspect --format '{{.Mountpoint}} {{.Scope}} {{json .Options}}' data")
      #expect(path == "\(fixture.directory)/data/volumes/data/_data local null\n")
      #expect(try await fixture.docker("volume rm data") == "data\n")
      #expect(try await fixture.docker("volume ls -q") == "")
    }
  }

  @Test("volume errors have Docker's status and words")
  func errors() async throws {
    try await Fixture.with { fixture async throws in
      #expect(try await fixture.request("DELETE", "/volumes/none") == "{\"message\":\"get none: no such volume\"}\n404")
      #expect(try await fixture.request("DELETE", "/volumes/none?force=1") == "204")
      #expect(
        try await fixture.request("POST", "/volumes/create", body: #"{"Name":"a"}"#) == """
          {"message":"create a: volume name is too short, names should be at least two alphanumeric characters"}
          400
          """)
      #expect(
        try await fixture.request("POST", "/volumes/create", body: #"{"Name":"ab","DriverOpts":{"foo":"x"}}"#) == #"""
          {"message":"create ab: invalid option: \"foo\""}
          400
          """#)
      #expect(
        try await fixture.request("POST", "/volumes/create", body: #"{"Name":"ab","Driver":"foo"}"#) == #"""
          {"message":"create ab: error looking up volume plugin foo: plugin \"foo\" not found"}
          404
          """#)
      let filter = "%7B%22foo%22:%7B%22a%22:true%7D%7D"
      #expect(
        try await fixture.request("GET", "/volumes?filters=\(filter)") == "{\"message\":\"invalid filter 'foo'\"}\n400")
    }
  }

  @Test("volume prune: takes what nobody named, and with --all the rest")
  func prune() async throws {
    try await Fixture.with { fixture async throws in
      _ = try await fixture.docker("volume create named")
      _ = try await fixture.docker("volume create")
      let first = try await fixture.docker("volume prune -f | grep -v '^$' | sed 's/^[0-9a-f]*$/ID/'")
      #expect(first == "Deleted Volumes:\nID\nTotal reclaimed space: 0B\n")
      #expect(try await fixture.docker("volume ls -q") == "named\n")
      let second = try await fixture.docker("volume prune -af")
      #expect(second == "Deleted Volumes:\nnamed\n\nTotal reclaimed space: 0B\n")
    }
  }
}
