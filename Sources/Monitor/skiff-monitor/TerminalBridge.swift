import Glibc
import Linux
import OCI

/// Carries bytes between our own standard streams and a container's terminal, in the foreground.
///
/// When our input is a terminal, it is raw meanwhile: keys such as Ctrl-C belong to the container.
final class TerminalBridge {
  private let master: Descriptor
  private let input: Descriptor
  private let savedMode: termios?
  private var isInputOpen = true
  /// What was read of our input and the terminal did not take yet. While there is some, no more is read: a process that
  /// does not read its terminal but writes to it must not find us waiting for it, or both wait for ever.
  private var pending: ArraySlice<UInt8> = []
  private var isOutputOpen = true
  private static let bufferBytes = 32 << 10
  private var buffer = [UInt8](repeating: 0, count: bufferBytes)

  /// Prepares to carry.
  init(master: Descriptor) throws(SyscallError) {
    self.master = master
    try master.setNonblocking(true)
    input = .standardInput
    var mode = termios()
    if tcgetattr(0, &mode) == 0 {
      savedMode = mode
      cfmakeraw(&mode)
      tcsetattr(0, TCSANOW, &mode)
    } else {
      savedMode = nil
    }
    resize()
  }

  /// The size that the window of `process` has from its first moment on: that of our own terminal, if we have one.
  static func giveOwnSize(to process: inout RuntimeSpec.Process) {
    guard let size = try? Descriptor.standardInput.windowSize() else { return }
    process.consoleSize = RuntimeSpec.ConsoleSize(height: size.rows, width: size.columns)
  }

  /// What to read from when it is readable.
  var sources: [Descriptor] { (isOutputOpen ? [master] : []) + (isInputOpen && pending.isEmpty ? [input] : []) }

  /// What to write to when it is writable.
  var targets: [Descriptor] { pending.isEmpty ? [] : [master] }

  /// Carries what is there at these sources, and what is pending when the terminal takes bytes again.
  func carry(from readable: [Descriptor], isWritable: Bool) throws(SyscallError) {
    if readable.contains(where: { $0 === master }) { try moveOutput() }
    if readable.contains(where: { $0 === input }) {
      let bytes = try read(from: input)
      isInputOpen = !(bytes ?? []).isEmpty
      pending = (bytes ?? [])[...]
    }
    if isWritable || !pending.isEmpty { movePending() }
  }

  /// Carries what the ended process has left in its terminal.
  func drain() throws(SyscallError) {
    while isOutputOpen, try master.waitUntilReadable(milliseconds: 0) { try moveOutput() }
  }

  /// Gives the container's terminal the size of ours.
  func resize() {
    guard let size = try? input.windowSize() else { return }
    try? master.setWindowSize(size)
  }

  /// Gives our own terminal its mode back.
  func restore() {
    guard var savedMode else { return }
    tcsetattr(0, TCSANOW, &savedMode)
  }

  private func moveOutput() throws(SyscallError) {
    guard let bytes = try read(from: master) else { return }
    isOutputOpen = !bytes.isEmpty
    // When nobody reads our output any more, it is thrown away: the process is not ours to stop.
    do { try Descriptor.standardOutput.writeAll(bytes) } catch  where error.errno == .brokenPipe {}
  }

  /// Writes what the terminal takes of the pending input.
  private func movePending() {
    let bytes = Array(pending)
    do {
      let count = try bytes.span.bytes.withUnsafeBytes { buffer throws(SyscallError) in try master.write(buffer) }
      pending = pending.dropFirst(count)
    } catch {
      // Any other reason is that nobody is there any more to read it.
      if error.errno != .tryAgain { pending = [] }
    }
  }

  /// Reads one buffer; empty at the end, nil when there is nothing yet.
  private func read(from source: Descriptor) throws(SyscallError) -> [UInt8]? {
    do {
      let count = try syscallCount("read") { Glibc.read(source.raw, &buffer, TerminalBridge.bufferBytes) }
      return Array(buffer[..<count])
    } catch {
      switch error.errno {
      case .tryAgain: return nil
      // A terminal whose last process is gone answers so.
      case .inputOutput: return []
      default: throw error
      }
    }
  }
}
