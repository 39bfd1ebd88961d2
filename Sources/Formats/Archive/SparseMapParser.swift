/// Parses the map of pax sparse format 1.0: decimal lines, first the number of segments, then offset and length of each.
struct SparseMapParser {
  private(set) var segments: [SparseSegment] = []
  private var count: Int64?
  private var offset: Int64?
  private var digits: [UInt8] = []

  /// Whether all segments that the first line announced were read.
  var isComplete: Bool { count.map { Int64(segments.count) == $0 } ?? false }

  /// Reads on in `block`; what follows the last line there is filling.
  mutating func add(_ block: UnsafeRawBufferPointer) throws(ArchiveError.Reason) {
    for byte in block where !isComplete {
      guard byte == UInt8(ascii: "\n") else {
        // 64 bits have at most 19 digits.
        guard digits.count < 19 else { throw .invalid("a sparse number is none") }
        digits.append(byte)
        continue
      }
      guard let number = PaxRecords.decimal(digits[...]) else { throw .invalid("a sparse number is none") }
      digits.removeAll(keepingCapacity: true)
      try take(number)
    }
  }

  private mutating func take(_ number: Int64) throws(ArchiveError.Reason) {
    if count == nil {
      guard number <= Int64(ArchiveBounds.sparseSegmentsMax) else {
        throw .tooLarge("the number of sparse segments", max: ArchiveBounds.sparseSegmentsMax)
      }
      count = number
    } else if let start = offset {
      segments.append(SparseSegment(offset: start, length: number))
      offset = nil
    } else {
      offset = number
    }
  }
}
