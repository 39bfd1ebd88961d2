/// One line of a list that says which devices may be used. OCI runtime-spec, config-linux.md "Allowed Device list".
package struct DeviceRule: Equatable, Sendable {
  package let isAllowed: Bool
  package let subject: Subject
  package let access: DeviceAccess

  /// Allows or denies `access` to `subject`. A rule on everything is always about every access.
  package init(isAllowed: Bool, subject: Subject, access: DeviceAccess = .all) {
    self.isAllowed = isAllowed
    self.subject = subject
    self.access = subject == .everything ? .all : access
  }

  /// Which devices a rule is about; a nil number stands for any.
  package enum Subject: Equatable, Sendable {
    case everything
    case character(major: UInt32?, minor: UInt32?)
    case block(major: UInt32?, minor: UInt32?)
  }

  /// Reads a rule as the OCI writes it, into one rule or, for "both kinds, but not everything", two.
  ///
  /// - Parameter type: `a`, `b`, `c`, or `u`, an old name of `c`; nil is `a`.
  /// - Parameter major: nil and negative numbers stand for any; so for `minor`.
  /// - Parameter access: some of `rwm`; nil or empty is all.
  /// - Throws: `unsupported` for what is none of these.
  package static func rules(
    isAllowed: Bool, type: String?, major: Int64?, minor: Int64?, access: String?
  ) throws(CgroupError) -> [DeviceRule] {
    guard let access = DeviceAccess(access ?? "") else {
      throw .unsupported(limit: "a device rule", reason: "access \"\(access ?? "")\" has other letters than \"rwm\"")
    }
    func number(_ value: Int64?) throws(CgroupError) -> UInt32? {
      guard let value, value >= 0 else { return nil }
      guard let number = UInt32(exactly: value) else {
        throw .unsupported(limit: "a device rule", reason: "there is no device number \(value)")
      }
      return number
    }
    let (major, minor) = (try number(major), try number(minor))
    let character = DeviceRule(isAllowed: isAllowed, subject: .character(major: major, minor: minor), access: access)
    let block = DeviceRule(isAllowed: isAllowed, subject: .block(major: major, minor: minor), access: access)
    switch type ?? "a" {
    case "a" where major == nil && minor == nil && access == .all:
      return [DeviceRule(isAllowed: isAllowed, subject: .everything)]
    case "a": return [character, block]
    case "c", "u": return [character]
    case "b": return [block]
    case let other: throw .unsupported(limit: "a device rule", reason: "there is no device type \"\(other)\"")
    }
  }

  /// The rule in the language of v1's `devices.allow` and `devices.deny`.
  var legacyText: String {
    switch subject {
    case .everything: "a *:* rwm"
    case .character(let major, let minor): "c \(numberText(major)):\(numberText(minor)) \(access)"
    case .block(let major, let minor): "b \(numberText(major)):\(numberText(minor)) \(access)"
    }
  }
}

private func numberText(_ number: UInt32?) -> String { number.map(String.init) ?? "*" }

/// What may be done with a device.
package struct DeviceAccess: OptionSet, Sendable, CustomStringConvertible {
  /// In the bits of `BPF_DEVCG_ACC_…`.
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Making a name for the device: mknod(2).
  package static let makeNode = DeviceAccess(rawValue: 1)
  /// Opening it for reading.
  package static let read = DeviceAccess(rawValue: 2)
  /// Opening it for writing.
  package static let write = DeviceAccess(rawValue: 4)
  /// Whatever can be done with it.
  package static let all: DeviceAccess = [.makeNode, .read, .write]

  /// The access that letters of `rwm` name; all if there is none, nil if there is another letter.
  package init?(_ letters: String) {
    self = letters.isEmpty ? .all : []
    for letter in letters {
      switch letter {
      case "r": insert(.read)
      case "w": insert(.write)
      case "m": insert(.makeNode)
      default: return nil
      }
    }
  }

  package var description: String {
    (contains(.read) ? "r" : "") + (contains(.write) ? "w" : "") + (contains(.makeNode) ? "m" : "")
  }
}

extension Array where Element == DeviceRule {
  /// The list without rules that cannot matter: what stands before a rule on everything, and what is said twice in a
  /// row of equal decisions. Of those, accesses are joined: `r` and then `w` is `rw`.
  func simplified() -> [DeviceRule] {
    let start = lastIndex { $0.subject == .everything } ?? startIndex
    var result: [DeviceRule] = []
    for rule in self[start...] {
      let run = result.lastIndex { $0.isAllowed != rule.isAllowed }.map { $0 + 1 } ?? 0
      if let same = result[run...].firstIndex(where: { $0.subject == rule.subject }) {
        let access = result[same].access.union(rule.access)
        result[same] = DeviceRule(isAllowed: rule.isAllowed, subject: rule.subject, access: access)
      } else {
        result.append(rule)
      }
    }
    return result
  }
}
