import DockerWire
import Testing

@Suite("Reading requests") struct WireStructTests {
  @Test("members that nobody knows are told by their path, unless they are empty")
  func unknown() throws {
    let decoded = try decode(
      #"""
      {"Image":"a","Nonsense":1,"Empty":"","Zero":0.0,"None":null,"HostConfig":{"Memory":1,"Turbo":true,"Off":false,
       "LogConfig":{"Speed":{"x":1}},"Mounts":[{"Target":"/t","Colour":"red"}]},
       "NetworkingConfig":{"EndpointsConfig":{"net":{"Shape":"round"}}}}
      """#)
    #expect(
      decoded.unknown == [
        "Nonsense", "HostConfig.Turbo", "HostConfig.LogConfig.Speed", "HostConfig.Mounts.Colour",
        "NetworkingConfig.EndpointsConfig.net.Shape",
      ])
    #expect(decoded.value.hostConfig?.resources.memory == 1)
  }

  @Test("null leaves a member as it is, another case is understood, the last of two counts")
  func leniency() throws {
    let value = try decode(#"{"Image":null,"hostname":"h","Env":["a"],"Env":["b"],"HostConfig":null}"#).value
    #expect(value.config.image == "")
    #expect(value.config.hostname == "h")
    #expect(value.config.env == ["b"])
    #expect(value.hostConfig == nil)
  }

  @Test("a command may be one string")
  func command() throws {
    #expect(try decode(#"{"Cmd":"ls -l","Entrypoint":[]}"#).value.config.cmd?.words == ["ls -l"])
    #expect(try decode(#"{"Entrypoint":[]}"#).value.config.entrypoint?.words == [])
    #expect(try decode("{}").value.config.entrypoint == nil)
  }

  @Test(
    "a value of another type is refused with its place",
    arguments: [
      ("[]", "invalid JSON: cannot unmarshal array into the body of type object"),
      (#"{"Image":3}"#, #"invalid JSON: cannot unmarshal number into "Image" of type string"#),
      (#"{"Env":"a"}"#, #"invalid JSON: cannot unmarshal string into "Env" of type array"#),
      (#"{"Tty":"yes"}"#, #"invalid JSON: cannot unmarshal string into "Tty" of type bool"#),
      (
        #"{"HostConfig":{"Memory":1.5}}"#,
        #"invalid JSON: cannot unmarshal number into "HostConfig.Memory" of type integer"#
      ),
      (
        #"{"HostConfig":{"Memory":99999999999999999999}}"#,
        #"invalid JSON: cannot unmarshal number into "HostConfig.Memory" of type integer"#
      ),
      (#"{"Labels":{"a":1}}"#, #"invalid JSON: cannot unmarshal number into "Labels.a" of type string"#),
    ])
  func mismatch(text: String, message: String) {
    #expect { try decode(text) } throws: { "\($0)" == message }
  }

  private func decode(_ text: String) throws -> Decoded<ContainerCreateRequest> {
    try ContainerCreateRequest.decode(Array(text.utf8))
  }
}

@Suite("Filters") struct FiltersTests {
  @Test(
    "both forms are read",
    arguments: [
      #"{"label":{"a=b":true,"c":false},"dangling":{"true":true}}"#, #"{"label":["a=b","c"],"dangling":["true"]}"#,
    ])
  func forms(parameter: String) throws {
    let filters = try Filters(parameter: parameter)
    #expect(filters == Filters(["label": ["a=b", "c"], "dangling": ["true"]]))
    #expect(filters.parameter == #"{"dangling":{"true":true},"label":{"a=b":true,"c":true}}"#)
    #expect(try filters.flag("dangling") == true)
    #expect(filters.allows(labels: ["a": "b", "c": "d"]))
    #expect(!filters.allows(labels: ["a": "x", "c": "d"]))
    #expect(!filters.allows(labels: ["a": "b"]))
  }

  @Test("nothing filters nothing", arguments: [nil, "", "{}"])
  func none(parameter: String?) throws {
    let filters = try Filters(parameter: parameter)
    #expect(filters.isEmpty)
    #expect(filters.parameter == nil)
    #expect(filters.allows("name", "x"))
    #expect(try filters.flag("dangling") == nil)
  }

  @Test("what is not a filter is refused in Docker's words")
  func refused() throws {
    for text in ["zz", "[]", #"{"a":1}"#, #"{"a":[1]}"#, #"{"a":{"b":1}}"#] {
      #expect { try Filters(parameter: text) } throws: { "\($0)" == "invalid filter" }
    }
    let filters = try Filters(parameter: #"{"foo":["a"],"dangling":["maybe"]}"#)
    #expect { try filters.check(known: ["dangling"]) } throws: { "\($0)" == "invalid filter 'foo'" }
    #expect { try filters.flag("dangling") } throws: { "\($0)" == #"invalid filter 'dangling=[maybe]'"# }
  }
}
