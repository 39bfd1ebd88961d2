package import Linux

/// Compresses a stream: a sink that writes what it is given, compressed, to another.
///
/// The same bytes compress to the same bytes, whatever the pieces they come in: no time and no name get into a header,
/// and one thread works on them. So an image saved twice is one blob.
package final class Compressor<Sink: ByteSink>: ByteSink {
  package private(set) var sink: Sink
  /// Bytes that were taken.
  package private(set) var bytesIn: Int64 = 0
  /// Compressed bytes that were written.
  package private(set) var bytesOut: Int64 = 0

  private let output: UnsafeMutableRawBufferPointer
  /// Nil for bytes that are to stay as they are.
  private let deflater: (any Deflater)?

  /// Compresses into `sink`, at the level that the format's own command takes by default.
  package init(_ compression: Compression, to sink: Sink) throws(CodecError) {
    self.sink = sink
    switch compression {
    case .none: deflater = nil
    case .gzip: deflater = try GzipDeflater()
    case .zstd: deflater = try ZstdDeflater()
    }
    output = .allocate(byteCount: codecBufferBytes, alignment: 64)
  }

  deinit { output.deallocate() }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(CodecError) {
    bytesIn += Int64(bytes.count)
    guard deflater != nil else { return try send(bytes) }
    try run(bytes, isLast: false)
  }

  /// Writes what is still held and the end. Nothing may be written after it.
  package func finish() throws(CodecError) {
    if deflater != nil { try run(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) }
  }

  private func run(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(CodecError) {
    guard let deflater else { return }
    var rest = bytes[...]
    while true {
      let (used, made, isDone) = try deflater.step(
        UnsafeRawBufferPointer(rebasing: rest), into: output, isLast: isLast)
      rest = rest.dropFirst(used)
      if made > 0 { try send(UnsafeRawBufferPointer(rebasing: output[..<made])) }
      if isDone { return }
    }
  }

  private func send(_ bytes: UnsafeRawBufferPointer) throws(CodecError) {
    do { try sink.write(bytes) } catch { throw .stream(error) }
    bytesOut += Int64(bytes.count)
  }
}

/// One library's compression, a step at a time.
protocol Deflater: AnyObject {
  /// Compresses some of `input` into `output` and says how much of both it used. `isDone`: all input was taken and, with
  /// `isLast`, the end was written.
  func step(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer, isLast: Bool)
    throws(CodecError)
    -> (used: Int, made: Int, isDone: Bool)
}
