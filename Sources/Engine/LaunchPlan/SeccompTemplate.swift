import OCI

/// A seccomp profile in Docker's form: rules that apply only with some capabilities, kernels or architectures.
struct SeccompTemplate: Codable, Equatable, Sendable {
  /// nil, with no rules, is the empty profile: no filter.
  var defaultAction: RuntimeSpec.SeccompProfile.Action?
  var defaultErrnoRet: UInt32?
  @OmitEmpty var architectures: [RuntimeSpec.Architecture] = []
  /// Instead of `architectures`: for each native one, those that it can run too.
  @OmitEmpty var archMap: [ArchitectureFamily] = []
  @OmitEmpty var flags: [RuntimeSpec.SeccompProfile.Flag] = []
  @OmitEmpty var listenerPath: String = ""
  @OmitEmpty var listenerMetadata: String = ""
  @OmitEmpty var syscalls: [Rule] = []

  /// A native architecture and those whose programs it runs.
  struct ArchitectureFamily: Codable, Equatable, Sendable {
    var architecture: RuntimeSpec.Architecture
    @OmitEmpty var subArchitectures: [RuntimeSpec.Architecture] = []
  }

  /// A rule and when it applies.
  struct Rule: Codable, Equatable, Sendable {
    @OmitEmpty var names: [String] = []
    /// The old form of a single name.
    @OmitEmpty var name: String = ""
    var action: RuntimeSpec.SeccompProfile.Action
    var errnoRet: UInt32?
    @OmitEmpty var args: [RuntimeSpec.SeccompProfile.Argument] = []
    /// All of them must hold.
    var includes: Condition?
    /// None of them may hold.
    var excludes: Condition?
  }

  /// What a rule depends on. What is empty asks for nothing.
  struct Condition: Codable, Equatable, Sendable {
    @OmitEmpty var caps: [String] = []
    /// Go's names of the native architecture.
    @OmitEmpty var arches: [String] = []
    /// `4.8`: from this kernel on.
    var minKernel: String?
  }

  /// Reads Docker's JSON.
  ///
  /// - Throws: `invalid` with Docker's text before the reason.
  init(json: String) throws(LaunchPlanError) {
    do { self = try BoundedJSON.decode(SeccompTemplate.self, from: Array(json.utf8)) } catch {
      throw .invalid("Decoding seccomp profile failed: \(error)")
    }
    if !architectures.isEmpty, !archMap.isEmpty {
      throw .invalid(
        "both 'architectures' and 'archMap' are specified in the seccomp profile, use either 'architectures' or "
          + "'archMap'")
    }
  }

  init(
    defaultAction: RuntimeSpec.SeccompProfile.Action, defaultErrnoRet: UInt32, archMap: [ArchitectureFamily],
    syscalls: [Rule]
  ) {
    self.defaultAction = defaultAction
    self.defaultErrnoRet = defaultErrnoRet
    self.archMap = archMap
    self.syscalls = syscalls
  }

  /// The architecture that we are built for, as rules and as families name it.
  fileprivate static let native = (name: "amd64", architecture: RuntimeSpec.Architecture.x86_64)

  /// The profile for a container with `capabilities` on `kernel`; nil for the empty one.
  ///
  /// - Throws: `invalid` for a rule that contradicts itself, with Docker's texts.
  func resolved(
    capabilities: [String], kernel: KernelVersion
  ) throws(LaunchPlanError) -> RuntimeSpec.SeccompProfile? {
    guard let defaultAction else {
      if syscalls.isEmpty { return nil }
      throw .invalid("Decoding seccomp profile failed: it has no defaultAction")
    }
    var profile = RuntimeSpec.SeccompProfile(
      defaultAction: defaultAction, defaultErrnoRet: defaultErrnoRet, architectures: architectures, flags: flags,
      listenerPath: listenerPath, listenerMetadata: listenerMetadata)
    if let family = archMap.first(where: { $0.architecture == Self.native.architecture }) {
      profile.architectures = [family.architecture] + family.subArchitectures
    }
    for rule in syscalls {
      if !rule.name.isEmpty, !rule.names.isEmpty {
        throw .invalid("both 'name' and 'names' are specified in the seccomp profile, use either 'name' or 'names'")
      }
      guard try rule.applies(capabilities: capabilities, kernel: kernel) else { continue }
      profile.syscalls.append(
        RuntimeSpec.SeccompProfile.Rule(
          names: rule.name.isEmpty ? rule.names : [rule.name], action: rule.action, errnoRet: rule.errnoRet,
          args: rule.args))
    }
    return profile
  }
}

extension SeccompTemplate.Rule {
  fileprivate func applies(capabilities: [String], kernel: KernelVersion) throws(LaunchPlanError) -> Bool {
    if let excludes {
      if excludes.isNativeNamed || excludes.caps.contains(where: capabilities.contains) { return false }
      if let from = try excludes.kernel(), kernel >= from { return false }
    }
    if let includes {
      if !includes.arches.isEmpty, !includes.isNativeNamed { return false }
      if !includes.caps.allSatisfy(capabilities.contains) { return false }
      if let from = try includes.kernel(), kernel < from { return false }
    }
    return true
  }
}

extension SeccompTemplate.Condition {
  fileprivate var isNativeNamed: Bool { arches.contains(SeccompTemplate.native.name) }

  fileprivate func kernel() throws(LaunchPlanError) -> KernelVersion? {
    guard let minKernel, !minKernel.isEmpty else { return nil }
    let parts = minKernel.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let version = parts[0], let level = parts[1], version >= 0, level >= 0 else {
      throw .invalid(
        "Decoding seccomp profile failed: invalid kernel version: \(minKernel), expected \"<kernel>.<major>\"")
    }
    return KernelVersion(version, level)
  }
}
