import FoundationEssentials

/// One file of the repository, split into tokens.
struct SourceFile: Sendable {
  /// Relative to the repository's root: `Sources/Kernel/Linux/Descriptor.swift`.
  let path: String
  let lineCount: Int
  let tokens: [Token]
  let comments: [Int: Comment]
  /// Lines that hold code, maybe beside a comment.
  let codeLines: Set<Int>
  let declarations: [Declaration]

  init(path: String, text: String) {
    self.path = path
    let lexer = Lexer(text, isC: path.hasSuffix(".c") || path.hasSuffix(".h"))
    tokens = lexer.tokens
    comments = lexer.comments
    codeLines = Set(lexer.tokens.map(\.line))
    declarations = path.hasSuffix(".swift") ? DeclarationParser.declarations(in: lexer.tokens) : []
    lineCount = text.utf8.count { $0 == UInt8(ascii: "\n") } + (text.utf8.last == UInt8(ascii: "\n") ? 0 : 1)
  }

  /// `Kernel` of `Sources/Kernel/Linux/Descriptor.swift`; nil outside `Sources/`.
  var floor: String? { component(1, under: "Sources") }

  /// `Linux` of `Sources/Kernel/Linux/Descriptor.swift`; nil outside `Sources/`.
  var room: String? { component(2, under: "Sources") }

  /// `LinuxTests` of `Tests/LinuxTests/DescriptorTests.swift`; nil outside `Tests/`.
  var testTarget: String? { component(1, under: "Tests") }

  func finding(_ line: Int, _ reason: String) -> Finding { Finding(path: path, line: line, reason: reason) }

  private func component(_ index: Int, under top: String) -> String? {
    let parts = path.split(separator: "/")
    return parts.first == top[...] && parts.count > index + 1 ? String(parts[index]) : nil
  }
}

/// The checked-out repository that this test was compiled from.
struct Repository: Sendable {
  let root: String
  let files: [SourceFile]
  let package: SourceFile

  /// Read once for all tests.
  static let current = Result { try Repository() }

  /// Reads every Swift and C file below `Sources/` and `Tests/`, and `Package.swift`.
  init(testFile: String = #filePath) throws {
    let parts = testFile.split(separator: "/", omittingEmptySubsequences: false)
    root = parts.dropLast(3).joined(separator: "/")
    var files: [SourceFile] = []
    for top in ["Sources", "Tests"] {
      for relative in try FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(top)").sorted() {
        guard [".swift", ".c", ".h"].contains(where: { relative.hasSuffix($0) }) else { continue }
        files.append(try Self.read("\(top)/\(relative)", root: root))
      }
    }
    self.files = files
    package = try Self.read("Package.swift", root: root)
  }

  /// The content of a file that is no source.
  func text(of path: String) throws -> String { try Self.text(of: path, root: root) }

  private static func read(_ path: String, root: String) throws -> SourceFile {
    SourceFile(path: path, text: try text(of: path, root: root))
  }

  private static func text(of path: String, root: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: "\(root)/\(path)") else { throw Unreadable(path: path) }
    return String(decoding: data, as: UTF8.self)
  }

  struct Unreadable: Error { let path: String }
}
