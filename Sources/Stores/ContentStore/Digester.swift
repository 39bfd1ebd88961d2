import Crypto
package import OCI

/// Computes the sha256 of bytes that arrive in pieces.
package struct Digester {
  private var function = SHA256()

  /// Begins with no bytes.
  package init() {}

  /// Takes the next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) { function.update(bufferPointer: bytes) }

  /// The digest of all bytes so far; more may follow.
  package var digest: OCI.Digest {
    // SHA-256 has 32 bytes, for which this initialiser does not fail.
    OCI.Digest(sha256: Array(function.finalize())).unsafelyUnwrapped
  }

  /// The digest of `bytes`.
  package static func digest(of bytes: [UInt8]) -> OCI.Digest {
    var digester = Digester()
    bytes.withUnsafeBytes { digester.update($0) }
    return digester.digest
  }
}
