import LaunchPlan
import Testing

/// As a real Docker 28.5 wrote them into its `config.json`.
@Suite("mounts of a plan")
struct MountTests {
  private func mounts(_ mounts: [MountSpec], kernel: KernelVersion = KernelVersion(6, 18)) throws -> String {
    try Fixture.diff { fixture in
      fixture.spec.mounts = mounts
      fixture.host.kernel = kernel
      fixture.inputs.volumes = ["/d/e": "/volumes/v2", "/etc/hosts": "/volumes/v3"]
    }
  }

  private func bind(
    _ destination: String, _ propagation: MountSpec.Propagation = .recursivePrivate, isReadOnly: Bool = false,
    reach: MountSpec.ReadOnlyReach = .allIfPossible, isNonRecursive: Bool = false
  ) -> MountSpec {
    var bind = MountSpec.Bind(source: "/host")
    bind.propagation = propagation
    bind.readOnlyReach = reach
    bind.isNonRecursive = isNonRecursive
    return MountSpec(destination, .bind(bind), isReadOnly: isReadOnly, origin: .mountFlag)
  }

  @Test("the shallow come first, and Docker's files after the user's of the same depth")
  func order() throws {
    #expect(
      try mounts([
        MountSpec("/d/e", .volume(.init(name: "v2")), isReadOnly: true, origin: .mountFlag),
        bind("/d", isNonRecursive: true), bind("/a/", isReadOnly: true, reach: .all),
        bind("/f", isReadOnly: true, reach: .topOnly),
      ]) == """
        + mount /d bind /host bind,rprivate
        + mount /a bind /host rbind,rro,rprivate
        + mount /f bind /host rbind,ro,rprivate
        + mount /d/e bind /volumes/v2 rbind,rro
        """)
  }

  @Test("before Linux 5.12 only the top of a read-only mount is")
  func oldKernel() throws {
    #expect(
      try mounts([bind("/a", isReadOnly: true)], kernel: KernelVersion(5, 11))
        == "+ mount /a bind /host rbind,ro,rprivate")
    #expect(throws: LaunchPlanError.self) {
      try mounts([bind("/a", isReadOnly: true, reach: .all)], kernel: KernelVersion(5, 11))
    }
  }

  @Test("a mount that stays joined to the host joins the root")
  func propagation() throws {
    #expect(
      try mounts([bind("/a", .recursiveSlave)]) == """
        + mount /a bind /host rbind,rslave
        + root propagation rslave
        """)
    #expect(
      try mounts([bind("/a", .recursiveSlave), bind("/b", .recursiveShared)]) == """
        + mount /a bind /host rbind,rslave
        + mount /b bind /host rbind,rshared
        + root propagation shared
        """)
  }

  @Test("a mount of the user's replaces Docker's at the same place, and /dev all below it")
  func replaced() throws {
    #expect(
      try mounts([bind("/dev/shm")]) == """
        - mount /dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=67108864
        + mount /dev/shm bind /host rbind,rprivate
        """)
    #expect(
      try mounts([bind("/dev")]) == """
        - mount /dev tmpfs tmpfs nosuid,strictatime,mode=755,size=65536k
        - mount /dev/pts devpts devpts nosuid,noexec,newinstance,ptmxmode=0666,mode=0620,gid=5
        - mount /dev/mqueue mqueue mqueue nosuid,noexec,nodev
        - mount /dev/shm tmpfs shm nosuid,noexec,nodev,mode=1777,size=67108864
        + mount /dev bind /host rbind,rprivate
        """)
  }

  @Test("a file of the user's for /etc/hosts becomes the source of Docker's mount")
  func networkFile() throws {
    #expect(
      try mounts([MountSpec("/etc/hosts", .volume(.init(name: "v3")), isReadOnly: true, origin: .volumeFlag(mode: ""))])
        == """
        - mount /etc/hosts bind /run/hosts rbind,rprivate
        + mount /etc/hosts bind /volumes/v3 rbind,rro,rprivate
        """)
  }

  @Test(
    "the last of two contrary options of a tmpfs stands, in its own place",
    arguments: [
      (["ro", "exec", "size=5%"], "nosuid,nodev,rprivate,ro,exec,size=5%"),
      (["size=1m", "size=2m", "mode=755", "uid=5", "noexec"], "nosuid,nodev,rprivate,size=2m,mode=755,uid=5,noexec"),
      (["size=64m", "exec", "mode=1777"], "nosuid,nodev,rprivate,size=64m,exec,mode=1777"),
      (["defaults"], "noexec,nosuid,nodev,rprivate"),
    ])
  func tmpfs(options: [String], expected: String) throws {
    var tmpfs = MountSpec.Tmpfs()
    tmpfs.options = options
    #expect(
      try mounts([MountSpec("/t", .tmpfs(tmpfs), origin: .tmpfsFlag)]) == "+ mount /t tmpfs tmpfs \(expected)")
  }

  @Test("the size and mode of a tmpfs are written as Docker writes them")
  func tmpfsSize() throws {
    var tmpfs = MountSpec.Tmpfs()
    tmpfs.sizeBytes = 1 << 20
    tmpfs.mode = 0o700
    #expect(
      try mounts([MountSpec("/c", .tmpfs(tmpfs), isReadOnly: true, origin: .mountFlag)])
        == "+ mount /c tmpfs tmpfs noexec,nosuid,nodev,rprivate,ro,mode=700,size=1m")
  }

  @Test("what cannot be mounted is refused in Docker's words")
  func refusals() {
    func error(_ mounts: MountSpec...) -> String? { Fixture.error { $0.spec.mounts = mounts } }
    var wrong = MountSpec.Tmpfs()
    wrong.options = ["foo=1"]
    #expect(error(bind("rel")) == "invalid mount path: 'rel' mount path must be absolute")
    #expect(error(bind("/a/..")) == "invalid specification: destination can't be '/'")
    #expect(error(bind("/a"), bind("/a/")) == "Duplicate mount point: /a/")
    #expect(error(MountSpec("/t", .tmpfs(wrong), origin: .tmpfsFlag)) == "invalid tmpfs option \"foo\"")
    #expect(
      error(bind("/a", reach: .all)) == "mount options conflict: !ReadOnly && BindOptions.ReadOnlyForceRecursive")
    #expect(
      error(MountSpec("/v", .volume(.init(name: "gone")), origin: .volumeFlag(mode: "")))
        == "volume \"gone\" for \"/v\" is not there")
  }
}
