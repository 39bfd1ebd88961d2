import Testing

/// Each rule on a sample that breaks it and one that does not: a rule that cannot fail is not a rule.
@Suite("tidy: the rules") struct RuleTests {
  private func sample(_ text: String, at path: String = "Sources/Kernel/Linux/X.swift") -> SourceFile {
    SourceFile(path: path, text: text)
  }

  private func lines(_ count: Int, of line: String = "x()\n") -> String { String(repeating: line, count: count) }

  @Test("Foundation: proper is banned, Essentials are not")
  func foundation() {
    let file = sample("import FoundationEssentials\npackage import Foundation\n")
    #expect(
      WordRules.foundation(file).report
        == "Sources/Kernel/Linux/X.swift:2: import Foundation: use FoundationEssentials, Glibc or Testing")
  }

  @Test("concurrency: banned in the rooms of static programs only")
  func concurrency() {
    let text = "func f() async { }\n// await\nlet a = \"Task\"\nDispatchQueue.main\n"
    #expect(
      WordRules.concurrency(sample(text), staticRooms: ["Linux"]).report == """
        Sources/Kernel/Linux/X.swift:1: "async" in Linux, which runs in single-threaded static programs
        Sources/Kernel/Linux/X.swift:4: "DispatchQueue" in Linux, which runs in single-threaded static programs
        """)
    #expect(WordRules.concurrency(sample(text), staticRooms: ["OCI"]) == [])
  }

  @Test("failpoints: each has its own name of three parts, and a crash test")
  func failpoints() {
    let source = sample(
      """
      try Failpoint("a.b.tested").reach()
      try Failpoint("a.b.untested").reach()
      try Failpoint("a.b.tested").reach()
      try Failpoint("short").reach()
      """)
    let tests = sample(#"let point = "a.b.tested""#, at: "Tests/LinuxTests/ACrashTests.swift")
    let others = sample(#"let point = "a.b.untested""#, at: "Tests/LinuxTests/OtherTests.swift")
    #expect(
      FailpointRules.check([source, tests, others]).report == """
        Sources/Kernel/Linux/X.swift:2: no crash test visits failpoint "a.b.untested"
        Sources/Kernel/Linux/X.swift:3: failpoint "a.b.tested" is there twice
        Sources/Kernel/Linux/X.swift:4: failpoint "short" is not room.operation.step
        """)
  }

  @Test("static rooms: the floors of the static programs and what these link")
  func staticRooms() {
    let rooms = ImportTable.skiff.staticRooms()
    for room in ["Linux", "Netlink", "OCI", "DockerWire", "Archive", "NameServer", "Runtime", "Commands"] {
      #expect(rooms.contains(room))
    }
    for room in ["Codecs", "Database", "Images", "Networks", "Engine", "HTTPServer", "skiffd"] {
      #expect(!rooms.contains(room))
    }
  }

  @Test("print: allowed in Commands and mains; a method or declaration of that name is none")
  func print() {
    let text = "print(1)\nstream.print(1)\nfunc print(_ x: Int) {}\n"
    #expect(WordRules.print(sample(text)).map(\.line) == [1])
    #expect(WordRules.print(sample(text, at: "Sources/Client/Commands/X.swift")) == [])
    #expect(WordRules.print(sample(text, at: "Sources/Monitor/skiff-monitor/main.swift")) == [])
  }

  @Test("sleep: banned in tests, in every spelling")
  func sleep() {
    let text = "usleep(1)\ntry await Task.sleep(for: .seconds(1))\nlet sleep = \"sleep(1)\"\n"
    #expect(WordRules.sleep(sample(text, at: "Tests/XTests/X.swift")).map(\.line) == [1, 2])
    #expect(WordRules.sleep(sample(text)) == [])
  }

  @Test("file length: 300 lines pass, 301 do not, unless listed; a needless listing fails")
  func fileLength() {
    let long = sample(lines(301))
    let short = sample(lines(300))
    #expect(SizeRules.fileLength(short, longFiles: [:]) == [])
    #expect(
      SizeRules.fileLength(long, longFiles: [:]).report
        == "Sources/Kernel/Linux/X.swift:301: 301 lines, more than 300: two ideas?")
    #expect(SizeRules.fileLength(long, longFiles: [long.path: "one table"]) == [])
    #expect(SizeRules.needlessLongFiles([long], longFiles: [long.path: "one table"]) == [])
    #expect(
      SizeRules.needlessLongFiles([short], longFiles: [short.path: "", "Sources/Gone.swift": ""]).report == """
        Sources/Gone.swift:1: is in LongFiles but not in the repository
        Sources/Kernel/Linux/X.swift:1: is in LongFiles but has only 300 lines
        """)
  }

  @Test("function length: 60 lines pass, 61 do not, nor does a long getter")
  func functionLength() {
    let text = """
      struct S {
        func fits(_ x: [Int] = [].map { $0 }) -> Int where T: U {
      \(lines(58))  }
        @discardableResult
        static func == (a: S, b: S) -> Bool {
      \(lines(58))  }
        var getter: Int {
      \(lines(59))  }
        init() {
      \(lines(59))  }
      }
      protocol P {
        func requirement()
        var other: Int { get }
      }
      """
    #expect(
      SizeRules.functionLength(sample(text)).map(\.reason) == [
        "== has 61 lines, more than 60", "getter has 61 lines, more than 60", "init has 61 lines, more than 60",
      ])
  }

  @Test("stored properties: 12 pass, 13 do not; computed and static ones do not count, observed ones do")
  func storedProperties() {
    let twelve = """
      final class C {
        let a, b: Int
        var c: Dictionary<Int, Int> = [:], d = 0
        static let one = 1
        var computed: Int { a }
        private(set) var e = { (x: Int) in x }
        @Lock var f: [String: Int]
        weak var g: C?
        var h: Int { didSet { } }
        let i: Int
        let j: Int
        let k: Int
        let l: Int
        func f() { let m = 1 }
        struct Inner { let n: Int }

      """
    #expect(SizeRules.storedProperties(sample(twelve + "}\n")) == [])
    let thirteen = twelve + "  let m: Int\n}\n"
    #expect(
      SizeRules.storedProperties(sample(thirteen)).report
        == "Sources/Kernel/Linux/X.swift:1: C has 13 stored properties, more than 12: two types?")
    #expect(SizeRules.storedProperties(sample(thirteen, at: "Sources/Formats/OCI/X.swift")) == [])
  }

  @Test("documentation: shared symbols and requirements of shared protocols need it, witnesses do not")
  func documentation() {
    let text = """
      package import Linux
      /// Said for the first paragraph too.
      package struct Said {
        package let first: Int
        package init() {}

        package init(bare: Int) {}

        package let bare: Int
        package let second: Int

        /// Said for both.
        package let third: Int
        package let fourth: Int
        package func bareFunction() {}
        let own: Int
        package var description: String { "" }
      }
      // Not a doc comment.
      public func loose() {}
      /// Said.
      package protocol Contract {
        func requirement()
        /// Said.
        // Why so.
        var other: Int { get }
      }
      extension Said: Contract {
        package var other: Int { 1 }
        package init(from decoder: any Decoder) throws {}
      }
      extension Said {
        package var other: Int { 1 }
      }
      """
    let file = sample(text)
    let requirements = CommentRules.requirements(of: [file])
    #expect(
      CommentRules.documentation(file, requirements: requirements).report == """
        Sources/Kernel/Linux/X.swift:7: init(bare:) has no doc comment
        Sources/Kernel/Linux/X.swift:9: bare has no doc comment
        Sources/Kernel/Linux/X.swift:15: bareFunction has no doc comment
        Sources/Kernel/Linux/X.swift:20: loose has no doc comment
        Sources/Kernel/Linux/X.swift:23: requirement has no doc comment
        Sources/Kernel/Linux/X.swift:33: other has no doc comment
        """)
  }

  @Test("architecture page: rooms that are missing, or wrongly marked, are found")
  func architecturePage() {
    let page = ArchitecturePage(
      text: """
        # House
        | `Kernel/` | `Linux` *later* | calls |
        | | `Netlink` | messages |
        | | `OCI` *later* | types |
        | `skiff` | the program |
        """)
    #expect(
      page.check(known: ["Linux", "Netlink", "OCI", "skiff", "Lost"], existing: ["Linux", "skiff"]).report == """
        docs/architecture.md:2: Linux is in Package.swift: take *later* away
        docs/architecture.md:3: Netlink is not in Package.swift: mark it *later*
        docs/architecture.md:1: Lost is not on the page
        """)
  }

  @Test("unfinished work: needs an issue number")
  func unfinished() {
    let text = "// TODO: later\n// TODO(#12): later\nlet todo = \"TODO\"\n/* FIXME # no */\n"
    #expect(
      CommentRules.unfinished(sample(text)).report == """
        Sources/Kernel/Linux/X.swift:1: TODO without an issue: #n
        Sources/Kernel/Linux/X.swift:4: FIXME without an issue: #n
        """)
  }

  @Test("proofs: every claim needs a plain comment on its line or the one above")
  func proofs() {
    let text = """
      let a = x!
      let b = x!  // It was set above.
      // It was set above.
      let c = try! f()
      /// A doc comment proves nothing.
      final class D: @unchecked Sendable {}
      let e = y as! Int; let ok = !f && a != b && (!c)
      fatalError("\\(z!)")
      nonisolated(unsafe) var g: Int! = list[0]!.h
      #if !DEBUG
      """
    #expect(
      CommentRules.proofs(sample(text)).map { "\($0.line) \($0.reason.split(separator: " ")[0])" } == [
        "1 !", "6 @unchecked", "7 as!", "8 fatalError", "8 !", "9 nonisolated(unsafe)", "9 !", "9 !",
      ])
  }
}
