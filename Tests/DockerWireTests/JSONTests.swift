import DockerWire
import FoundationEssentials
import Testing

@Suite("JSON") struct JSONTests {
  @Test(
    "a text that is not one value is refused in Docker's words",
    arguments: [
      ("", "invalid JSON: got EOF while reading request body"),
      (" \n", "invalid JSON: got EOF while reading request body"),
      ("{", "invalid JSON: unexpected EOF"),
      (#"{"a":1"#, "invalid JSON: unexpected EOF"),
      (#""\u12"#, "invalid JSON: unexpected EOF"),
      ("{} {}", "unexpected content after JSON"),
      ("{a:1}", "invalid JSON: invalid character 'a' looking for beginning of object key string"),
      (#"{"a" 1}"#, "invalid JSON: invalid character '1' after object key"),
      (#"{"a":1,}"#, "invalid JSON: invalid character '}' looking for beginning of object key string"),
      ("[1 2]", "invalid JSON: invalid character '2' after array element"),
      ("01", "unexpected content after JSON"),
      ("-", "invalid JSON: unexpected EOF"),
      ("1.x", "invalid JSON: invalid character 'x' in numeric literal"),
      ("nul", "invalid JSON: unexpected EOF"),
      ("nulL", "invalid JSON: invalid character 'L' in literal null"),
      ("'a'", "invalid JSON: invalid character ''' looking for beginning of value"),
      ("\"a\nb\"", "invalid JSON: invalid character byte 10 in string literal"),
      (#""\x""#, "invalid JSON: invalid character 'x' in string escape code"),
    ])
  func refused(text: String, message: String) {
    #expect { try JSONParser.parse(Array(text.utf8)) } throws: { "\($0)" == message }
  }

  @Test("bytes that are not UTF-8 are refused")
  func notUTF8() {
    #expect(throws: WireError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
    #expect(throws: WireError.self) { try JSONParser.parse([0x22, 0xED, 0xA0, 0x80, 0x22]) }
  }

  @Test("100,000 levels are refused, 64 are not")
  func depth() throws {
    for (open, close) in [("[", "]"), (#"{"a":"#, "}")] {
      let deep = Array(String(repeating: open, count: 100_000).utf8)
      #expect { try JSONParser.parse(deep) } throws: { "\($0)" == "invalid JSON: exceeded max depth" }
      let levels = JSONParser.depthMax
      let allowed = String(repeating: open, count: levels - 1) + "[]" + String(repeating: close, count: levels - 1)
      _ = try JSONParser.parse(Array(allowed.utf8))
    }
  }

  @Test("strings are escaped as Go escapes them")
  func escapes() {
    let text = "a\"\\/\u{8}\u{c}\n\r\t\u{1}\u{7f}é\u{2028}😀<&>"
    #expect(written { $0.string(text) } == #""a\"\\/\b\f\n\r\t\u0001"# + "\u{7f}é" + #"\u2028😀<&>""#)
    #expect(written(escapesHTML: true) { $0.string("<&>") } == #""\u003c\u0026\u003e""#)
  }

  @Test("any string comes back, also by way of another decoder", arguments: [1, 2, 3])
  func roundTrip(seed: UInt64) throws {
    var state = seed
    for _ in 0..<500 {
      var scalars = String.UnicodeScalarView()
      for _ in 0..<20 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let bound: UInt64 = state >> 60 < 8 ? 0x80 : 0x11_0000
        if let scalar = Unicode.Scalar(UInt32(state >> 33 % bound)) { scalars.append(scalar) }
      }
      let text = String(scalars)
      let json = text.jsonLine
      #expect(try JSONParser.parse(json) == .string(text))
      #expect(try JSONDecoder().decode(String.self, from: Data(json)) == text)
    }
  }

  @Test("escapes of other writers are understood")
  func otherEscapes() throws {
    let text = #""\u00e9\ud83d\ude00\/\ud83d \udc00\ud83d\u0041""#
    #expect(try JSONParser.parse(Array(text.utf8)) == .string("é😀/\u{FFFD} \u{FFFD}\u{FFFD}A"))
  }

  @Test("random bytes never do more than fail", arguments: [1, 2, 3])
  func fuzz(seed: UInt64) throws {
    let base = Array(#"{"a":[1,-2.5e3,true,null,"x\u00e9\n"],"b":{"c":{}}}"#.utf8)
    var state = seed
    func below(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<5000 {
      var bytes = base
      for _ in 0...below(4) { bytes[below(bytes.count)] = UInt8(below(256)) }
      guard let value = try? JSONParser.parse(Array(bytes.prefix(below(bytes.count + 1)))) else { continue }
      // What is accepted is written as JSON that means the same.
      #expect(try JSONParser.parse(value.json) == value)
    }
  }

  private func written(escapesHTML: Bool = false, _ body: (inout JSONWriter) -> Void) -> String {
    var json = JSONWriter(escapesHTML: escapesHTML)
    body(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }
}
