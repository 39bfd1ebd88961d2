/// How a log is written: a parameter of each launch.
package struct LogSettings: Sendable {
  package var format: LogFormat
  /// A segment that a record would make longer is followed by a new one; a single longer record gets one of its own. Nil
  /// for one segment without end.
  package var segmentBytesMax: Int64?
  /// How many segments are kept, at least one; nil for all.
  package var segmentCountMax: Int?

  /// The default is 10 MiB × 3 of Docker's format.
  package init(
    format: LogFormat = .jsonFile(attributes: nil), segmentBytesMax: Int64? = 10 << 20, segmentCountMax: Int? = 3
  ) {
    self.format = format
    self.segmentBytesMax = segmentBytesMax
    self.segmentCountMax = segmentCountMax
  }
}

/// The shape of a record. A reader recognises either, so a log may change its format between launches.
package enum LogFormat: Equatable, Sendable {
  /// Docker's: `{"log":"text\n","stream":"stdout","attrs":{…},"time":"2016-10-06T00:17:09.669794202Z"}`.
  case jsonFile(attributes: LogAttributes?)
  /// Kubernetes': `2016-10-06T00:17:09.669794202Z stdout F text`.
  case cri
}

/// The `attrs` object that every record of a launch carries in Docker's format: `{"label":"value"}`.
package struct LogAttributes: Equatable, Sendable {
  let json: [UInt8]

  /// Every record repeats it, and has to fit into a reader's buffer.
  package static let bytesMax = 32 << 10

  /// Takes an object that is JSON on one line; nil if it is empty text, too long, or has a byte that no JSON has on one
  /// line.
  package init?(json: [UInt8]) {
    guard json.count <= Self.bytesMax, json.first == UInt8(ascii: "{"), json.last == UInt8(ascii: "}"),
      !json.contains(where: { $0 < 0x20 })
    else { return nil }
    self.json = json
  }
}

/// Docker's copier hands on a line in pieces of this many bytes, so programs that put them together again exist.
let pieceBytesMax = 16 << 10

/// No record that we write is longer: a piece of which every byte is escaped, attributes, and the rest.
let recordBytesMax = 6 * pieceBytesMax + LogAttributes.bytesMax + 512
