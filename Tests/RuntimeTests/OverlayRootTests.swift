import Testing

@testable import Runtime

@Suite("Overlay") struct OverlayRootTests {
  @Test("layers are named relative to the directory that they share")
  func relativeNames() {
    let (directory, names) = OverlayRoot.relative(["/d/snapshots/3/fs", "/d/snapshots/1/fs", "/d/snapshots/22/fs"])
    #expect(directory == "/d/snapshots")
    #expect(names == ["3/fs", "1/fs", "22/fs"])
  }
}
