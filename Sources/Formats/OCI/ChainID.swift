/// The names of layers applied on top of each other: image-spec, config.md "Layer ChainID".
///
/// ```
/// ChainID(L₀)          = DiffID(L₀)
/// ChainID(L₀|…|Lₙ)     = sha256(ChainID(L₀|…|Lₙ₋₁) + " " + DiffID(Lₙ))
/// ```
package enum ChainID {
  /// The chain ID of each layer with all that are below it, from the base up.
  ///
  /// - Parameter sha256: the digest of some bytes; this room has no cryptography of its own.
  package static func all(diffIDs: [Digest], sha256: ([UInt8]) -> Digest) -> [Digest] {
    var chain: [Digest] = []
    for diffID in diffIDs {
      guard let parent = chain.last else {
        chain.append(diffID)
        continue
      }
      chain.append(sha256(Array("\(parent) \(diffID)".utf8)))
    }
    return chain
  }
}
