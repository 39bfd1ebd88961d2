import OCI
import Testing

private let digest = "sha256:" + String(repeating: "a", count: 64)

@Suite("Image documents") struct ImageTests {
  @Test("a manifest comes back as it was")
  func manifest() throws {
    let json = """
      {"schemaVersion": 2, "mediaType": "\(MediaType.manifest)", "artifactType": "a/b",
       "config": {"mediaType": "\(MediaType.config)", "digest": "\(digest)", "size": 7, "data": "e30="},
       "layers": [{"mediaType": "\(MediaType.layerForeignGzip)", "digest": "\(digest)", "size": 9, "urls": ["https://x"],
        "annotations": {"k": "v"}}],
       "subject": {"mediaType": "\(MediaType.manifest)", "digest": "\(digest)", "size": 1, "artifactType": "t"},
       "annotations": {"a": "b"}}
      """
    #expect(try rewritten(ImageManifest.self, json).description == decode(JSONValue.self, json).description)
  }

  @Test("a config with Docker's members comes back as it was")
  func config() throws {
    let json = """
      {"architecture": "arm64", "os": "linux", "variant": "v8", "os.version": "1", "os.features": ["f"],
       "created": "2024-01-02T03:04:05.678901234Z", "author": "me", "comment": "c", "docker_version": "28.5.2",
       "config": {"User": "1:2", "ExposedPorts": {"80/tcp": {}, "53/udp": {}}, "Env": ["A=b"], "Entrypoint": ["/e"],
        "Cmd": ["c"], "Volumes": {"/data": {}}, "WorkingDir": "/w", "Labels": {"l": "v"}, "StopSignal": "SIGQUIT",
        "ArgsEscaped": true, "OnBuild": ["RUN x"], "Shell": ["/bin/bash", "-c"], "Hostname": "h", "Domainname": "d",
        "Healthcheck": {"Test": ["CMD", "true"], "Interval": 1, "Timeout": 2, "StartPeriod": 3, "StartInterval": 4,
         "Retries": 5}},
       "rootfs": {"type": "layers", "diff_ids": ["\(digest)"]},
       "history": [{"created": "2024-01-02T03:04:05Z", "created_by": "RUN", "author": "a", "comment": "b"},
        {"created_by": "ENV", "empty_layer": true}]}
      """
    #expect(try rewritten(ImageConfig.self, json).description == decode(JSONValue.self, json).description)
  }

  @Test("a config with null where Go had nothing is read as empty")
  func nullConfig() throws {
    let json = """
      {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": null}, "history": null,
       "config": {"Env": null, "Cmd": null, "Volumes": null, "Labels": null, "Entrypoint": null, "OnBuild": null}}
      """
    #expect(
      try decode(ImageConfig.self, json)
        == ImageConfig(architecture: "amd64", os: "linux", config: .init(), rootfs: .init(diffIDs: [])))
  }

  @Test(
    "a document that two clients could read differently is refused",
    arguments: [
      (
        #"{"schemaVersion": 2, "mediaType": "\#(MediaType.index)", "manifests": [], "layers": []}"#, MediaType.index,
        "invalid JSON: an index has no \"config\" and no \"layers\""
      ),
      (
        #"{"schemaVersion": 2, "manifests": [], "layers": []}"#, MediaType.manifest,
        "invalid JSON: a manifest has no \"manifests\""
      ),
      (
        #"{"schemaVersion": 2, "mediaType": "\#(MediaType.index)", "manifests": []}"#, MediaType.manifest,
        "invalid JSON: mediaType: \"\(MediaType.index)\" was served as \"\(MediaType.manifest)\""
      ),
      (#"{"schemaVersion": 1, "manifests": []}"#, nil, "invalid JSON: schemaVersion: it is not 2"),
      (
        #"{"schemaVersion": 2, "mediaType": "text/plain"}"#, nil,
        "invalid JSON: mediaType: \"text/plain\" is neither an image manifest nor an index"
      ),
      (
        #"{"schemaVersion": 2, "manifests": [{"mediaType": "m", "digest": "\#(digest)", "size": -1}]}"#,
        MediaType.index,
        "invalid JSON: manifests[0].size: it is negative"
      ),
      (
        #"{"schemaVersion": 2, "manifests": [{"mediaType": "m", "digest": "sha256:../../x", "size": 1}]}"#,
        MediaType.index,
        "invalid JSON: manifests[0].digest: invalid checksum digest length: \"sha256:../../x\""
      ),
    ] as [(String, String?, String)])
  func ambiguous(_ json: String, _ mediaType: String?, _ text: String) {
    let error = #expect(throws: JSONError.self) { try ImageDocument.decode(Array(json.utf8), mediaType: mediaType) }
    #expect(error?.description == text)
  }

  @Test("an index gives its best image first, and no attestation")
  func candidates() throws {
    func entry(_ size: Int64, _ platform: String, _ annotations: [String: String] = [:]) throws -> ContentDescriptor {
      ContentDescriptor(
        mediaType: MediaType.manifest, digest: try Digest(parsing: digest), size: size, annotations: annotations,
        platform: try Platform(parsing: platform))
    }
    let index = ImageIndex(manifests: [
      try entry(1, "linux/386"), try entry(2, "linux/arm/v6"), try entry(3, "linux/arm64"), try entry(4, "linux/amd64"),
      try entry(5, "linux/arm/v7"),
      try entry(6, "linux/amd64", [Annotation.dockerReferenceType: "attestation-manifest"]),
      try entry(7, "windows/amd64"),
    ])
    func sizes(_ platform: String) throws -> [Int64] {
      index.candidates(for: try Platform(parsing: platform)).map(\.size)
    }
    #expect(try sizes("linux/amd64") == [4, 1])
    #expect(try sizes("linux/arm64/v8") == [3, 5, 2])
    #expect(try sizes("linux/arm") == [5, 2])
    #expect(try sizes("linux/arm/v5") == [])
  }

  @Test("chain IDs chain from the second layer on")
  func chainIDs() throws {
    let ids = try ["a", "b", "c"].map { try Digest(parsing: "sha256:" + String(repeating: $0, count: 64)) }
    var hashed: [String] = []
    let chain = ChainID.all(diffIDs: ids) { bytes in
      hashed.append(String(decoding: bytes, as: UTF8.self))
      return ids[2]
    }
    #expect(chain == [ids[0], ids[2], ids[2]])
    #expect(hashed == ["\(ids[0]) \(ids[1])", "\(ids[2]) \(ids[2])"])
  }

  @Test("a layer's media type says how it is compressed and whether it is foreign")
  func layerTypes() {
    let types = [MediaType.layer, MediaType.dockerLayerGzip, MediaType.layerZstd, MediaType.dockerLayerForeignGzip]
    #expect(types.map { MediaType.compression(ofLayer: $0) } == [MediaType.Compression.none, .gzip, .zstd, .gzip])
    #expect(types.map(MediaType.isForeign) == [false, false, false, true])
    #expect(MediaType.compression(ofLayer: MediaType.config) == nil)
  }
}

@Suite("Digest, Platform, BoundedJSON") struct SmallTypesTests {
  @Test("content digests are sha256 alone; sha512 is recognised")
  func contentDigest() throws {
    let long = "sha512:" + String(repeating: "0", count: 128)
    #expect(try Digest(parsing: long).description == long)
    #expect(throws: DigestError.unsupportedAlgorithm) { try Digest(ofContent: long) }
    #expect(try Digest(ofContent: digest).short == "aaaaaaaaaaaa")
    #expect(Digest(sha256: [UInt8](repeating: 0xaa, count: 32))?.description == digest)
    #expect(Digest(sha256: [1, 2]) == nil)
  }

  @Test(
    "platforms are normalised as containerd does",
    arguments: [
      ("linux/x86_64", "linux/amd64"), ("LINUX/AMD64/v1", "linux/amd64"), ("linux/aarch64", "linux/arm64"),
      ("linux/arm64/v8", "linux/arm64"), ("linux/armhf", "linux/arm/v7"), ("linux/arm", "linux/arm/v7"),
      ("linux/arm/6", "linux/arm/v6"), ("i386", "linux/386"), ("macos/arm64", "darwin/arm64"),
      ("linux", Platform.host.description), ("linux/amd64/v3", "linux/amd64/v3"),
    ])
  func platforms(_ text: String, _ normalised: String) throws {
    #expect(try Platform(parsing: text).description == normalised)
  }

  @Test("what is no platform is refused by name", arguments: ["", "linux/", "a/b/c/d", "toaster", "linux/am d64"])
  func noPlatform(_ text: String) {
    let error = #expect(throws: PlatformError.self) { try Platform(parsing: text) }
    #expect(error?.description.hasPrefix("\"\(text)\"") == true)
  }

  @Test("JSON 100,000 deep is an error, and so is JSON beyond the size")
  func bounds() {
    let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
    #expect(throws: JSONError.tooDeep(depthMax: 64)) { try BoundedJSON.decode([Int].self, from: deep) }
    #expect(throws: JSONError.tooLarge(bytes: 100_000, bytesMax: 99)) {
      try BoundedJSON.decode([Int].self, from: deep, bytesMax: 99)
    }
    #expect(throws: JSONError.invalid(path: "", reason: "it contains a NUL byte")) {
      try BoundedJSON.decode([Int].self, from: [0x5b, 0, 0x5d, 0])
    }
  }

  @Test("brackets in strings are not depth")
  func bracketsInStrings() throws {
    let text = String(repeating: #"[{\"\\"#, count: 200)
    #expect(try decode([String].self, "[\"\(text)\"]").first?.count == 200 * 4)
  }
}
