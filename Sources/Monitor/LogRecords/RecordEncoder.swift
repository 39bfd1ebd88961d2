/// Encodes records one after the other into a buffer of fixed size.
///
/// Docker's format, from the left: the opening, the escaped text, a middle that is the same for every record of a stream,
/// the time, the end. So a record costs one pass over its text and four short copies.
struct RecordEncoder: ~Copyable {
  /// Records collect up to here; with one more the buffer is written out.
  static let fillBytes = 64 << 10
  /// Room for a whole record on top. What is not used of it is never touched, so it is no memory.
  private static let capacity = fillBytes + recordBytesMax + 8

  private let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
  private(set) var count = 0
  private let format: LogFormat
  private let middles: (stdout: [UInt8], stderr: [UInt8])
  private let timeText = UnsafeMutablePointer<UInt8>.allocate(capacity: LogTime.textBytesMax)
  private var timeCount = 0
  private var timeWritten: LogTime?

  /// An empty buffer for records of `format`.
  init(_ format: LogFormat) {
    self.format = format
    middles = (Self.middle(.stdout, format), Self.middle(.stderr, format))
  }

  deinit {
    memory.deallocate()
    timeText.deallocate()
  }

  /// The records.
  var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: memory, count: count) }

  var isFull: Bool { count >= Self.fillBytes }

  /// Forgets the first `length` bytes.
  mutating func removeFirst(_ length: Int) {
    count -= length
    UnsafeMutableRawPointer(memory).copyMemory(from: memory + length, byteCount: count)
  }

  /// Adds the record of `text`, at most `pieceBytesMax` bytes without the newline, which `isWhole` says the process
  /// wrote. The buffer must not be full.
  mutating func append(_ text: UnsafeRawBufferPointer, isWhole: Bool, _ stream: LogStream, _ time: LogTime) {
    formatTime(time)
    switch format {
    case .jsonFile:
      add("{\"log\":\"")
      count += escape(text, to: memory + count)
      if isWhole { add("\\n") }
      if stream == .stdout { add(middles.stdout) } else { add(middles.stderr) }
      addTime()
      add("\"}\n")
    case .cri:
      addTime()
      if stream == .stdout { add(middles.stdout) } else { add(middles.stderr) }
      add(isWhole ? "F " : "P ")
      add(text)
      add("\n")
    }
  }

  /// Adds the record that says that `lost` bytes are missing from here on, and why.
  ///
  /// The counts of each stream are there for a machine: in Docker's format as attributes, in Kubernetes' as a tag, of
  /// which its readers look at the first only.
  mutating func appendLoss(_ lost: StreamPositions, reason: String, _ time: LogTime) {
    formatTime(time)
    let text = "[skiff: \(lost.total) bytes of log were lost: \(reason)]"
    switch format {
    case .jsonFile:
      add("{\"log\":\"")
      Array(text.utf8).withUnsafeBytes { count += escape($0, to: memory + count) }
      add(Array(LossMark.json(lost).utf8))
      addTime()
      add("\"}\n")
    case .cri:
      addTime()
      add(Array("\(LossMark.cri(lost)) \(text)\n".utf8))
    }
  }

  private static func middle(_ stream: LogStream, _ format: LogFormat) -> [UInt8] {
    switch format {
    case .jsonFile(let attributes):
      let attrs = attributes.map { Array(#","attrs":"#.utf8) + $0.json } ?? []
      return Array(#"","stream":"\#(stream.name)""#.utf8) + attrs + Array(#","time":""#.utf8)
    case .cri:
      return Array(" \(stream.name) ".utf8)
    }
  }

  private mutating func formatTime(_ time: LogTime) {
    if timeWritten == time { return }
    timeCount = time.write(to: timeText)
    timeWritten = time
  }

  private mutating func addTime() { add(UnsafeRawBufferPointer(start: timeText, count: timeCount)) }

  private mutating func add(_ text: StaticString) {
    add(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

  private mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    UnsafeMutableRawPointer(memory + count).copyMemory(from: start, byteCount: bytes.count)
    count += bytes.count
  }
}

/// How a record says to a machine that bytes are missing.
enum LossMark {
  static let stdoutAttribute: StaticString = "dev.skiff.lost.stdout"
  static let stderrAttribute: StaticString = "dev.skiff.lost.stderr"
  static let tag = "lost="

  /// What comes between the text and the time in Docker's format.
  static func json(_ lost: StreamPositions) -> String {
    let attributes = #"{"\#(stdoutAttribute)":"\#(lost.stdout)","\#(stderrAttribute)":"\#(lost.stderr)"}"#
    return #"\n","stream":"stderr","attrs":\#(attributes),"time":""#
  }

  /// What comes between the time and the text in Kubernetes' format.
  static func cri(_ lost: StreamPositions) -> String { " stderr F:\(tag)\(lost.stdout)+\(lost.stderr)" }
}
