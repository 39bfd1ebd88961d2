import Testing

@testable import Commands

@Suite("Command lines")
struct FlagParserTests {
  private struct Options {
    var isInteractive = false
    var tty = false
    var remove = false
    var volumes: [String] = []
    var memorySwap: Int64 = 0
    var name = ""

    static var flags: [Flag<Options>] {
      [
        .toggle("interactive", "i", \.isInteractive, "i"), .toggle("tty", "t", \.tty, "t"),
        .toggle("rm", nil, \.remove, "rm"), .list("volume", "v", \.volumes, "v"), .text("name", nil, \.name, "n"),
        .value("memory-swap", "m", \.memorySwap, "bytes", "m", parseInteger),
      ]
    }
  }

  /// What a command line comes to, or the problem.
  private func parsed(_ words: String, passesThrough: Bool = false) -> String {
    var options = Options()
    let parser = FlagParser(flags: Options.flags, allowsFlagsAfterArguments: !passesThrough)
    do {
      let rest = try parser.parse(words.split(separator: " ").map(String.init), into: &options)
      var text: [String] = []
      if options.isInteractive { text.append("i") }
      if options.tty { text.append("t") }
      if options.remove { text.append("rm") }
      if !options.volumes.isEmpty { text.append("v\(options.volumes)") }
      if options.memorySwap != 0 { text.append("m\(options.memorySwap)") }
      if !options.name.isEmpty { text.append("name=\(options.name)") }
      return (text + ["\(rest)"]).joined(separator: " ")
    } catch { return error.reason }
  }

  @Test(
    "flags are read as Docker's client reads them",
    arguments: [
      ("-it image", #"i t ["image"]"#), ("-itv /a:/b image", #"i t v["/a:/b"] ["image"]"#),
      ("-itv/a:/b image", #"i t v["/a:/b"] ["image"]"#), ("-v=/a image", #"v["/a"] ["image"]"#),
      ("--rm=false image", #"["image"]"#), ("--rm=true image", #"rm ["image"]"#), ("-i=false -t x", #"t ["x"]"#),
      ("-it=false x", #"i ["x"]"#), ("--memory-swap -1 image", #"m-1 ["image"]"#),
      ("--name=a=b x", #"name=a=b ["x"]"#), ("--name --rm x", #"name=--rm ["x"]"#),
      ("a --rm b -- --tty", #"rm ["a", "b", "--tty"]"#), ("- x", #"["-", "x"]"#), ("-v a -v b", #"v["a", "b"] []"#),
    ])
  func reads(_ words: String, _ expected: String) {
    #expect(parsed(words) == expected)
  }

  @Test("what follows the first argument of another program's command line is not looked at")
  func passesThrough() {
    #expect(parsed("-i image sh -t --rm -- x", passesThrough: true) == #"i ["image", "sh", "-t", "--rm", "--", "x"]"#)
    #expect(parsed("-i -- -t", passesThrough: true) == #"i ["-t"]"#)
  }

  @Test(
    "mistakes are told in Docker's words",
    arguments: [
      ("--bogus", "unknown flag: --bogus"), ("--bogus=1", "unknown flag: --bogus"),
      ("-iz", "unknown shorthand flag: 'z' in -iz"), ("--name", "flag needs an argument: --name"),
      ("-iv", "flag needs an argument: 'v' in -iv"), ("--=x", "bad flag syntax: --=x"), ("---", "bad flag syntax: ---"),
      (
        "-m x",
        #"invalid argument "x" for "-m, --memory-swap" flag: strconv.ParseInt: parsing "x": invalid syntax"#
      ),
      (
        "--rm=maybe",
        #"invalid argument "maybe" for "--rm" flag: strconv.ParseBool: parsing "maybe": invalid syntax"#
      ),
    ])
  func complains(_ words: String, _ expected: String) {
    #expect(parsed(words) == expected)
  }

  @Test(
    "too few or too many arguments are told with the usage",
    arguments: [
      (ArgumentCount.exactly(0), 1, "'skiff x' accepts no arguments"),
      (.exactly(2), 1, "'skiff x' requires 2 arguments"), (.atLeast(1), 0, "'skiff x' requires at least 1 argument"),
      (.atMost(1), 2, "'skiff x' requires at most 1 argument"), (.exactly(1), 1, nil), (.atLeast(1), 9, nil),
    ] as [(ArgumentCount, Int, String?)])
  func counts(_ count: ArgumentCount, _ given: Int, _ expected: String?) {
    #expect(count.problem(given, path: "skiff x") == expected)
  }

  @Test("a wrong flag shows how the command is used, and exits with 125")
  func usage() {
    let expected = CommandError(
      """
      unknown flag: --bogus

      Usage:  skiff container rename CONTAINER NEW_NAME

      Run 'skiff container rename --help' for more information
      """, exitCode: 125)
    #expect(throws: expected) { try Verb.parse(Rename.self, ["--bogus"], path: "container rename") }
  }
}

@Suite("The commands")
struct CommandCatalogTests {
  @Test(
    "a command is found under all of its names",
    arguments: [
      ("ps -a", "ps"), ("container ls", "container ls"), ("container ps", "container ps"), ("image rm x", "image rm"),
      ("rmi x", "rmi"), ("volume ls", "volume ls"), ("system df", "system df"), ("daemon stop", "daemon stop"),
      ("bogus", nil), ("volume bogus", nil), ("container", nil), ("", nil),
    ] as [(String, String?)])
  func found(_ words: String, _ path: String?) {
    #expect(CommandCatalog.find(words.split(separator: " ").map(String.init)).verb?.path == path)
  }

  @Test("no two commands have one name, and every flag has help")
  func complete() {
    let paths = CommandCatalog.verbs.map(\.path)
    #expect(Set(paths).count == paths.count)
    for verb in CommandCatalog.verbs {
      for line in verb.help().split(separator: "\n").drop(while: { $0 != "Options:" }).dropFirst() {
        #expect(line.contains("   "), "\(verb.path): \(line)")
      }
    }
  }
}
