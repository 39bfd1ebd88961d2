package import Linux

/// The three descriptors that a program is born with. They are never closed.
package enum StandardStreams {
  package static let input = Descriptor(owning: 0)
  package static let output = Descriptor(owning: 1)
  package static let error = Descriptor(owning: 2)
}
