import Linux

/// What GNU tar's three pax formats say of a sparse file: GNU tar manual, "Storing Sparse Files".
///
/// - 0.0: `size`, `numblocks`, then `offset` and `numbytes` in turns, repeated.
/// - 0.1: `name`, `size`, and all numbers in one `map`.
/// - 1.0: `major`, `minor`, `name`, `realsize`; the numbers stand in decimal lines before the data, filled up to a
///   whole block.
struct PaxSparse {
  static let prefix = "GNU.sparse."

  private(set) var name: RawPath?
  private(set) var realSize: Int64?
  private(set) var segments: [SparseSegment]?
  private var major: Int64?
  private var offset: Int64?

  /// Whether the map stands before the data.
  var isMapInData: Bool { major == 1 }

  mutating func set(_ key: Substring, to value: ArraySlice<UInt8>) throws(ArchiveError.Reason) {
    switch key {
    case "name":
      guard value.count <= ArchiveBounds.pathBytesMax else {
        throw .tooLarge("its sparse name", max: ArchiveBounds.pathBytesMax)
      }
      guard let path = RawPath(value), !path.isEmpty else { throw .invalid("the sparse name is none") }
      name = path
    case "major": major = try Self.number(value)
    case "size", "realsize": realSize = try Self.number(value)
    case "map": segments = try Self.segments(value)
    case "offset": offset = try Self.number(value)
    case "numbytes":
      guard let start = offset else { throw .invalid("a sparse length has no offset") }
      offset = nil
      try append(SparseSegment(offset: start, length: try Self.number(value)))
    default: break
    }
  }

  private mutating func append(_ segment: SparseSegment) throws(ArchiveError.Reason) {
    var list = segments ?? []
    guard list.count < ArchiveBounds.sparseSegmentsMax else { throw Self.tooMany }
    // Without this the append would copy the list each time.
    segments = nil
    list.append(segment)
    segments = list
  }

  private static let tooMany = ArchiveError.Reason.tooLarge(
    "the number of sparse segments", max: ArchiveBounds.sparseSegmentsMax)

  private static func number(_ value: ArraySlice<UInt8>) throws(ArchiveError.Reason) -> Int64 {
    guard let number = PaxRecords.decimal(value) else { throw .invalid("a sparse number is none") }
    return number
  }

  private static func segments(_ map: ArraySlice<UInt8>) throws(ArchiveError.Reason) -> [SparseSegment] {
    let numbers = map.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard map.isEmpty || numbers.count.isMultiple(of: 2) else { throw .invalid("the sparse map is incomplete") }
    guard numbers.count / 2 <= ArchiveBounds.sparseSegmentsMax else { throw tooMany }
    var segments: [SparseSegment] = []
    for index in stride(from: 0, to: map.isEmpty ? 0 : numbers.count, by: 2) {
      segments.append(SparseSegment(offset: try number(numbers[index]), length: try number(numbers[index + 1])))
    }
    return segments
  }
}

/// The segments of a sparse file, known to be in order, apart, within the file, and as long as what is stored.
struct SparseMap: Equatable {
  let segments: [SparseSegment]
  let realSize: Int64

  init(_ segments: [SparseSegment], realSize: Int64, storedSize: Int64) throws(ArchiveError.Reason) {
    guard segments.count <= ArchiveBounds.sparseSegmentsMax else {
      throw .tooLarge("the number of sparse segments", max: ArchiveBounds.sparseSegmentsMax)
    }
    var end: Int64 = 0
    var stored: Int64 = 0
    for segment in segments {
      guard segment.length >= 0, segment.offset >= end, segment.length <= realSize,
        segment.offset <= realSize - segment.length
      else { throw .invalid("the sparse map is out of order or out of the file") }
      end = segment.offset + segment.length
      // Cannot overflow: the segments are apart and within the file.
      stored += segment.length
    }
    guard stored == storedSize else { throw .invalid("the sparse map does not fit the stored size") }
    self.segments = segments.filter { $0.length > 0 }
    self.realSize = realSize
  }
}
