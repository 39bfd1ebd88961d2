import Glibc

/// Cuts the output of one stream into lines, and lines that are long into pieces, as Docker does.
///
/// What has no newline yet waits here, so that a prompt and its answer are one record. A piece that would end inside a
/// UTF-8 character ends before it: Docker cuts it, and both halves become U+FFFD.
final class LineSplitter {
  private let waiting = UnsafeMutableRawPointer.allocate(byteCount: pieceBytesMax, alignment: 1)
  private var count = 0
  /// How many of the waiting bytes the last piece took.
  private var taken = 0

  /// The time of the first piece of a line of which the end has not come; its other pieces have the same.
  var unfinishedSince: LogTime?

  deinit { waiting.deallocate() }

  /// Takes the next line or piece from `input` and what waits; nil when all of `input` was taken and waits. The bytes are
  /// valid until the next call.
  func next(from input: inout UnsafeRawBufferPointer) -> (text: UnsafeRawBufferPointer, isWhole: Bool)? {
    dropTaken()
    guard let start = input.baseAddress, !input.isEmpty else { return nil }
    let reach = min(input.count, pieceBytesMax - count)
    if let newline = memchr(start, 0x0a, reach) {
      let length = UnsafeRawPointer(newline) - start
      defer { input = UnsafeRawBufferPointer(rebasing: input[(length + 1)...]) }
      return (gather(input, length), true)
    }
    guard count + reach == pieceBytesMax else {
      wait(for: input, reach)
      input = UnsafeRawBufferPointer(start: nil, count: 0)
      return nil
    }
    defer { input = UnsafeRawBufferPointer(rebasing: input[reach...]) }
    wait(for: input, reach)
    let piece = UnsafeRawBufferPointer(start: waiting, count: count)
    taken = count - unfinishedCharacterLength(piece)
    return (UnsafeRawBufferPointer(rebasing: piece[..<taken]), false)
  }

  /// What waits for its newline.
  var unfinished: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: waiting + taken, count: count - taken) }

  /// Takes what still waits when the stream has ended, as a piece without its end; nil when nothing does.
  func rest() -> UnsafeRawBufferPointer? {
    let rest = unfinished
    taken = count
    return rest.isEmpty ? nil : rest
  }

  /// What waits and `length` bytes of `input`, without a copy when nothing waits.
  private func gather(_ input: UnsafeRawBufferPointer, _ length: Int) -> UnsafeRawBufferPointer {
    if count == 0 { return UnsafeRawBufferPointer(rebasing: input[..<length]) }
    wait(for: input, length)
    taken = count
    return UnsafeRawBufferPointer(start: waiting, count: count)
  }

  private func wait(for input: UnsafeRawBufferPointer, _ length: Int) {
    (waiting + count).copyMemory(from: UnsafeRawBufferPointer(rebasing: input[..<length]))
    count += length
  }

  private func dropTaken() {
    guard taken > 0 else { return }
    count -= taken
    waiting.copyMemory(from: waiting + taken, byteCount: count)
    taken = 0
  }
}

extension UnsafeMutableRawPointer {
  fileprivate func copyMemory(from source: UnsafeRawBufferPointer) {
    if let start = source.baseAddress { copyMemory(from: start, byteCount: source.count) }
  }
}
