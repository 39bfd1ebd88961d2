import OCI
import Testing

@testable import MonitorProtocol

/// A member of a spec that is neither carried nor refused would be lost on the way to the monitor, and with it perhaps
/// what protects the host.
@Suite("The spec's members") struct SpecMembersTests {
  @Test("the sample has every member of every type")
  func sampleIsComplete() {
    let empty = members(of: Samples.everything, "").filter(\.isEmpty).map(\.path)
    #expect(empty == [])
  }

  @Test("each member is carried, or refused by name")
  func carriedOrRefused() throws {
    var spec = Samples.everything
    var refused: Set<String> = []
    while true {
      do throws(RecordError) {
        var writer = RecordWriter()
        try spec.write(into: &writer)
        let read = try RuntimeSpec(field: writer.bytes[...])
        #expect(read == spec)
        break
      } catch {
        #expect(error.reason == .unsupported)
        let clear = try #require(Samples.refused[error.member], "\(error)")
        refused.insert(error.member)
        clear(&spec)
      }
    }
    #expect(refused == Set(Samples.refused.keys))
  }

  @Test("a launch that cannot be carried says what stands in the way")
  func launchError() throws {
    var record = Samples.exec
    record.spec.process?.apparmorProfile = "docker-default"
    let error = #expect(throws: ProtocolError.self) { try MonitorRequest.launch(record).encoded() }
    #expect(
      error?.description
        == "a message of type 0x41 is malformed: spec.process.apparmorProfile is not supported yet")
  }

  private struct Member {
    let path: String
    let isEmpty: Bool
  }

  /// The leaves of a value, with the first element of each collection.
  private func members(of value: Any, _ path: String) -> [Member] {
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional, .collection:
      guard let first = mirror.children.first else { return [Member(path: path, isEmpty: true)] }
      return members(of: first.value, path)
    case .dictionary:
      guard let pair = mirror.children.first,
        let content = Mirror(reflecting: pair.value).descendant("value")
      else { return [Member(path: path, isEmpty: true)] }
      return members(of: content, path)
    case .struct where !mirror.children.isEmpty && !(value is String):
      return mirror.children.flatMap { child in
        let label = child.label ?? ""
        return label == "wrappedValue"
          ? members(of: child.value, path)
          : members(of: child.value, "\(path).\(label.hasPrefix("_") ? String(label.dropFirst()) : label)")
      }
    default:
      return [Member(path: path, isEmpty: ["", "0", "false"].contains("\(value)"))]
    }
  }
}
