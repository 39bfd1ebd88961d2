import EngineClient

/// What `stats` shows of one container.
struct StatisticsRow {
  /// As the user named it, or its short id.
  let container: String
  /// The last sample; nil before the first has come.
  var sample: JSONValue?
  var truncates = true

  private var memory: JSONValue { sample?["memory_stats"] ?? .null }

  var id: String { truncates ? shortID(sample?["id"].text ?? "") : sample?["id"].text ?? "" }

  var name: String {
    let name = sample?["name"].text ?? ""
    return name.hasPrefix("/") ? String(name.dropFirst()) : name
  }

  /// The share of one processor's time since the sample before.
  var processorPercent: Double {
    guard let sample else { return 0 }
    let (now, before) = (sample["cpu_stats"], sample["precpu_stats"])
    let used = now["cpu_usage"]["total_usage"].real - before["cpu_usage"]["total_usage"].real
    let passed = now["system_cpu_usage"].real - before["system_cpu_usage"].real
    let online = now["online_cpus"].real
    let processors = online > 0 ? online : Double(now["cpu_usage"]["percpu_usage"].elements.count)
    return used > 0 && passed > 0 ? used / passed * processors * 100 : 0
  }

  /// Without the page cache that can be dropped: `total_inactive_file` on cgroup v1, `inactive_file` on v2.
  var memoryUsed: Double {
    let usage = memory["usage"].real
    let statistics = memory["stats"]
    let total = statistics["total_inactive_file"]
    let cache = total.isNull ? statistics["inactive_file"].real : total.real
    return cache < usage ? usage - cache : usage
  }

  var memoryLimit: Double { memory["limit"].real }
  var memoryPercent: Double { memoryLimit > 0 ? memoryUsed / memoryLimit * 100 : 0 }

  private var network: (received: Double, sent: Double) {
    (sample?["networks"].members ?? []).reduce((0, 0)) {
      ($0.0 + $1.value["rx_bytes"].real, $0.1 + $1.value["tx_bytes"].real)
    }
  }

  private var disk: (read: Double, written: Double) {
    (sample?["blkio_stats"]["io_service_bytes_recursive"].elements ?? []).reduce((0, 0)) { sum, entry in
      switch entry["op"].text.first?.lowercased() {
      case "r": (sum.0 + entry["value"].real, sum.1)
      case "w": (sum.0, sum.1 + entry["value"].real)
      default: sum
      }
    }
  }

  static var listing: Listing<StatisticsRow> {
    Listing<StatisticsRow>(
      columns: [
        .init("BlockIO", "BLOCK I/O") { $0.orDashes(pair($0.disk.read, $0.disk.written)) },
        .init("CPUPerc", "CPU %") { $0.sample == nil ? "--" : "\(fixed($0.processorPercent, digits: 2))%" },
        .init("Container", "CONTAINER") { $0.container },
        .init("ID", "CONTAINER ID") { $0.id },
        .init("MemPerc", "MEM %") { $0.sample == nil ? "--" : "\(fixed($0.memoryPercent, digits: 2))%" },
        .init("MemUsage", "MEM USAGE / LIMIT") { row in
          row.sample == nil ? "-- / --" : "\(Sizes.binary(row.memoryUsed)) / \(Sizes.binary(row.memoryLimit))"
        },
        .init("Name", "NAME") { $0.sample == nil ? "--" : $0.name },
        .init("NetIO", "NET I/O") { $0.orDashes(pair($0.network.received, $0.network.sent)) },
        .init("PIDs", "PIDS") { row in
          row.sample.map { "\($0["pids_stats"]["current"].unsigned)" } ?? "--"
        },
      ],
      tableFields: ["ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs"])
  }

  private func orDashes(_ text: String) -> String { sample == nil ? "--" : text }

  private static func pair(_ left: Double, _ right: Double) -> String {
    "\(Sizes.decimal(left, digits: 3)) / \(Sizes.decimal(right, digits: 3))"
  }
}
