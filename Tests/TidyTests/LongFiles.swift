/// Files that may be longer than 300 lines, because they are one table or one state machine. Each says which.
enum LongFiles {
  static let reasons: [String: String] = [
    "Sources/Kernel/CLinux/CLinux.c": "one table of system call wrappers"
  ]
}
