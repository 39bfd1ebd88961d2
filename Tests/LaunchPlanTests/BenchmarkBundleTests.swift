import Glibc
import LaunchPlan
import OCI
import Testing

@Suite("benchmarks")
struct BenchmarkBundleTests {
  /// Another runtime is asked to do what ours does, or the comparison says nothing.
  @Test("crun is measured with the configuration that our launch plan makes")
  func bundle() throws {
    let plan = try Fixture().plan()
    var bundle = plan
    bundle.runtime = try BoundedJSON.decode(RuntimeSpec.self, from: try contents("Benchmarks/config.json"))
    #expect(diff(bundle.lines.sorted(), plan.lines.sorted()) == "")
    #expect(bundle.runtime.linux?.seccomp != nil)
  }

  /// The bytes of a file of this repository.
  private func contents(_ path: String, testFile: String = #filePath) throws -> [UInt8] {
    let home = testFile.split(separator: "/").dropLast(3).map { "/\($0)" }.joined()
    let file = try #require(fopen("\(home)/\(path)", "r"))
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return Array(bytes[..<count])
  }
}
