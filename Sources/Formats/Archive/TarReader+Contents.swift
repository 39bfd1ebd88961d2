import Linux

// The data of the current entry.
extension TarReader {
  /// Lends the stored data of the current entry piece by piece, each with its offset in the file. Holes of a sparse
  /// file are left out. After it the entry's data are used up.
  package mutating func forEachChunk(
    _ body: (UnsafeRawBufferPointer, Int64) throws(ArchiveError) -> Void
  ) throws(ArchiveError) {
    while let (count, offset) = content.next {
      guard try hasByte() else { throw failure(.truncated) }
      let chunk = UnsafeRawBufferPointer(rebasing: input.ready.prefix(Int(min(count, Int64(input.count)))))
      try body(chunk, offset)
      use(chunk.count)
    }
  }

  /// Reads the content of the current entry, holes as zeros; 0 is its end. Not to be mixed with `forEachChunk`.
  package mutating func read(into output: UnsafeMutableRawBufferPointer) throws(ArchiveError) -> Int {
    let (stored, offset) = content.next ?? (0, content.size)
    guard offset == position else {
      let hole = output.prefix(Int(min(offset - position, Int64(output.count))))
      UnsafeMutableRawBufferPointer(rebasing: hole).initializeMemory(as: UInt8.self, repeating: 0)
      position += Int64(hole.count)
      return hole.count
    }
    guard stored > 0, !output.isEmpty else { return 0 }
    guard try hasByte() else { throw failure(.truncated) }
    let count = Int(min(stored, Int64(min(input.count, output.count))))
    output.copyMemory(from: UnsafeRawBufferPointer(rebasing: input.ready.prefix(count)))
    use(count)
    position += Int64(count)
    return count
  }

  /// Reads the whole content of the current entry.
  ///
  /// - Parameter limit: the most bytes that are taken; a larger entry is an error.
  package mutating func readAll(limit: Int) throws(ArchiveError) -> [UInt8] {
    guard content.size <= Int64(limit) else { throw failure(.tooLarge("it", max: limit)) }
    var bytes = [UInt8](repeating: 0, count: Int(content.size))
    var used = 0
    while used < bytes.count {
      var span = bytes.mutableSpan
      used += try span.withUnsafeMutableBytes { all throws(ArchiveError) in
        try read(into: UnsafeMutableRawBufferPointer(rebasing: all[used...]))
      }
    }
    return bytes
  }

  /// Passes over what is left of the current entry.
  mutating func skipRest() throws(ArchiveError) {
    while content.stored > 0 || content.padding > 0 {
      guard try hasByte() else { throw failure(.truncated) }
      input.consume(content.skip(input.count))
    }
  }

  private mutating func hasByte() throws(ArchiveError) -> Bool {
    do throws(ArchiveError.Reason) { return try input.hasByte() } catch { throw failure(error) }
  }

  private mutating func use(_ count: Int) {
    input.consume(count)
    content.use(count)
  }
}
