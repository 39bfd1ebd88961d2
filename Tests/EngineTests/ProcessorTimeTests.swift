@testable import Engine
import Testing

@Suite struct ProcessorTimeTests {
  @Test("the machine's time is what its processors did and did not do; guests' time counts once")
  func sums() {
    let text = """
      cpu  10 1 5 100 4 3 2 1 9 9
      cpu0 6 1 3 50 2 2 1 1 5 5
      cpu2 4 0 2 50 2 1 1 0 4 4
      intr 8885917 17 0

      """
    let time = ProcessorTime(text: text, ticksPerSecond: 100)
    #expect(time.nanoseconds == 1_260_000_000)
    #expect(time.processors == 2)
  }
}
