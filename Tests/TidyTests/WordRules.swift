/// Words that a layer must not contain. Comments and strings are not looked at.
enum WordRules {
  /// Foundation proper drags in ICU, whoever imports it.
  static func foundation(_ file: SourceFile) -> [Finding] {
    Import.all(in: file).filter { $0.module == "Foundation" || $0.module == "XCTest" }.map {
      file.finding($0.line, "import \($0.module): use FoundationEssentials, Glibc or Testing")
    }
  }

  /// A static program has one thread: Swift after fork is only safe there, and Concurrency's pool would be a second.
  static func concurrency(_ file: SourceFile, staticRooms: Set<String>) -> [Finding] {
    guard let room = file.room, staticRooms.contains(room) else { return [] }
    let words: Set = ["async", "await", "actor", "Task", "Thread", "pthread_create", "withTaskGroup", "AsyncStream"]
    return file.tokens.filter { token in
      token.kind == .word && (words.contains(token.text) || token.text.hasPrefix("Dispatch"))
    }.map { file.finding($0.line, "\"\($0.text)\" in \(room), which runs in single-threaded static programs") }
  }

  /// Only commands and mains talk to the user's terminal.
  static func print(_ file: SourceFile) -> [Finding] {
    guard let room = file.room, room != "Commands", !room.hasPrefix("skiff") else { return [] }
    return calls(of: ["print", "debugPrint", "dump"], in: file).map {
      file.finding($0.line, "\($0.text)( outside Commands and the programs' mains")
    }
  }

  /// A test waits for an event with a deadline; a sleep is too short on a busy machine and too long on an idle one.
  static func sleep(_ file: SourceFile) -> [Finding] {
    guard file.testTarget != nil else { return [] }
    return calls(of: ["sleep", "usleep", "nanosleep", "clock_nanosleep"], in: file).map {
      file.finding($0.line, "\($0.text)( in a test: wait for an event, with a deadline")
    }
  }

  /// Words followed by `(` that are not being declared.
  private static func calls(of names: Set<String>, in file: SourceFile) -> [Token] {
    file.tokens.indices.compactMap { index in
      let token = file.tokens[index]
      guard token.kind == .word, names.contains(token.text), index + 1 < file.tokens.count,
        file.tokens[index + 1].isPunctuation("("), index == 0 || !file.tokens[index - 1].isWord("func")
      else { return nil }
      // `stream.print(…)` is somebody's method, `Task.sleep(…)` is not.
      if index >= 2, file.tokens[index - 1].isPunctuation("."),
        !["Task", "Thread", "Glibc", "Swift"].contains(file.tokens[index - 2].text)
      {
        return nil
      }
      return token
    }
  }
}
