import Cgroups
import Testing

@Suite("CgroupHierarchy") struct CgroupHierarchyTests {
  @Test("a host that is all v2")
  func unified() {
    #expect(
      CgroupHierarchy(
        mountInfo: "35 24 0:30 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
        membership: "0::/user.slice\n") == .unified(root: "/sys/fs/cgroup"))
  }

  @Test("a hybrid host is v1: controllers mounted together stay together, named trees are left alone")
  func hybrid() {
    let mountInfo = """
      31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
      32 31 0:29 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
      33 31 0:30 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
      34 31 0:31 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
      35 31 0:32 / /sys/fs/my\\040memory rw master:7 - cgroup cgroup rw,memory
      36 31 0:32 / /mnt/again rw - cgroup cgroup rw,memory
      """
    let membership = "4:memory:/a\n3:cpu,cpuacct:/\n1:name=systemd:/\n0::/\n"
    #expect(
      CgroupHierarchy(mountInfo: mountInfo, membership: membership)
        == .legacy([
          .init(controllers: ["cpu", "cpuacct"], root: "/sys/fs/cgroup/cpu,cpuacct"),
          .init(controllers: ["memory"], root: "/sys/fs/my memory"),
        ]))
  }

  @Test("a v2 host on which a VPN program has mounted net_cls is v2")
  func unifiedWithNetCls() {
    let mountInfo = """
      35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw
      90 24 0:50 / /sys/fs/cgroup/net_cls rw - cgroup net_cls rw,net_cls
      """
    #expect(
      CgroupHierarchy(mountInfo: mountInfo, membership: "1:net_cls:/\n0::/\n") == .unified(root: "/sys/fs/cgroup"))
  }

  @Test("a host without cgroups has no hierarchy")
  func none() {
    #expect(CgroupHierarchy(mountInfo: "22 1 8:1 / / rw - ext4 /dev/vda rw\n", membership: "") == nil)
  }

  @Test(
    "cgroup(at:) takes only paths that stay below the root",
    arguments: ["", "/", "skiff", "/skiff/..", "/../x", "/a//b", "/a/", "/a/./b"])
  func refusesPaths(path: String) {
    #expect(throws: CgroupError.invalidPath(path)) { try CgroupHierarchy.unified(root: "/x").cgroup(at: path) }
  }

  @Test("cgroup(at:) takes no path that the kernel would read shorter than we do")
  func refusesZeroBytes() {
    #expect(throws: CgroupError.self) { try CgroupHierarchy.unified(root: "/x").cgroup(at: "/a\0b") }
  }
}
