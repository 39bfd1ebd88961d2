import EngineClient
import Testing

@testable import Commands

@Suite("Templates of --format")
struct TemplateTests {
  private static let document = #"""
    {"Name":"/web","Id":"abc","Count":3,"Ratio":0.5,"On":true,"Labels":{"b":"2","a":"1"},"Ports":["80","443"],
     "State":{"Status":"running","ExitCode":0},"Mounts":[{"Name":"v","RW":true},{"Name":"w","RW":false}],"Binds":null,
     "Options":null,"PidsLimit":null,"Cmd":["echo","<&>"]}
    """#

  private func filled(_ template: String) throws -> String {
    do { return try Template(template).filled(parsed(Self.document)) } catch let error as TemplateError {
      return "\(error)"
    }
  }

  @Test(
    "fields, values and functions print as Go prints them",
    arguments: [
      ("{{.Name}}", "/web"), ("{{ .State.Status }}:{{.State.ExitCode}}", "running:0"), ("{{.ID}}", "abc"),
      ("{{.Labels}}", "map[a:1 b:2]"), ("{{.Ports}}", "[80 443]"), ("{{.Ratio}} {{.On}}", "0.5 true"),
      ("{{json .Cmd}}", #"["echo","<&>"]"#), ("{{json .Binds}}{{json .Options}}", "nullnull"),
      ("{{.Binds}} {{.Options}} {{.PidsLimit}}", "[] map[] <nil>"), ("{{.State.Health}}", "<nil>"),
      ("{{upper .Name}} {{.Name | lower}} {{title \"a b\"}}", "/WEB /web A B"),
      ("{{join .Ports \", \"}}", "80, 443"), ("{{index .Ports 1}} {{index .Labels \"b\"}}", "443 2"),
      ("[{{index .Labels \"nope\"}}]", "[]"), ("{{(index .Mounts 0).Name}}", "v"), ("{{len .Ports}}", "2"),
      ("{{truncate .Name 2}}", "/w"), ("{{println .Count}}x", "3\nx"),
      ("{{printf \"%s=%05d|%-4s|%q\" .Id .Count \"a\" \"b\"}}", "abc=00003|a   |\"b\""),
      ("{{range .Mounts}}{{.Name}};{{end}}", "v;w;"), ("{{range $i, $m := .Mounts}}{{$i}}{{$m.Name}}{{end}}", "0v1w"),
      ("{{range $k, $v := .Labels}}{{$k}}={{$v}} {{end}}", "a=1 b=2 "),
      ("{{range .Binds}}x{{else}}none{{end}}", "none"),
      ("{{if .On}}yes{{else}}no{{end}}", "yes"), ("{{if .Binds}}a{{else if eq .Count 3}}b{{else}}c{{end}}", "b"),
      ("{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}", "none"),
      ("{{if and .On (not .Binds)}}both{{end}}", "both"), ("{{or .Binds .Name}}", "/web"),
      ("{{with .State}}{{.Status}} {{$.Name}}{{end}}", "running /web"), ("{{$x := .Count}}{{$x}}{{$x}}", "33"),
      ("{{ne .Id \"x\"}} {{lt .Count 5}} {{ge .Count 4}} {{eq .Id \"x\" \"abc\"}}", "true true false true"),
      ("a {{- .Id -}} b", "aabcb"), ("{{/* nothing */}}x", "x"), ("{{\"a\\tb\"}}{{`c\\d`}}", "a\tbc\\d"),
      ("{{split .Name \"e\"}}", "[/w b]"), ("{{slice .Id 1 2}}", "b"),
      ("{{range .Mounts}}{{if .RW}}{{.Name}}{{end}}{{end}}", "v"),
    ])
  func fills(_ template: String, _ expected: String) throws {
    #expect(try filled(template) == expected)
  }

  @Test(
    "what does not fit is told in Go's words",
    arguments: [
      ("{{.Nope}}", "template: :1:2: executing \"\" at <.Nope>: map has no entry for key \"Nope\""),
      ("{{nope}}", "template: :1: function \"nope\" not defined"), ("{{.Name", "template: :1: unclosed action"),
      ("{{if .On}}x", "template: :1: unexpected EOF"), ("x{{end}}", "template: :1: unexpected {{end}}"),
      ("{{.Name}", "template: :1: bad character U+007D '}'"), ("{{}}", "template: :1: missing value for command"),
      ("{{index .Ports 9}}", "template: :1: error calling index: index out of range: 9"),
      ("{{.Name.First}}", "template: :1:2: executing \"\" at <.Name.First>: can't evaluate field First in type string"),
      ("{{$x}}", "template: :1: undefined variable \"$x\""),
      ("{{template \"x\"}}", "template: :1: {{template}} is not supported"),
    ])
  func complains(_ template: String, _ expected: String) throws {
    #expect(try filled(template) == expected)
  }

  @Test("blocks inside each other have a bound")
  func deep() throws {
    let text = String(repeating: "{{if .On}}", count: 5000)
    #expect(try filled(text) == "template: :1: nested deeper than 100 levels")
    #expect(try filled("{{\(String(repeating: "(", count: 5000))}}") == "template: :1: nested deeper than 100 levels")
  }

  @Test(
    "a format says table, JSON or a template",
    arguments: [
      ("", true, "{{.ID}}"), ("table", true, "{{.ID}}"), ("table {{.A}}\\t{{.B}}", true, "{{.A}}\t{{.B}}"),
      ("json", false, "{{json .}}"), ("{{.A}}", false, "{{.A}}"),
    ])
  func formats(_ text: String, _ isTable: Bool, _ template: String) {
    let format = ListFormat(text, default: "{{.ID}}")
    #expect(format.isTable == isTable)
    #expect(format.template == template)
  }
}
