import Testing

/// What containers use, by the stock `docker` command.
@Suite("statistics, by the stock docker") struct StatisticsTests {
  @Test("stats: shows a running container's processes, memory and limit")
  func running() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run -d --name web --memory 64m --pids-limit 20 busybox sh -c 'sleep 600 & wait'")
      let line = try engine.docker("stats --no-stream --format '{{.Name}} {{.PIDs}} {{.MemUsage}}' web")
      #expect(line.hasPrefix("web 2 "))
      #expect(line.hasSuffix(" / 64MiB\n"))
      let sample = try engine.request("/containers/web/stats?stream=0&one-shot=1")
      #expect(sample.contains(#""preread":"0001-01-01T00:00:00Z","pids_stats":{"current":2,"limit":20}"#))
      #expect(sample.contains(#""limit":67108864}"#))
    }
  }

  @Test("stats: what a busy container does shows as its share of the machine")
  func busy() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run -d --name web busybox sh -c 'while :; do :; done'")
      let share = try engine.docker("stats --no-stream --format '{{.CPUPerc}}' web")
      #expect(try #require(Double(share.dropLast(2))) > 1)
    }
  }

  @Test("stats: the stream ends when the container is gone")
  func streamEnds() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run -d --name web busybox sleep 600")
      let samples = try engine.shell(
        "{ curl -sN --unix-socket s http://d/containers/web/stats; echo over; } | "
          + "while read line; do echo sample; docker rm -f web > rm.log 2>&1; done | tail -n 1")
      #expect(samples == "sample\n")
      #expect(try engine.docker("ps -aq") == "")
    }
  }

  @Test("sizes: what a container wrote is its own, and is reclaimed by prune")
  func sizes() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run --name web busybox sh -c 'head -c 5000 /dev/zero > /f'")
      #expect(try engine.docker("ps -as --format '{{.Size}}'").hasPrefix("5kB (virtual "))
      #expect(try engine.docker("container prune -f").hasSuffix("Total reclaimed space: 5kB\n"))
    }
  }
}

/// Names, by the stock `docker` command.
@Suite("rename, by the stock docker") struct RenameTests {
  @Test("rename: a running container has its new name when the daemon has died, too")
  func survives() throws {
    try Engine.with { engine throws in
      _ = try engine.docker("run -d --name old busybox sleep 600")
      #expect(try engine.docker("rename old new") == "")
      try engine.killAndRestart()
      #expect(try engine.docker("ps --format '{{.Names}} {{.State}}'") == "new running\n")
    }
  }
}

extension Engine {
  /// The body of a GET.
  fileprivate func request(_ path: String) throws -> String {
    try shell("curl -s --unix-socket s 'http://d\(path)'")
  }
}
