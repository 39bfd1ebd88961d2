import Glibc
import NIOCore

/// Writes the heads of answers.
struct ResponseHead {
  /// The value of `Server:`, for example `Skiff/0.1.0 (linux)`.
  let serverName: String

  enum Framing: Sendable, Equatable {
    case length(Int)
    case chunked
    /// The body ends with the connection: all that HTTP/1.0 knows for a body of unknown length.
    case untilClose
    /// The status says that there is no body.
    case none
  }

  /// The head of an answer to `request`; nil for one that could not be read.
  func render(
    _ response: Response, to request: RequestHead?, framing: Framing, keepsAlive: Bool, into buffer: inout ByteBuffer
  ) {
    let isHTTP10 = request?.isHTTP10 ?? false
    buffer.writeString("HTTP/1.\(isHTTP10 ? 0 : 1) \(response.status) \(reasonPhrase(response.status))\r\n")
    for (name, value) in response.headers { writeField(name, value, into: &buffer) }
    writeEngineFields(into: &buffer)
    buffer.writeString("Date: \(HTTPDate.now)\r\n")
    switch framing {
    case .length(let count): buffer.writeString("Content-Length: \(count)\r\n")
    case .chunked: buffer.writeString("Transfer-Encoding: chunked\r\n")
    case .untilClose, .none: break
    }
    if !keepsAlive {
      buffer.writeString("Connection: close\r\n")
    } else if isHTTP10 {
      buffer.writeString("Connection: keep-alive\r\n")
    }
    buffer.writeString("\r\n")
  }

  /// The head of a hijacked connection, word for word Docker's: some clients compare it.
  ///
  /// Before API 1.42 there was only one content type, and so there is without an upgrade.
  ///
  /// - Parameter further: fields that the client has asked for.
  func renderHijack(
    _ stream: HijackedStream, to request: RequestHead, version: APIVersion,
    further: [(name: String, value: String)] = [], into buffer: inout ByteBuffer
  ) {
    var type = "application/vnd.docker.raw-stream"
    if stream == .multiplexed, request.wantsUpgrade, version >= APIVersion(1, 42) {
      type = "application/vnd.docker.multiplexed-stream"
    }
    if request.wantsUpgrade {
      buffer.writeString("HTTP/1.1 101 UPGRADED\r\nContent-Type: \(type)\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n")
    } else {
      buffer.writeString("HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n")
    }
    writeEngineFields(into: &buffer)
    for field in further { writeField(field.name, field.value, into: &buffer) }
    buffer.writeString("\r\n")
  }

  private func writeEngineFields(into buffer: inout ByteBuffer) {
    buffer.writeString("Api-Version: \(APIVersion.newest)\r\nDocker-Experimental: false\r\nOstype: linux\r\n")
    writeField("Server", serverName, into: &buffer)
  }

  /// Control characters, which could begin another field, become spaces.
  private func writeField(_ name: String, _ value: String, into buffer: inout ByteBuffer) {
    buffer.writeString(name)
    buffer.writeString(": ")
    buffer.writeBytes(value.utf8.lazy.map { $0.isFieldValue ? $0 : UInt8.space })
    buffer.writeString("\r\n")
  }

  private func reasonPhrase(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 301: "Moved Permanently"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 413: "Request Entity Too Large"
    case 414: "Request URI Too Long"
    case 417: "Expectation Failed"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 505: "HTTP Version Not Supported"
    default: "Status \(status)"
    }
  }
}

/// The `Date` field's format: `Tue, 24 Nov 2026 12:58:54 GMT` (RFC 9110, 5.6.7).
enum HTTPDate {
  static var now: String { text(secondsSinceEpoch: time(nil)) }

  /// Civil time from Unix time; `gmtime_r` knows the calendar, and these words must not follow the locale.
  static func text(secondsSinceEpoch seconds: Int) -> String {
    var seconds = time_t(seconds)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let date = "\(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(Int(parts.tm_year) + 1900)"
    return "\(days[Int(parts.tm_wday)]), \(date) \(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }

  private static func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
