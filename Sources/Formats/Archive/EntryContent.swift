/// Where a reader is in the data of an entry: what is stored of it, and where in the file that belongs.
struct EntryContent {
  /// What is left in the archive: stored bytes, and the filling of the last block behind them.
  private(set) var stored: Int64
  private(set) var padding: Int
  /// The size of the file, with its holes.
  private(set) var size: Int64
  private let segments: [SparseSegment]
  private var index = 0
  private var used: Int64 = 0

  /// Nothing.
  init() { self.init(stored: 0) }

  /// A file without holes of which all `stored` bytes are still to come.
  init(stored: Int64) {
    self.stored = stored
    padding = Int(-stored & Int64(TarHeader.blockBytes - 1))
    size = stored
    segments = stored == 0 ? [] : [SparseSegment(offset: 0, length: stored)]
  }

  /// A sparse file, of which `content` is stored.
  init(_ map: SparseMap, in content: EntryContent) {
    stored = content.stored
    padding = content.padding
    size = map.realSize
    segments = map.segments
  }

  /// How many bytes belong together next and where, nil behind the last.
  var next: (count: Int64, offset: Int64)? {
    guard index < segments.count else { return nil }
    return (segments[index].length - used, segments[index].offset + used)
  }

  /// Uses up `count` bytes, not more than `next` says.
  mutating func use(_ count: Int) {
    stored -= Int64(count)
    used += Int64(count)
    if used == segments[index].length {
      index += 1
      used = 0
    }
  }

  /// Passes over up to `count` bytes of data and filling, and says how many these were.
  mutating func skip(_ count: Int) -> Int {
    let data = Int(min(stored, Int64(count)))
    let filling = min(padding, count - data)
    stored -= Int64(data)
    padding -= filling
    return data + filling
  }

  /// Passes over a block of data that was no file's: a map that stands before them.
  mutating func skipBlock() { stored -= Int64(TarHeader.blockBytes) }
}
