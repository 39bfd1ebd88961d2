import Engine
import Testing

@Suite("A container's processes by ps") struct ProcessTableTests {
  @Test("the rows of the container's processes, the command in one piece")
  func chosen() throws {
    let table = try ProcessTable(
      ps: """
        UID          PID    PPID  C STIME TTY          TIME CMD
        root           1       0  0 14:04 ?        00:00:01 /sbin/init
        root       29682   29650  0 14:04 ?        00:00:00 sh -c  echo   a
        1000       29772   29624  0 14:04 pts/0    00:00:00 sleep 100

        """, pids: [29682, 29772])
    #expect(table.titles == ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"])
    #expect(
      table.processes == [
        ["root", "29682", "29650", "0", "14:04", "?", "00:00:00", "sh -c echo a"],
        ["1000", "29772", "29624", "0", "14:04", "pts/0", "00:00:00", "sleep 100"],
      ])
  }

  @Test("threads, which have no pid of their own, follow their process")
  func threads() throws {
    let table = try ProcessTable(ps: "PID CMD\n5 a\n- -\n6 b\n- -\n", pids: [6])
    #expect(table.processes == [["6", "b"], ["-", "-"]])
  }

  @Test("a table without PID is refused with Docker's text")
  func noPID() throws {
    #expect(throws: EngineError(.internalError, "Couldn't find PID field in ps output")) {
      try ProcessTable(ps: "COMMAND\nsh\n", pids: [1])
    }
  }

  @Test("what is no pid is refused")
  func strange() throws {
    #expect(throws: EngineError(.internalError, "Unexpected pid 'x'")) {
      try ProcessTable(ps: "PID CMD\nx sh\n", pids: [1])
    }
  }

  @Test("a row that ends early keeps what it has")
  func short() throws {
    #expect(try ProcessTable(ps: "PID TTY CMD\n7\n", pids: [7]).processes == [["7"]])
  }
}
