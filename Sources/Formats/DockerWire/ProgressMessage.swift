/// One line of a stream of progress: load, import, pull, push, build.
package struct ProgressMessage: WireStruct {
  package var stream = ""
  package var status = ""
  package var progressDetail: ProgressDetail?
  /// Drawn by the engine for clients that cannot draw.
  package var progress = ""
  package var id = ""
  package var errorDetail: ErrorDetail?
  package var error = ""
  package var aux: JSONValue = .null

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ProgressMessage>] = [
    WireField("stream", \.stream, .omitEmpty),
    WireField("status", \.status, .omitEmpty),
    WireField("progressDetail", \.progressDetail, .omitEmpty),
    WireField("progress", \.progress, .omitEmpty),
    WireField("id", \.id, .omitEmpty),
    WireField("errorDetail", \.errorDetail, .omitEmpty),
    WireField("error", \.error, .omitEmpty),
    WireField("aux", \.aux, .omitEmpty),
  ]
}

/// How far a layer has come, in bytes unless `units` says otherwise.
package struct ProgressDetail: WireStruct {
  package var current = 0
  package var total = 0
  package var start = 0
  package var hidesCounts = false
  package var units = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ProgressDetail>] = [
    WireField("current", \.current, .omitEmpty),
    WireField("total", \.total, .omitEmpty),
    WireField("start", \.start, .omitEmpty),
    WireField("hidecounts", \.hidesCounts, .omitEmpty),
    WireField("units", \.units, .omitEmpty),
  ]
}

/// Why a stream of progress ended early.
package struct ErrorDetail: WireStruct {
  package var code = 0
  package var message = ""

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<ErrorDetail>] = [
    WireField("code", \.code, .omitEmpty),
    WireField("message", \.message, .omitEmpty),
  ]
}
