import Glibc
import LaunchPlan
package import Linux

/// The directories of containers in the data root:
///
/// ```
/// containers/<id>/log/          segments
/// containers/<id>/{hosts,hostname,resolv.conf}
/// ```
package struct ContainerFolder: Sendable {
  /// Its path, as monitors open it.
  package let path: String
  private let directory: Descriptor

  /// Keeps containers below `path`, which is made if it is not there.
  package init(path: String) throws(SyscallError) {
    try makeDirectories(path, mode: 0o700)
    self.path = path
    directory = try open(path, O_RDONLY | O_DIRECTORY)
  }

  /// Makes the directory of the container `id`.
  func create(_ id: String) throws(SyscallError) {
    try makeDirectory(id, at: .directory(directory), mode: 0o700)
    try makeDirectory("\(id)/log", at: .directory(directory), mode: 0o700)
  }

  /// Removes the directory of the container `id`; one that is gone is no error.
  func remove(_ id: String) throws(SyscallError) { try removeTree(id, at: .directory(directory)) }

  /// The ids that have a directory, known or not.
  func ids() throws(SyscallError) -> [String] { try directory.entries() }

  /// Opens the log of the container `id`.
  package func log(of id: String) throws(SyscallError) -> Descriptor {
    try open("\(id)/log", at: .directory(directory), O_RDONLY | O_DIRECTORY)
  }

  /// Writes the files that a container sees in `/etc`, and answers where they are.
  func writeNetworkFiles(_ spec: ContainerSpec) throws(SyscallError) -> LaunchInputs.NetworkFiles {
    let folder = try open(spec.id, at: .directory(directory), O_RDONLY | O_DIRECTORY)
    let files = NetworkFileTexts(spec.network)
    for (name, text) in [("hosts", files.hosts), ("hostname", files.hostname), ("resolv.conf", files.resolvers)] {
      // In place, not replaced: a running container has the file itself mounted.
      let file = try open(name, at: .directory(folder), O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
      try file.writeAll(text)
    }
    let base = "\(path)/\(spec.id)"
    return LaunchInputs.NetworkFiles(
      resolvConf: "\(base)/resolv.conf", hostname: "\(base)/hostname", hosts: "\(base)/hosts")
  }
}

/// The texts of `/etc/hosts`, `hostname` and `resolv.conf`, as Docker writes them.
struct NetworkFileTexts {
  let hosts: String
  let hostname: String
  let resolvers: String

  /// Writes them for a container that has no network but loopback, or the host's.
  init(_ network: NetworkSpec, hostResolvers: String = (try? readText("/etc/resolv.conf")) ?? "") {
    hostname = "\(network.hostname)\n"
    var lines = [
      "127.0.0.1\tlocalhost", "::1\tlocalhost ip6-localhost ip6-loopback", "fe00::\tip6-localnet",
      "ff00::\tip6-mcastprefix", "ff02::1\tip6-allnodes", "ff02::2\tip6-allrouters",
    ]
    for entry in network.extraHosts {
      guard let colon = entry.firstIndex(where: { $0 == ":" || $0 == "=" }) else { continue }
      lines.append("\(entry[entry.index(after: colon)...])\t\(entry[..<colon])")
    }
    hosts = lines.map { "\($0)\n" }.joined()
    guard !network.resolvers.isEmpty || !network.searchDomains.isEmpty || !network.resolverOptions.isEmpty else {
      resolvers = hostResolvers
      return
    }
    var text = network.resolvers.map { "nameserver \($0)\n" }.joined()
    // A lone dot asks for no search at all.
    if !network.searchDomains.isEmpty, network.searchDomains != ["."] {
      text += "search \(network.searchDomains.joined(separator: " "))\n"
    }
    if !network.resolverOptions.isEmpty { text += "options \(network.resolverOptions.joined(separator: " "))\n" }
    resolvers = text
  }
}
