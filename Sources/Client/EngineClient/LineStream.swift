/// JSON documents that come one after the other on lines of their own: events, progress, statistics.
package struct LineStream {
  private var body: ResponseBody
  private var buffer: [UInt8] = []
  /// Where the next line begins.
  private var start = 0
  private var chunk = [UInt8](repeating: 0, count: 16 << 10)

  /// One document. The largest are statistics of a machine with hundreds of processors.
  package static let lineBytesMax = 4 << 20

  /// Reads the documents of `body`.
  package init(_ body: ResponseBody) { self.body = body }

  /// The next document, or nil after the last.
  ///
  /// - Throws: `malformed` for what is no JSON, `tooLarge` for a line without end.
  package mutating func next() throws(ClientError) -> JSONValue? {
    while let line = try nextLine() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
      do { return try JSONParser.parse(Array(line)) } catch { throw .malformed("\(error)") }
    }
    return nil
  }

  /// Whether a line, or the beginning of one, was read already.
  var hasBuffered: Bool { start < buffer.count }

  private mutating func nextLine() throws(ClientError) -> ArraySlice<UInt8>? {
    var searched = start
    while true {
      if let newline = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { start = newline + 1 }
        return buffer[start..<newline]
      }
      guard buffer.count - start <= Self.lineBytesMax else { throw .tooLarge("a line", limit: Self.lineBytesMax) }
      buffer.removeSubrange(..<start)
      start = 0
      searched = buffer.count
      let count = try body.read(into: &chunk)
      if count == 0 {
        guard !buffer.isEmpty else { return nil }
        defer { start = buffer.count }
        return buffer[...]
      }
      buffer.append(contentsOf: chunk[..<count])
    }
  }
}
