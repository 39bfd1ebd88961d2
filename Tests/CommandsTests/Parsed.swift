import EngineClient

/// The document that `text` holds.
func parsed(_ text: String) throws -> JSONValue { try JSONParser.parse(text) }
