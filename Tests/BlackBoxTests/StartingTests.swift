import Glibc
import Linux
import Testing

/// What `skiff` does where no engine runs. Each test has a machine to itself, as far as its files and processes go.
@Suite struct StartingTests {
  @Test("skiff: where no engine runs it starts one, and one only for clients that come together")
  func start() throws {
    let outcome = try PrivateHost.run(
      """
      for client in 1 2 3; do skiff images >/tmp/$client 2>&1 & done
      wait
      cat /tmp/1 /tmp/2 /tmp/3
      pgrep -c skiffd
      skiff daemon status | sed 's/version.*process [0-9]*$/VERSION/'
      """)
    let header = "REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n"
    #expect(
      outcome
        == Outcome(
          code: 0,
          output: Array(
            "\(header)\(header)\(header)1\nThe engine is running at unix:///run/skiff/skiff.sock: VERSION\n".utf8),
          errors: ""))
  }

  @Test("skiff: an engine that it starts has nothing of the user's session")
  func detached() throws {
    let outcome = try PrivateHost.run(
      """
      umask 077
      ulimit -S -n 100
      export SECRET=x
      exec 7</etc/passwd
      skiff images >/dev/null
      cd /proc/$(pgrep skiffd)
      tr '\\0' '\\n' <environ
      readlink cwd
      grep Umask status | tr '\\t' ' '
      awk '/open files/ && $4 == $5 && $4 > 1000 { print "many files" }' limits
      ls -l fd | grep -c passwd
      [ $(awk '{ print $6 }' stat) = $(basename $(readlink -f .)) ] && echo leads its session
      sed -n 's/.*[:,]memory.*:\\|^0:://p' cgroup | sort -r | head -1
      readlink fd/1 fd/2
      """)
    #expect(
      outcome.text == """
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        /
        Umask: 0022
        many files
        0
        leads its session
        /skiffd
        /var/log/skiffd.log
        /var/log/skiffd.log

        """)
    #expect(outcome.errors == "")
  }

  @Test("skiff: an engine that cannot start is quoted")
  func broken() throws {
    let outcome = try PrivateHost.run("echo '{\"data-root\": 1}' >/etc/skiff/daemon.json; skiff ps")
    #expect(
      outcome
        == Outcome(
          code: 1, output: [],
          errors: """
            the engine was started and ended at once: exit status 1
            skiffd: unable to configure the daemon with file /etc/skiff/daemon.json: invalid JSON: data-root is no string

            """))
  }

  @Test("skiff: at an address that is not the default's, no engine is started")
  func elsewhere() throws {
    let outcome = try PrivateHost.run("SKIFF_HOST=unix:///run/other.sock skiff ps; pgrep -c skiffd")
    #expect(
      outcome
        == Outcome(
          code: 1, output: Array("0\n".utf8),
          errors: """
            cannot reach the engine at unix:///run/other.sock: no such file or directory
            hint: nobody listens there; see whether -H or SKIFF_HOST is right, or leave both away

            """))
  }

  @Test("skiff daemon: starts and stops the engine, and says when there is nothing to do")
  func daemonVerbs() throws {
    let outcome = try PrivateHost.run(
      """
      skiff daemon status; echo $?
      skiff daemon start
      skiff daemon start
      skiff daemon stop
      pgrep -c skiffd
      find /sys/fs/cgroup -name skiffd
      skiff daemon stop
      """)
    let address = "unix:///run/skiff/skiff.sock"
    #expect(
      outcome
        == Outcome(
          code: 0,
          output: Array(
            """
            The engine is not running at \(address)
            1
            The engine is running at \(address)
            The engine is running at \(address) already
            The engine has stopped; containers go on
            0
            The engine is not running at \(address)

            """.utf8), errors: ""))
  }

  @Test("skiff daemon stop: what is no engine of ours is left alone")
  func foreign() throws {
    let outcome = try PrivateHost.run(
      """
      mkdir /run/x
      python3 -c "import socket,time; s=socket.socket(socket.AF_UNIX); s.bind('/run/x/s'); s.listen(); open('/run/x/up','w'); time.sleep(60)" & until [ -e /run/x/up ]; do :; done
      skiff -H unix:///run/x/s daemon stop 2>&1 | sed 's/[0-9][0-9]*/PID/'
      """)
    #expect(
      outcome.text == """
        cannot stop the engine: process PID, which listens there, is "python3" and not skiffd
        hint: stop it as it was started

        """)
  }

  @Test("skiff: where systemd knows the engine's unit, systemd starts it")
  func systemd() throws {
    let outcome = try PrivateHost.run(
      """
      mkdir -p /run/systemd/system && touch /run/systemd/system/skiff.service
      printf '#!/bin/sh\\necho "$@" "$(env | cut -d= -f1 | sort | tr "\\n" " ")"; exit 5\\n' >/run/systemctl
      chmod 755 /run/systemctl && mount --bind /run/systemctl /usr/bin/systemctl
      skiff ps
      """)
    #expect(
      outcome
        == Outcome(
          code: 1, output: [],
          errors: """
            the engine was started and ended at once: exit status 5
            start skiff.service LC_ALL PATH PWD 

            """))
  }
}

/// A shell that has the machine's programs, and where nothing of Skiff's is yet. When it ends, all that it started does.
enum PrivateHost {
  /// Runs `script`; `skiff` is in its PATH.
  static func run(_ script: String) throws -> Outcome {
    var template = Array("/tmp/skiff-host-XXXXXX".utf8CString)
    let directory = try #require(mkdtemp(&template).map { String(cString: $0) })
    let result = Result {
      let whole = """
        # The programs may be below what is hidden next.
        mount --bind \(try programs()) /mnt
        PATH=/mnt:$PATH
        for folder in /run /var/lib /var/log /tmp; do mount -t tmpfs tmpfs $folder; done
        mkdir /run/work /run/upper
        mount -t overlay overlay -o lowerdir=/etc,upperdir=/run/upper,workdir=/run/work /etc
        mkdir -p /etc/skiff
        (
        \(script)
        )
        code=$?
        skiff daemon stop >/dev/null 2>&1
        exit $code
        """
      return try Program(
        "/usr/bin/unshare",
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "sh", "-c", whole],
        stem: "\(directory)/host"
      ).wait()
    }
    #expect(throws: Never.self) { try removeTree(directory) }
    return try result.get()
  }

  private static func programs() throws -> String {
    guard let folder = getenv("SKIFF_BIN").map({ String(cString: $0) }) else {
      throw TestFailure("SKIFF_BIN is not set: `make test` builds the programs and says where they are")
    }
    return folder
  }
}
