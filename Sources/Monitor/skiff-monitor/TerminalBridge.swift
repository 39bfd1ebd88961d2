import Glibc
import Linux

/// Carries bytes between our own standard streams and a container's terminal, in the foreground.
///
/// When our input is a terminal, it is raw meanwhile: keys such as Ctrl-C belong to the container.
final class TerminalBridge {
  private let master: Descriptor
  private let input: Descriptor
  private let savedMode: termios?
  private var isInputOpen = true
  private var isOutputOpen = true
  private var buffer = [UInt8](repeating: 0, count: 32 << 10)

  /// Prepares to carry.
  init(master: Descriptor) throws(SyscallError) {
    self.master = master
    input = Descriptor(owning: 0)
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

  /// What to wait for: `carry` takes the indices of this list.
  var sources: [Descriptor] { (isOutputOpen ? [master] : []) + (isInputOpen ? [input] : []) }

  /// Carries what is there at the sources with these indices.
  func carry(readable: [Int]) throws(SyscallError) {
    let ready = readable.map { sources[$0] }
    for source in ready {
      if source === master { isOutputOpen = try move(from: master, to: .standardOutput) }
      if source === input { isInputOpen = try move(from: input, to: master) }
    }
  }

  /// Carries what the ended process has left in its terminal.
  func drain() throws(SyscallError) {
    while isOutputOpen, try master.waitUntilReadable(milliseconds: 0) {
      isOutputOpen = try move(from: master, to: .standardOutput)
    }
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

  /// Moves one buffer; false at the end.
  private func move(from source: Descriptor, to target: Descriptor) throws(SyscallError) -> Bool {
    let count: Int
    do {
      count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
    } catch let error as SyscallError {
      // A terminal whose last process is gone answers so.
      if error.errno == .inputOutput { return false }
      throw error
    } catch { return false }
    guard count > 0 else { return false }
    let bytes = buffer[..<count]
    try target.writeAll(Array(bytes))
    return true
  }
}
