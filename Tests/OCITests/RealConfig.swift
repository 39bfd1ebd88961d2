/// The `config.json` that Docker 28.5 wrote for `docker run busybox true`, with long lists shortened.
let realConfig = #"""
  {
   "ociVersion": "1.3.0",
   "process": {
    "user": {
     "uid": 0,
     "gid": 0,
     "additionalGids": [0]
    },
    "args": ["true"],
    "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME=24b938a45c46"],
    "cwd": "/",
    "capabilities": {
     "bounding": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW",
       "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT",
       "CAP_KILL", "CAP_AUDIT_WRITE"],
     "effective": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD",
       "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE",
       "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE"],
     "permitted": ["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD",
       "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE",
       "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE"]
    },
    "oomScoreAdj": 0
   },
   "root": { "path":
     "/var/lib/docker/rootfs/overlayfs/24b938a45c46cc3f15b6de9245e54e2f7f43c8d1c91347f6b25b9feba99b9e74"
     },
   "hostname": "24b938a45c46",
   "mounts": [
    {
     "destination": "/proc",
     "type": "proc",
     "source": "proc",
     "options": ["nosuid", "noexec", "nodev"]
    },
    {
     "destination": "/dev",
     "type": "tmpfs",
     "source": "tmpfs",
     "options": ["nosuid", "strictatime", "mode=755", "size=65536k"]
    },
    {
     "destination": "/dev/pts",
     "type": "devpts",
     "source": "devpts",
     "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]
    },
    {
     "destination": "/sys",
     "type": "sysfs",
     "source": "sysfs",
     "options": ["nosuid", "noexec", "nodev", "ro"]
    },
    {
     "destination": "/sys/fs/cgroup",
     "type": "cgroup",
     "source": "cgroup",
     "options": ["ro", "nosuid", "noexec", "nodev"]
    },
    {
     "destination": "/dev/mqueue",
     "type": "mqueue",
     "source": "mqueue",
     "options": ["nosuid", "noexec", "nodev"]
    },
    {
     "destination": "/dev/shm",
     "type": "tmpfs",
     "source": "shm",
     "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=67108864"]
    },
    {
     "destination": "/etc/resolv.conf",
     "type": "bind",
     "source":
       "/var/lib/docker/containers/24b938a45c46cc3f15b6de9245e54e2f7f43c8d1c91347f6b25b9feba99b9e74/resolv.conf",
     "options": ["rbind", "rprivate"]
    },
    {
     "destination": "/etc/hostname",
     "type": "bind",
     "source":
       "/var/lib/docker/containers/24b938a45c46cc3f15b6de9245e54e2f7f43c8d1c91347f6b25b9feba99b9e74/hostname",
     "options": ["rbind", "rprivate"]
    },
    {
     "destination": "/etc/hosts",
     "type": "bind",
     "source":
       "/var/lib/docker/containers/24b938a45c46cc3f15b6de9245e54e2f7f43c8d1c91347f6b25b9feba99b9e74/hosts",
     "options": ["rbind", "rprivate"]
    }
   ],
   "linux": {
    "sysctl": { "net.ipv4.ip_unprivileged_port_start": "0", "net.ipv4.ping_group_range": "0 2147483647" },
    "resources": {
     "devices": [
      { "allow": false, "access": "rwm" },
      { "allow": true, "type": "c", "major": 1, "minor": 5, "access": "rwm" },
      { "allow": true, "type": "c", "major": 1, "minor": 3, "access": "rwm" },
      { "allow": true, "type": "c", "major": 1, "minor": 9, "access": "rwm" },
      { "allow": true, "type": "c", "major": 1, "minor": 8, "access": "rwm" },
      { "allow": true, "type": "c", "major": 5, "minor": 0, "access": "rwm" },
      { "allow": true, "type": "c", "major": 5, "minor": 1, "access": "rwm" },
      { "allow": false, "type": "c", "major": 10, "minor": 229, "access": "rwm" }
     ],
     "memory": { "disableOOMKiller": false },
     "blockIO": {}
    },
    "cgroupsPath": "/featdocker/24b938a45c46cc3f15b6de9245e54e2f7f43c8d1c91347f6b25b9feba99b9e74",
    "namespaces": [
     { "type": "mount" },
     { "type": "network" },
     { "type": "time" },
     { "type": "uts" },
     { "type": "pid" },
     { "type": "ipc" }
    ],
    "seccomp": {
     "defaultAction": "SCMP_ACT_ERRNO",
     "defaultErrnoRet": 1,
     "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
     "syscalls": [
      {
       "names": ["accept", "accept4", "access", "adjtimex", "alarm", "bind"],
       "action": "SCMP_ACT_ALLOW"
      },
      {
       "names": ["socket"],
       "action": "SCMP_ACT_ALLOW",
       "args": [
        { "index": 0, "value": 38, "op": "SCMP_CMP_LT" }
       ]
      },
      {
       "names": ["socket"],
       "action": "SCMP_ACT_ALLOW",
       "args": [
        { "index": 0, "value": 39, "op": "SCMP_CMP_EQ" }
       ]
      },
      {
       "names": ["socket"],
       "action": "SCMP_ACT_ALLOW",
       "args": [
        { "index": 0, "value": 40, "op": "SCMP_CMP_GT" }
       ]
      },
      {
       "names": ["personality"],
       "action": "SCMP_ACT_ALLOW",
       "args": [
        { "index": 0, "value": 0, "op": "SCMP_CMP_EQ" }
       ]
      },
      {
       "names": ["personality"],
       "action": "SCMP_ACT_ALLOW",
       "args": [
        { "index": 0, "value": 8, "op": "SCMP_CMP_EQ" }
       ]
      },
      {
       "names": ["personality"],
       "action": "SCMP_ACT_ALLOW",
       "args": [
        { "index": 0, "value": 131072, "op": "SCMP_CMP_EQ" }
       ]
      },
      {
       "names": ["personality"],
       "action": "SCMP_ACT_ALLOW",
       "args": [
        { "index": 0, "value": 131080, "op": "SCMP_CMP_EQ" }
       ]
      },
      {
       "names": ["personality"],
       "action": "SCMP_ACT_ALLOW",
       "args": [
        { "index": 0, "value": 4294967295, "op": "SCMP_CMP_EQ" }
       ]
      },
      {
       "names": ["clone"],
       "action": "SCMP_ACT_ALLOW",
       "args": [
        { "index": 0, "value": 2114060288, "op": "SCMP_CMP_MASKED_EQ" }
       ]
      },
      {
       "names": ["clone3"],
       "action": "SCMP_ACT_ERRNO",
       "errnoRet": 38
      }
     ]
    },
    "maskedPaths": ["/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys",
      "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list", "/proc/timer_stats",
      "/sys/devices/virtual/powercap", "/sys/firmware"],
    "readonlyPaths": ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
   }
  }
  """#
