import Glibc
import LaunchPlan
import Linux
import Runtime
import Snapshots
import Volumes

extension ContainerServices {
  /// Fills the empty volumes of a new container with what its image has at their places: once, so that what users delete
  /// stays deleted.
  ///
  /// - Parameter chain: the image's layers; nil of an image without any.
  /// - Parameter isMounted: whether a process has the volume. What it sees is not replaced under it.
  func fillVolumes(of spec: ContainerSpec, chain: String?, isMounted: (String) -> Bool) throws {
    for mount in spec.mounts {
      guard case .volume(let volume) = mount.kind else { continue }
      guard volume.copiesFromImage, volume.subpath.isEmpty, let chain, !isMounted(volume.name) else { continue }
      try fill(volume.name, from: mount.destination, chain)
    }
  }

  private func fill(_ name: String, from destination: String, _ chain: String) throws {
    let tree = try RootSource(snapshots.root(of: chain)).detachedMount()
    let source: Descriptor
    do {
      source = try open(String(destination.drop { $0 == "/" }), below: tree, O_RDONLY | O_DIRECTORY)
    } catch {
      // The image has nothing there: the volume stays empty.
      return
    }
    _ = try volumes.fill(name, from: source)
  }
}
