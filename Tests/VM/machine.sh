# The emulated machine is what it is meant to be: otherwise the other checks prove nothing.
. /vm/functions
echo 1..4

expect "the cgroup tree is version 2" cgroup2 "$(awk '$2 == "/sys/fs/cgroup" { print $3 }' /proc/mounts)"
expect "its controllers are handed down" "cpuset cpu io memory pids" \
  "$(tr ' ' '\n' </sys/fs/cgroup/cgroup.subtree_control | grep -E '^(cpuset|cpu|io|memory|pids)$' | xargs)"
expect "overlayfs is there" overlay "$(sed -n 's/^nodev\t\(overlay\)$/\1/p' /proc/filesystems)"
expect "the root is a tmpfs that pivot_root can leave" tmpfs "$(sed -n 's/^root \/ \(tmpfs\) .*/\1/p' /proc/mounts)"
