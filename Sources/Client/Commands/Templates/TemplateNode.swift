import EngineClient

/// A parsed template: the part of Go's `text/template` that formats of `--format` use.
indirect enum TemplateNode: Equatable {
  case text(String)
  /// `{{pipeline}}`; one that sets a variable prints nothing.
  case action(Pipeline)
  /// `{{if}} … {{else}} … {{end}}`; an `else if` is an `if` in the `else`.
  case branch(Pipeline, [TemplateNode], [TemplateNode])
  case with(Pipeline, [TemplateNode], [TemplateNode])
  case range(Pipeline, [TemplateNode], [TemplateNode])

  /// Commands of which each gets the value of the one before as its last argument.
  struct Pipeline: Equatable {
    /// `$x := …`, and `$i, $x := …` of a range.
    var variables: [String] = []
    /// `=` instead of `:=`.
    var assigns = false
    var commands: [Command] = []
    /// As it was written and where, for messages.
    var source = ""
    var position = 0

    /// Go's way to say where something went wrong.
    var place: String { ":\(position): executing \"\" at <\(source)>" }
  }

  /// A function or a field with its arguments, or a single value.
  struct Command: Equatable {
    var operands: [Operand]
  }

  enum Operand: Equatable {
    case dot
    case literal(JSONValue)
    case variable(String)
    case function(String)
    case field(String)
    case group(Pipeline)
    /// Fields of something: `$x.Name`, `(index .Ports 0).Port`, `.State.Health`.
    indirect case fields(of: Operand, [String])
  }
}

/// Why a template cannot be used, in Go's words.
struct TemplateError: Error, Equatable, CustomStringConvertible {
  let description: String
  init(_ reason: String) { description = "template: :1\(reason)" }
}
