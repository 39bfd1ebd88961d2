import OCI

extension FuzzTarget {
  static let references = FuzzTarget(
    "reference",
    words: [":", "/", "@", ".", "_", "__", "-", "[::1]", "sha256:", "localhost", "A", "docker.io/library/"],
    seeds: {
      let digest = String(repeating: "0f", count: 32)
      return [
        "busybox", "user/app:1.2", "localhost:5000/a/b:x", "[::1]:5000/a", "docker.io/library/a__b-c.d",
        "registry.example.com/deep/path/name:tag@sha256:\(digest)",
      ].map { Array($0.utf8) }
    }
  ) { bytes in
    guard let text = String(validating: bytes, as: UTF8.self), let read = try? Reference(parsing: text) else {
      return false
    }
    try same(Reference(parsing: read.description), read, read.description)
    try same(Reference(parsing: read.familiar), read, read.familiar)
    return true
  }

  private static let jsonWords = [
    "{", "}", "[", "]", ",", ":", "\"", "null", "true", "1e999", "-0", "\\u0000", "\\ud800", "\\", "{\"a\":", "[[[[[[",
    "18446744073709551616", "9223372036854775807", "sha256:", "\"schemaVersion\":2", "\"manifests\":[]",
  ]

  /// Documents of registries, archives and bundles.
  static let imageDocuments = [
    FuzzTarget("oci-document", words: jsonWords, seeds: { [manifest, index] }) { bytes in
      guard let read = try? ImageDocument.decode(bytes) else { return false }
      switch read {
      case .manifest(let manifest):
        try same(ImageDocument.decode(BoundedJSON.encode(manifest)), read, "manifest")
      case .index(let index): try same(ImageDocument.decode(BoundedJSON.encode(index)), read, "index")
      }
      return true
    },
    json("oci-config", ImageConfig.self) { [config] },
  ]

  static let runtimeSpecs = json("oci-runtime", RuntimeSpec.self) { [bundle] }

  /// A target that reads a `Value` with bounds, as everything does that others' JSON comes to.
  static func json<Value: Codable & Equatable & SendableMetatype>(
    _ name: String, _: Value.Type, seeds: @escaping @Sendable () throws -> [[UInt8]]
  ) -> FuzzTarget {
    FuzzTarget(name, words: jsonWords, seeds: seeds) { bytes in
      guard let read = try? BoundedJSON.decode(Value.self, from: bytes) else { return false }
      let written = try BoundedJSON.encode(read)
      try same(BoundedJSON.decode(Value.self, from: written), read, name)
      return true
    }
  }

  private static let digest = "sha256:" + String(repeating: "a1", count: 32)
  private static var layer: String {
    "{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\",\"digest\":\"\(digest)\",\"size\":7}"
  }
  private static var manifest: [UInt8] {
    Array(
      """
      {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":\
      "application/vnd.oci.image.config.v1+json","digest":"\(digest)","size":7,"annotations":{"a":"b"}},\
      "layers":[\(layer),\(layer)],"annotations":{"org.opencontainers.image.created":"x"}}
      """.utf8)
  }
  private static var index: [UInt8] {
    Array(
      """
      {"schemaVersion":2,"manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\(digest)",\
      "size":9,"platform":{"architecture":"arm64","os":"linux","variant":"v8","os.features":["f"]}}]}
      """.utf8)
  }
  private static var config: [UInt8] {
    Array(
      """
      {"architecture":"amd64","os":"linux","created":"2024-01-01T00:00:00.5Z","config":{"User":"1:2","Env":["A=b"],\
      "ExposedPorts":{"80/tcp":{}},"Volumes":{"/v":{}},"Cmd":["sh"],"Labels":{"a":"b"},"Healthcheck":{"Test":\
      ["CMD","x"],"Interval":5,"Retries":2},"OnBuild":null},"rootfs":{"type":"layers","diff_ids":["\(digest)"]},\
      "history":[{"created_by":"x","empty_layer":true}]}
      """.utf8)
  }
  private static var bundle: [UInt8] {
    Array(
      """
      {"ociVersion":"1.2.1","root":{"path":"rootfs","readonly":true},"hostname":"h","process":{"terminal":false,\
      "user":{"uid":0,"gid":0,"additionalGids":[1]},"args":["sh"],"env":["A=b"],"cwd":"/","noNewPrivileges":true,\
      "capabilities":{"bounding":["CAP_KILL"]},"rlimits":[{"type":"RLIMIT_NOFILE","hard":9,"soft":8}]},\
      "mounts":[{"destination":"/proc","type":"proc","source":"proc","options":["nosuid"]}],\
      "linux":{"namespaces":[{"type":"pid"},{"type":"mount"}],"resources":{"memory":{"limit":9},"pids":{"limit":5},\
      "devices":[{"allow":false,"access":"rwm"}]},"maskedPaths":["/proc/kcore"],"seccomp":{"defaultAction":\
      "SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["read"],"action":"SCMP_ACT_ALLOW"}]}}}
      """.utf8)
  }
}
