import Testing

@testable import EngineClient

@Suite("JSON of an engine")
struct JSONTests {
  private func parsed(_ text: String) -> String {
    do { return try JSONParser.parse(text).compact } catch { return "\(error)" }
  }

  @Test(
    "values keep their order, digits and text",
    arguments: [
      (#" { "b" : [1, 2.50, -0, 1e+9] , "a" : null } "#, #"{"b":[1,2.50,-0,1e+9],"a":null}"#),
      (#""\u00e9\n\"\\\/\ud83d\ude00""#, #""é\n\"\\/😀""#),
      (#""\ud83d""#, "\"\u{FFFD}\""),
      (#"["<&>"]"#, #"["\u003c\u0026\u003e"]"#),
      ("[]", "[]"), ("{}", "{}"), ("true", "true"),
    ])
  func roundTrip(_ text: String, _ expected: String) {
    #expect(parsed(text) == expected)
  }

  @Test(
    "what is no JSON is an error that says where and why",
    arguments: [
      ("", "not JSON at byte 0: the text ends too early"),
      ("[1,]", "not JSON at byte 3: no JSON value begins like this"),
      ("{\"a\" 1}", "not JSON at byte 5: a colon must follow a member's name"),
      ("{1:2}", "not JSON at byte 1: a member's name must be a string"),
      ("01", "not JSON at byte 1: something follows the value"),
      ("\"a", "not JSON at byte 2: a string has no end"),
      ("\"\u{1}\"", "not JSON at byte 1: a control character in a string"),
      ("\"\\x\"", "not JSON at byte 3: no such escape in a string"),
      ("\"\\u12\"", "not JSON at byte 3: four hexadecimal digits must follow \\u"),
      ("1.", "not JSON at byte 2: no JSON value begins like this"),
      ("nul", "not JSON at byte 0: no JSON value begins like this"),
      ("{} {}", "not JSON at byte 3: something follows the value"),
    ])
  func malformed(_ text: String, _ expected: String) {
    #expect(parsed(text) == expected)
  }

  @Test("100,000 arrays inside each other are refused, not followed")
  func deep() {
    #expect(parsed(String(repeating: "[", count: 100_000)) == "not JSON at byte 200: deeper than 200 levels")
  }

  @Test("indenting leaves strings and numbers as they were written")
  func indented() {
    let text = #"{"a":"x\u003cy>","b":[],"c":{},"d":[1.0,{"e":null}]}"#
    #expect(
      JSONValue.indented(Array(text.utf8), by: "  ") == """
        {
          "a": "x\\u003cy>",
          "b": [],
          "c": {},
          "d": [
            1.0,
            {
              "e": null
            }
          ]
        }
        """)
  }

  @Test("of two members of one name the last counts, and a missing one is null")
  func members() throws {
    let value = try JSONParser.parse(#"{"a":1,"a":2}"#)
    #expect(value["a"].integer == 2)
    #expect(value["b"] == .null)
  }

  @Test("a number beyond an integer does not trap", arguments: ["1e400", "-1e30", "18446744073709551615", "1.9"])
  func numbers(_ digits: String) throws {
    let value = try JSONParser.parse(digits)
    #expect(
      (value.integer, value.unsigned) == [
        "1e400": (0, 0), "-1e30": (0, 0), "18446744073709551615": (0, UInt64.max), "1.9": (1, 1),
      ][digits] ?? (-1, 0))
  }
}
