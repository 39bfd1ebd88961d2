import MonitorProtocol

extension SeededGenerator {
  mutating func launchID() -> LaunchID { LaunchID.random(using: &self) }

  mutating func launchRecord() -> LaunchRecord {
    LaunchRecord(
      launchID: launchID(), kind: kind(), spec: spec(),
      seccomp: maybe { LaunchRecord.Seccomp(program: $0.bytes(), flags: $0.integer()) }, user: maybe { $0.string() },
      additionalGroups: list { $0.string() }, input: one(of: [.none, .open]),
      log: maybe {
        LaunchRecord.Log(
          format: $0.bool() ? .cri : .jsonFile(attributes: $0.bytes()), segmentBytesMax: $0.maybe { $0.integer() },
          segmentCountMax: $0.maybe { $0.integer() })
      },
      stopSignal: integer(), cgroupPath: string(), exitRecordName: string(),
      descriptors: list {
        $0.one(of: [
          .networkNamespace, .attach([.stdout, .stdin]), .logDirectory, .stateDirectory, .processNamespace,
          .ipcNamespace, .sharedMemoryOwner, .mountSource(destination: "/d"), .unknown(900),
        ])
      })
  }

  private mutating func kind() -> LaunchRecord.Kind {
    guard bool() else { return .exec(LaunchRecord.RunningContainer(pid: integer(), startTime: integer())) }
    let overlay = LaunchRecord.Overlay(
      lowers: list { $0.string() }, upper: maybe { LaunchRecord.Upper(path: $0.string(), work: $0.string()) })
    return .container(
      LaunchRecord.NewContainer(
        id: string(), root: bool() ? .overlay(overlay) : .directory(string()), hasInit: bool()))
  }

  mutating func exitRecord() -> ExitRecord {
    ExitRecord(
      launchID: launchID(),
      outcome: one(of: [
        .exited(code: integer()), .signaled(integer()), .failedToStart(Failure(kind: integer(), text: string())),
        .monitorLost,
      ]), wasOutOfMemory: bool(), startedAtNanoseconds: maybe { $0.integer() }, finishedAtNanoseconds: integer(),
      stdoutBytes: integer(), stderrBytes: integer())
  }

  mutating func request() -> MonitorRequest {
    switch next() % 11 {
    case 0: .hello(Hello(version: integer()))
    case 1: .launch(launchRecord())
    case 2: .signal(integer(), toAll: bool())
    case 3: .resize(rows: integer(), columns: integer())
    case 4: .attach(StreamSet(rawValue: integer()))
    case 5: .status
    case 6: .pause
    case 7: .resume
    case 8: .updateLimits(resources())
    case 9: .input(bytes())
    default: .closeInput
    }
  }

  mutating func reply() -> MonitorReply {
    switch next() % 10 {
    case 0: .hello(Hello(version: integer()))
    case 1: .started(Started(pid: integer(), startTime: integer(), atNanoseconds: integer()))
    case 2: .failed(Failure(kind: integer(), text: string() + "\0"))
    case 3: .exited(exitRecord())
    case 4: .attached(StreamPositions(stdout: integer(), stderr: integer()))
    case 5: .done
    case 6: .outOfMemory(count: integer())
    case 7: .stdout(bytes())
    case 8: .stderr(bytes())
    default: .lagged(StreamPositions(stdout: integer(), stderr: integer()))
    }
  }
}
