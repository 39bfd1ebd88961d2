import Engine
import Glibc

// A client that goes away is an answer of write(2), not our end.
signal(SIGPIPE, SIG_IGN)
do {
  switch try DaemonCommandLine.read(Array(CommandLine.arguments.dropFirst())) {
  case .text(let text):
    Terminal.write(text, to: 1)
  case .serve(let options):
    guard geteuid() == 0 else {
      throw OptionError("must run as root: containers need mounts, namespaces and cgroups", exitCode: 1)
    }
    try Daemon(options).run()
  }
} catch let error as OptionError {
  Terminal.write("skiffd: \(error.description)\n", to: 2)
  exit(error.exitCode)
} catch let error as EngineError where error.code == .conflict {
  // Whoever started us at the same moment as somebody else another daemon, waits for that one.
  Terminal.write("skiffd: \(error)\n", to: 2)
  exit(3)
} catch {
  Terminal.write("skiffd: \(error)\n", to: 2)
  exit(1)
}
