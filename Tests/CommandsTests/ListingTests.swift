import EngineClient
import Linux
import Testing

@testable import Commands

@Suite("Lists")
struct ListingTests {
  private static let containers = #"""
    [{"Id":"ee848effc5a53f57c22021917d24732be71d3b4d840d2e1fb859cb2e88e19fd0","Names":["/clic","/other/alias"],"Image":"srvbox:1@sha256:00",
      "ImageID":"sha256:2dab705cddf102143deaf607fd2c7d65a835c6a35eaa9f141febd5525d9d38dc","Command":"sh -c 'echo \"a long command\"'",
      "Created":1000,"Ports":[],"Labels":{"c":"d","a":"<b>"},"State":"created","Status":"Created",
      "Mounts":[{"Name":"clivol","Source":"/x","Driver":"local"},{"Source":"/a/very/long/source","Driver":""}],
      "NetworkSettings":{"Networks":{"none":{},"bridge":{}}},"SizeRw":12,"SizeRootFs":1982256},
     {"Id":"22bac1692ec7b1efe346e80662e38cdfbc168471d1c398bd346d963403fb60b1","Names":["/clib"],
      "Image":"sha256:2dab705cddf102143deaf607fd2c7d65a835c6a35eaa9f141febd5525d9d38dc",
      "ImageID":"sha256:2dab705cddf102143deaf607fd2c7d65a835c6a35eaa9f141febd5525d9d38dc","Command":"true","Created":4000,
      "Ports":[{"PrivatePort":80,"Type":"tcp"}],"Labels":{},"State":"running","Status":"Up 2 minutes","Mounts":[]}]
    """#

  /// What a list prints.
  private func printed<Row>(_ listing: Listing<Row>, _ rows: [Row], _ format: String) throws -> String {
    let pipe = try makePipe()
    do {
      let output = OutputBuffer(pipe.write)
      try listing.print(rows, format: format, to: output)
      try output.print("", terminator: "")
      try output.flush()
    }
    try pipe.read.setNonblocking(true)
    var bytes = [UInt8](repeating: 0, count: 65536)
    let transfer = try bytes.withUnsafeMutableBytes { try pipe.read.readAvailable(into: $0) }
    guard case .bytes(let count) = transfer else { return "" }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  private func rows(truncates: Bool = true) throws -> [ContainerRow] {
    try parsed(Self.containers).elements.map {
      ContainerRow(document: $0, truncates: truncates, now: Timestamp(seconds: 4600))
    }
  }

  @Test("containers: the table of `ps -s`")
  func table() throws {
    #expect(
      try printed(ContainerListing.listing(withSize: true), rows(), "") == """
        CONTAINER ID   IMAGE          COMMAND                   CREATED             STATUS         PORTS     NAMES     SIZE
        ee848effc5a5   srvbox:1       "sh -c 'echo \\"a long…"   About an hour ago   Created                  clic      12B (virtual 1.98MB)
        22bac1692ec7   2dab705cddf1   "true"                    10 minutes ago      Up 2 minutes   80/tcp    clib      0B

        """)
  }

  @Test("containers: a table by a template has the headers of its fields")
  func template() throws {
    #expect(
      try printed(
        ContainerListing.listing(withSize: false), rows(),
        #"table {{.Names}}\t{{.Label "a"}}\t{{.Labels}}\t{{.Mounts}}\t{{.LocalVolumes}}\t{{.Networks}}"#) == """
          NAMES     a         LABELS      MOUNTS                   LOCAL VOLUMES   NETWORKS
          clic      <b>       a=<b>,c=d   clivol,/a/very/long/s…   1               bridge,none
          clib                                                     0               

          """)
  }

  @Test("containers: without truncation ids, names and mounts are whole")
  func noTruncation() throws {
    #expect(
      try printed(
        ContainerListing.listing(withSize: false), rows(truncates: false), "{{.ID}} {{.Names}} {{.Mounts}} {{.Image}}"
      )
      .split(separator: "\n").first
        == "ee848effc5a53f57c22021917d24732be71d3b4d840d2e1fb859cb2e88e19fd0 clic,other/alias clivol,/a/very/long/source srvbox:1@sha256:00"
    )
  }

  @Test("a row as JSON is sorted, and escaped as Docker escapes it")
  func json() throws {
    let document = try parsed(#"{"Name":"v","Driver":"local","Labels":{"a":"<b"},"Mountpoint":"/m","Scope":"local"}"#)
    #expect(
      try printed(VolumeList.listing, [document], "json") == #"""
        {"Availability":"N/A","Driver":"local","Group":"N/A","Labels":"a=\u003cb","Links":"N/A","Mountpoint":"/m","Name":"v","Scope":"local","Size":"N/A","Status":"N/A"}

        """#)
  }

  @Test("images: a line for each tag, one for a digest without, and one for what has no name")
  func imageNames() throws {
    let image = try parsed(
      #"{"RepoTags":["a:1","r:5000/b:2"],"RepoDigests":["a@sha256:01","c@sha256:02"]}"#)
    func names(_ withDigests: Bool) -> [String] {
      ImageRow.names(image, withDigests: withDigests).map { "\($0.repository) \($0.tag) \($0.digest)" }
    }
    #expect(names(false) == ["a 1 <none>", "r:5000/b 2 <none>", "c <none> <none>"])
    #expect(names(true) == ["a 1 sha256:01", "r:5000/b 2 <none>", "c <none> sha256:02"])
    #expect(ImageRow.names(try parsed("{}"), withDigests: true) == [ImageRow.Name()])
  }

  @Test("statistics: processor share, memory without cache, and what went through network and disk")
  func statistics() throws {
    let sample = try parsed(
      #"""
      {"id":"a4f733b86a49aa548bc47dbf5e5b85eb","name":"/clia","pids_stats":{"current":1},
       "cpu_stats":{"cpu_usage":{"total_usage":300},"system_cpu_usage":2000,"online_cpus":2},
       "precpu_stats":{"cpu_usage":{"total_usage":100},"system_cpu_usage":1000},
       "memory_stats":{"usage":1048576,"limit":4194304,"stats":{"inactive_file":524288}},
       "networks":{"eth0":{"rx_bytes":1000,"tx_bytes":5},"eth1":{"rx_bytes":500,"tx_bytes":5}},
       "blkio_stats":{"io_service_bytes_recursive":[{"op":"Read","value":4096},{"op":"write","value":1},{"op":"Sync","value":9}]}}
      """#)
    #expect(
      try printed(
        StatisticsRow.listing, [StatisticsRow(container: "clia", sample: sample), StatisticsRow(container: "x")], "")
          == """
          CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT   MEM %     NET I/O       BLOCK I/O    PIDS
          a4f733b86a49   clia      40.00%    512KiB / 4MiB       12.50%    1.5kB / 10B   4.1kB / 1B   1
                         --        --        -- / --             --        --            --           --

          """)
  }

  @Test("an event is a line with its attributes in order")
  func event() throws {
    let event = try parsed(
      #"{"Type":"container","Action":"start","Actor":{"ID":"a4","Attributes":{"name":"web","image":"b:1"}},"timeNano":1500000001}"#
    )
    #expect(Events.line(event).hasSuffix(".500000001Z container start a4 (image=b:1, name=web)"))
  }
}
