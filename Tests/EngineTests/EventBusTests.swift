import Engine
import Testing

@Suite struct EventBusTests {
  @Test("a listener hears history from a moment on, then what happens, in one order and nothing twice")
  func historyThenLive() async {
    let bus = EventBus()
    bus.publish(Event(.volume, "create", id: "a"))
    let stream = bus.listen(since: 0)
    bus.publish(Event(.volume, "create", id: "b"))
    bus.close()
    var heard: [String] = []
    for await event in stream { heard.append(event.id) }
    #expect(heard == ["a", "b"])
  }

  @Test("history is bounded: the oldest go")
  func historyIsBounded() {
    let bus = EventBus()
    for number in 0..<EventBus.historyMax + 10 { bus.publish(Event(.volume, "create", id: "\(number)")) }
    let history = bus.history(since: 0, until: .max)
    #expect(history.count == EventBus.historyMax)
    #expect(history.first?.id == "10")
  }

  @Test("a listener that falls too far behind is cut off after what it was told, and the others are not")
  func slowListener() async {
    let bus = EventBus()
    let slow = bus.listen(since: nil)
    for number in 0...EventBus.queueMax { bus.publish(Event(.volume, "create", id: "\(number)")) }
    #expect(bus.listenersCount == 0)
    var count = 0
    for await _ in slow { count += 1 }
    #expect(count == EventBus.queueMax)
  }
}
