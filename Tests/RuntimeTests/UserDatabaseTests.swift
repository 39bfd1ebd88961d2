import OCI
import Runtime
import Testing

@Suite("Users of an image") struct UserDatabaseTests {
  private let database = UserDatabase(
    passwd: """
      root:x:0:0:root:/root:/bin/sh
      # a comment, and a line with too few fields
      broken:x
      www:x:33:33::/var/www:/usr/sbin/nologin
      1000:x:7:8::/home/digits:/bin/sh
      app:x:1000:1001::/home/app:/bin/sh
      """,
    group: """
      root:x:0:
      adm:x:4:app,www
      www:x:33:
      extra:x:50:app
      app:x:1001:
      """)

  @Test(
    "user[:group] resolves as Docker has it",
    arguments: [
      ("", "0:0 [0] /root"),
      ("root", "0:0 [0] /root"),
      ("app", "1000:1001 [1001, 4, 50] /home/app"),
      ("app:www", "1000:33 [33] /home/app"),
      ("app:77", "1000:77 [77] /home/app"),
      ("33", "33:33 [33, 4] /var/www"),
      ("1000", "7:8 [8] /home/digits"),
      ("4242", "4242:0 [0] /"),
      ("4242:50", "4242:50 [50] /"),
      (":50", "0:50 [50] /root"),
    ])
  func resolves(text: String, expected: String) throws {
    let (user, home) = try database.resolve(text)
    #expect("\(user.uid):\(user.gid) \(user.additionalGids) \(home)" == expected)
  }

  @Test("additional groups come after the user's own, each once")
  func additionalGroups() throws {
    #expect(try database.resolve("app", additional: ["adm", "99", "4"]).user.additionalGids == [1001, 4, 50, 99])
  }

  @Test(
    "what the files do not have is refused with Docker's words",
    arguments: [
      ("nobody", "unable to find user nobody: no matching entries in passwd file"),
      ("-1", "uids and gids must be in range 0-2147483647"),
      ("4294967295", "uids and gids must be in range 0-2147483647"),
      ("app:nogroup", "unable to find group nogroup: no matching entries in group file"),
    ])
  func refuses(text: String, message: String) {
    #expect(throws: RuntimeError(.invalid, message)) { try database.resolve(text) }
  }
}
