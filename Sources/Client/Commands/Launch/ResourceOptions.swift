/// How much memory and processor the container may use.
struct ResourceOptions {
  var memory: Int64 = 0
  var memoryReservation: Int64 = 0
  var memorySwap: Int64 = 0
  var memorySwappiness: Int64 = -1
  /// Billionths of a processor.
  var nanoProcessors: Int64 = 0
  var processorShares: Int64 = 0
  var processorPeriod: Int64 = 0
  var processorQuota: Int64 = 0
  var processorSet = ""
  var memoryNodes = ""
  var processesMax: Int64 = 0
  var sharedMemorySize: Int64 = 0

  static var flags: [Flag<ResourceOptions>] {
    [
      .value("cpu-period", nil, \.processorPeriod, "int64", "Period of the CPU quota in microseconds", parseInteger),
      .value("cpu-quota", nil, \.processorQuota, "int64", "CPU time in a period in microseconds", parseInteger),
      .value("cpu-shares", "c", \.processorShares, "int64", "Weight against other containers", parseInteger),
      .value("cpus", nil, \.nanoProcessors, "decimal", "Processors it may use, as 1.5", parseProcessors),
      .text("cpuset-cpus", nil, \.processorSet, "Processors it may run on, as 0-3 or 0,1"),
      .text("cpuset-mems", nil, \.memoryNodes, "Memory nodes it may use, as 0-3 or 0,1"),
      .value("memory", "m", \.memory, "bytes", "Memory it may use, as 512m", Sizes.parse),
      .value("memory-reservation", nil, \.memoryReservation, "bytes", "Memory it keeps under pressure", Sizes.parse),
      .value("memory-swap", nil, \.memorySwap, "bytes", "Memory and swap together; -1 for any swap") {
        (text) throws(FlagValueError) in text == "-1" ? -1 : try Sizes.parse(text)
      },
      .value(
        "memory-swappiness", nil, \.memorySwappiness, "int64", "How readily it is swapped, 0 to 100", parseInteger),
      .value("pids-limit", nil, \.processesMax, "int64", "Processes it may have; -1 for any number", parseInteger),
      .value("shm-size", nil, \.sharedMemorySize, "bytes", "Size of /dev/shm", Sizes.parse),
    ]
  }
}

/// Reads `1.5` into billionths, exactly.
func parseProcessors(_ text: String) throws(FlagValueError) -> Int64 {
  let problem = FlagValueError("failed to parse \(text) as a rational number")
  let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
  let whole = parts[0].isEmpty ? "0" : parts[0]
  var fraction = parts.count == 2 ? parts[1] : ""
  guard !text.isEmpty, text != ".", let wholes = Int64(whole), fraction.utf8.allSatisfy({ (0x30...0x39).contains($0) })
  else { throw problem }
  while fraction.last == "0" { fraction.removeLast() }
  guard fraction.count <= 9 else { throw FlagValueError("value is too precise") }
  let billionths = Int64(fraction + String(repeating: "0", count: 9 - fraction.count)) ?? 0
  let (product, overflows) = wholes.multipliedReportingOverflow(by: 1_000_000_000)
  guard !overflows else { throw problem }
  return whole.hasPrefix("-") ? product - billionths : product &+ billionths
}
