import Database
import Glibc
import Linux
import Scratch
import Testing
import Volumes

@Suite("volumes: filling") struct FillingTests {
  private let scratch: ScratchFolder
  private let store: VolumeStore

  init() throws {
    scratch = try ScratchFolder()
    store = try VolumeStore(dataRoot: scratch.path, database: try StateDatabase.open(dataRoot: scratch.path))
    _ = try store.create("data")
  }

  /// Everything in a tree as text: type, mode, owner, links, time, name, target, attributes, content, holes.
  private func listing(_ path: String) throws -> String {
    try scratch.shell(
      #"""
      cd \#(path)
      find . -printf '%P %y %m %U:%G %n %T@ %l %s ' \( -type f -exec sh -c 'md5sum < "$1"; du -k "$1"' _ {} \; -o \
        \( -type c -o -type b \) -exec stat -c '%t:%T' {} \; -o -printf '\n' \) | sed 's/ d \(.*\) [0-9]* $/ d \1/' | LC_ALL=C sort
      """#)
  }

  private static let tree = """
    mkdir -p src/etc/deep src/empty; printf hello > src/etc/hello; ln src/etc/hello src/etc/deep/again
    ln -s /nowhere src/dangling; ln -s ../etc src/etc/link; mkfifo -m 640 src/pipe; mknod src/null c 1 3
    truncate -s 9M src/sparse; printf end >> src/sparse; : > src/none
    chmod 4755 src/etc/hello; chmod 1777 src/empty; chmod 0 src/etc/deep; chmod 2750 src
    chown 12:34 src/etc/hello; chown -h 5:6 src/dangling; chown 7:8 src/empty; chown 70:70 src
    touch -d @1500000000.123456789 src/etc/hello src/empty src; touch -h -d @1400000000 src/dangling
    """

  @Test("fill: an empty volume gets the source's tree, with everything that belongs to it")
  func fills() throws {
    try scratch.shell(Self.tree)
    let source = try open("\(scratch.path)/src", O_RDONLY | O_DIRECTORY)
    try open("\(scratch.path)/src/etc/hello", O_RDWR).setExtendedAttribute("user.note", [1, 2])
    #expect(try store.fill("data", from: source))
    #expect(try listing(store.mountpoint(of: "data")) == listing("\(scratch.path)/src"))
    let copy = try open("\(store.mountpoint(of: "data"))/etc/deep/again", O_RDONLY)
    #expect(try copy.extendedAttribute("user.note") == [1, 2])
    #expect(try store.usage(of: "data") == (9 << 20) + 3 + 5 + 8 + 6)
  }

  @Test("fill: a volume with something in it is left alone")
  func notEmpty() throws {
    try scratch.shell("mkdir src; echo new > src/file; echo old > volumes/data/_data/file")
    #expect(try !store.fill("data", from: open("\(scratch.path)/src", O_RDONLY | O_DIRECTORY)))
    #expect(try readText("\(store.mountpoint(of: "data"))/file") == "old\n")
  }

  @Test("fill: a source that cannot be copied leaves the volume empty")
  func fails() throws {
    let small = "\(scratch.path)/small"
    try makeDirectory(small)
    #expect(mount("tmpfs", small, "tmpfs", 0, "size=1m") == 0)
    defer { umount2(small, Int32(MNT_DETACH)) }
    let database = try StateDatabase.open(dataRoot: "\(scratch.path)/other")
    let store = try VolumeStore(dataRoot: small, database: database)
    _ = try store.create("data")
    try scratch.shell("mkdir src; head -c 3000000 /dev/zero > src/big")
    do {
      _ = try store.fill("data", from: open("\(scratch.path)/src", O_RDONLY | O_DIRECTORY))
      Issue.record("a full disk was not noticed")
    } catch VolumeError.diskFull {}
    #expect(try open("\(small)/volumes/data", O_RDONLY).entries() == ["_data"])
    #expect(try store.open("data").entries() == [])
  }
}
