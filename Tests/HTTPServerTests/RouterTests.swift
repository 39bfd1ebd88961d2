import Testing

@testable import HTTPServer

@Suite("Router") struct RouterTests {
  private let router = Router([
    route(.get, "/_ping"), route(.head, "/_ping"),
    route(.get, "/images/json"),
    route(.get, "/images/{name...}/json"),
    route(.get, "/images/{name...}/history"),
    route(.delete, "/images/{name...}"),
    route(.get, "/containers/{id}/json"),
    route(.get, "/new", since: APIVersion(1, 44)),
  ])

  @Test(
    "a path is matched as Docker matches it",
    arguments: [
      ("GET /_ping", "/_ping"),
      ("HEAD /_ping", "/_ping"),
      ("GET /v1.24/_ping?x=/y", "/_ping"),
      ("GET /images/json", "/images/json"),
      ("GET /v1.51/images/localhost:5000/a/b:tag/json", "/images/{name...}/json name=localhost:5000/a/b:tag"),
      ("GET /images/localhost%3A5000%2Fa%2Fb%3Atag/json", "/images/{name...}/json name=localhost:5000/a/b:tag"),
      ("GET /images/json/json", "/images/{name...}/json name=json"),
      ("DELETE /images/a/b@sha256:0", "/images/{name...} name=a/b@sha256:0"),
      ("GET /containers/a+b/json", "/containers/{id}/json id=a+b"),
      ("GET /v1.44/new", "/new"),
      ("GET /v1.43/new", "404 page not found"),
      ("GET /containers/a/b/json", "404 page not found"),
      ("GET /nothing", "404 page not found"),
      ("POST /_ping", "404 page not found"),
      ("GET /", "404 page not found"),
      ("GET /v1.44", "404 page not found"),
      ("GET /vx/_ping", "404 page not found"),
      ("GET //_ping", "404 page not found"),
      ("GET /_ping/", "404 page not found"),
      ("GET /images//json", "404 page not found"),
      ("OPTIONS *", "404 page not found"),
      ("GET /containers/%00/json", "400 invalid request path"),
      ("GET /containers/%zz/json", "400 invalid request path"),
      ("GET /containers/%ff/json", "400 invalid request path"),
      ("GET /containers/%", "400 invalid request path"),
    ])
  func matches(request: String, expected: String) { #expect(describe(request) == expected) }

  @Test(
    "versions out of range are refused in Docker's words",
    arguments: [
      (
        "1.23",
        "client version 1.23 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"
      ),
      (
        "1",
        "client version 1 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"
      ),
      (
        "1.2.3",
        "client version 1.2.3 is too old. Minimum supported API version is 1.24, please upgrade your client to a newer version"
      ),
      ("1.52", "client version 1.52 is too new. Maximum supported API version is 1.51"),
      ("2.0", "client version 2.0 is too new. Maximum supported API version is 1.51"),
      ("1.51.1", "client version 1.51.1 is too new. Maximum supported API version is 1.51"),
      ("99999999999999999999", "client version 99999999999999999999 is too new. Maximum supported API version is 1.51"),
    ])
  func versions(version: String, message: String) {
    #expect(describe("GET /v\(version)/_ping") == "400 \(message)")
    // An unknown page is unknown in every version.
    #expect(describe("GET /v\(version)/nothing") == "404 page not found")
  }

  private func describe(_ request: String) -> String {
    let words = request.split(separator: " ")
    let head = RequestHead(
      method: Method(rawValue: String(words[0])), target: String(words[1]), isHTTP10: false, headers: Headers(),
      framing: .none)
    do {
      let match = try router.match(head)
      let parameters = match.parameters.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
      return match.route.pattern.description + parameters
    } catch {
      return "\(error.code.status) \(error.message)"
    }
  }
}

private func route(_ method: HTTPServer.Method, _ pattern: RoutePattern, since: APIVersion = .oldest) -> Route {
  Route(method, pattern, since: since, access: .read) { _ in Response() }
}

@Suite("Query") struct QueryTests {
  @Test("values are decoded, flags read as Docker reads them")
  func decodes() throws {
    let query = try Query(target: "/x?a=1&b=%7B%22x%22%3A+1%7D&c&d=false&d=2&e=%C3%A9&f=True")
    #expect(query["b"] == #"{"x": 1}"#)
    #expect(query["e"] == "é")
    #expect(query.values("d") == ["false", "2"])
    #expect(query.names == ["a", "b", "c", "d", "e", "f"])
    #expect(["a", "b", "c", "d", "f", "g"].map { query.flag($0) } == [true, true, false, false, true, false])
    #expect(try query.integer("a") == 1)
    #expect(try query.integer("c") == nil)
    #expect(throws: APIError.self) { try query.integer("b") }
  }

  @Test("text that is not URL-encoded is refused", arguments: ["/?a=%", "/?a=%2", "/?%zz", "/?a=%ff"])
  func refuses(target: String) {
    #expect(throws: APIError.self) { try Query(target: target) }
  }
}
