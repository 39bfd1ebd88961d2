/// One line of `GET /events`. The first three are for clients from before API 1.22.
package struct EventMessage: WireStruct {
  package var status = ""
  package var id = ""
  package var from = ""
  package var type = ""
  package var action = ""
  package var subject = EventActor()
  package var scope = ""
  /// Seconds since 1970.
  package var time = 0
  /// The same moment in nanoseconds.
  package var timeNano = 0

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<EventMessage>] = [
    WireField("status", \.status, .omitEmpty),
    WireField("id", \.id, .omitEmpty),
    WireField("from", \.from, .omitEmpty),
    WireField("Type", \.type),
    WireField("Action", \.action),
    WireField("Actor", \.subject),
    WireField("scope", \.scope, .omitEmpty),
    WireField("time", \.time, .omitEmpty),
    WireField("timeNano", \.timeNano, .omitEmpty),
  ]
}

/// What an event happened to.
package struct EventActor: WireStruct {
  package var id = ""
  package var attributes: [String: String]?

  /// Every member empty.
  package init() {}

  package static let fields: [WireField<EventActor>] = [
    WireField("ID", \.id),
    WireField("Attributes", \.attributes),
  ]
}
