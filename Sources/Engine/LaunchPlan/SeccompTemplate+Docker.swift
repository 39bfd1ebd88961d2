import OCI

/// Docker's default seccomp profile: a table, and an interface. What is not named here fails with EPERM.
///
/// It is the profile that Docker's engines share since they closed AF_ALG; the one inside of 28.5.2 differs in that rule
/// alone, and lets every address family but AF_VSOCK through. A call that asks for a capability is let through where
/// the container has it.
extension SeccompTemplate {
  /// The profile.
  static let docker = SeccompTemplate(
    defaultAction: .errno, defaultErrnoRet: 1,
    archMap: [
      ArchitectureFamily(architecture: .x86_64, subArchitectures: [.x86, .x32]),
      ArchitectureFamily(architecture: .aarch64, subArchitectures: [.arm]),
      ArchitectureFamily(architecture: .mips64, subArchitectures: [.mips, .mips64n32]),
      ArchitectureFamily(architecture: .mips64n32, subArchitectures: [.mips, .mips64]),
      ArchitectureFamily(architecture: .mipsel64, subArchitectures: [.mipsel, .mipsel64n32]),
      ArchitectureFamily(architecture: .mipsel64n32, subArchitectures: [.mipsel, .mipsel64]),
      ArchitectureFamily(architecture: .s390x, subArchitectures: [.s390]),
      ArchitectureFamily(architecture: .riscv64, subArchitectures: []),
      ArchitectureFamily(architecture: .loongarch64, subArchitectures: []),
    ],
    syscalls: [
      Rule(always),
      Rule("process_vm_readv process_vm_writev ptrace", with: Condition(kernel: "4.8")),
      // Every address family but AF_ALG (38) and AF_VSOCK (40).
      Rule("socket", if: (0, .less, 38)),
      Rule("socket", if: (0, .equal, 39)),
      Rule("socket", if: (0, .greater, 40)),
      // PER_LINUX, PER_LINUX32, UNAME26, both, and asking for the present one.
      Rule("personality", if: (0, .equal, 0)),
      Rule("personality", if: (0, .equal, 0x8)),
      Rule("personality", if: (0, .equal, 0x20000)),
      Rule("personality", if: (0, .equal, 0x20008)),
      Rule("personality", if: (0, .equal, 0xffff_ffff)),
      Rule("sync_file_range2 swapcontext", with: Condition(architectures: ["ppc64le"])),
      Rule(
        "arm_fadvise64_64 arm_sync_file_range sync_file_range2 breakpoint cacheflush set_tls",
        with: Condition(architectures: ["arm", "arm64"])),
      Rule("arch_prctl", with: Condition(architectures: ["amd64", "x32"])),
      Rule("modify_ldt", with: Condition(architectures: ["amd64", "x32", "x86"])),
      Rule(
        "s390_pci_mmio_read s390_pci_mmio_write s390_runtime_instr", with: Condition(architectures: ["s390", "s390x"])),
      Rule("riscv_flush_icache", with: Condition(architectures: ["riscv64"])),
      Rule("open_by_handle_at", with: Condition(capabilities: ["CAP_DAC_READ_SEARCH"])),
      Rule(
        administration,
        with: Condition(capabilities: ["CAP_SYS_ADMIN"])),
      // No flag that makes a namespace. The flags are the second argument on s390.
      Rule(
        "clone", if: (0, .maskedEqual, 0x7e02_0000),
        without: Condition(capabilities: ["CAP_SYS_ADMIN"], architectures: ["s390", "s390x"])),
      Rule(
        "clone", if: (1, .maskedEqual, 0x7e02_0000), with: Condition(architectures: ["s390", "s390x"]),
        without: Condition(capabilities: ["CAP_SYS_ADMIN"])),
      // Its flags are in memory, where no filter sees them: ENOSYS makes the C library fall back to clone.
      Rule("clone3", .errno, errnoRet: 38, without: Condition(capabilities: ["CAP_SYS_ADMIN"])),
      Rule("reboot", with: Condition(capabilities: ["CAP_SYS_BOOT"])),
      Rule("chroot", with: Condition(capabilities: ["CAP_SYS_CHROOT"])),
      Rule("delete_module init_module finit_module", with: Condition(capabilities: ["CAP_SYS_MODULE"])),
      Rule("acct", with: Condition(capabilities: ["CAP_SYS_PACCT"])),
      Rule(
        "kcmp pidfd_getfd process_madvise process_vm_readv process_vm_writev ptrace",
        with: Condition(capabilities: ["CAP_SYS_PTRACE"])),
      Rule("iopl ioperm", with: Condition(capabilities: ["CAP_SYS_RAWIO"])),
      Rule("settimeofday stime clock_settime clock_settime64", with: Condition(capabilities: ["CAP_SYS_TIME"])),
      Rule("vhangup", with: Condition(capabilities: ["CAP_SYS_TTY_CONFIG"])),
      Rule(
        "get_mempolicy mbind set_mempolicy set_mempolicy_home_node", with: Condition(capabilities: ["CAP_SYS_NICE"])),
      Rule("syslog", with: Condition(capabilities: ["CAP_SYSLOG"])),
      Rule("bpf", with: Condition(capabilities: ["CAP_BPF"])),
      Rule("perf_event_open", with: Condition(capabilities: ["CAP_PERFMON"])),
    ])

  /// Calls that make namespaces and mounts, and others that CAP_SYS_ADMIN stands for.
  private static let administration = """
    bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie lsm_get_self_attr lsm_list_modules
    lsm_set_self_attr mount mount_setattr move_mount open_tree perf_event_open quotactl quotactl_fd setdomainname
    sethostname setns syslog umount umount2 unshare
    """

  /// Calls that every container may make.
  private static let always = """
    accept accept4 access adjtimex alarm bind brk cachestat capget capset chdir chmod chown chown32 clock_adjtime
    clock_adjtime64 clock_getres clock_getres_time64 clock_gettime clock_gettime64 clock_nanosleep
    clock_nanosleep_time64 close close_range connect copy_file_range creat dup dup2 dup3 epoll_create epoll_create1
    epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old eventfd eventfd2 execve execveat exit
    exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate fanotify_mark fchdir fchmod fchmodat fchmodat2
    fchown fchown32 fchownat fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat
    fstat64 fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futex futex_requeue futex_time64 futex_wait
    futex_waitv futex_wake futimesat getcpu getcwd getdents getdents64 getegid getegid32 geteuid geteuid32 getgid
    getgid32 getgroups getgroups32 getitimer getpeername getpgid getpgrp getpid getppid getpriority getrandom
    getresgid getresgid32 getresuid getresuid32 getrlimit get_robust_list getrusage getsid getsockname getsockopt
    get_thread_area gettid gettimeofday getuid getuid32 getxattr getxattrat inotify_add_watch inotify_init
    inotify_init1 inotify_rm_watch io_cancel ioctl io_destroy io_getevents io_pgetevents io_pgetevents_time64
    ioprio_get ioprio_set io_setup io_submit ipc kill landlock_add_rule landlock_create_ruleset
    landlock_restrict_self lchown lchown32 lgetxattr link linkat listen listmount listxattr listxattrat llistxattr
    _llseek lremovexattr lseek lsetxattr lstat lstat64 madvise map_shadow_stack membarrier memfd_create memfd_secret
    mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mmap2 mprotect mq_getsetattr mq_notify mq_open
    mq_timedreceive mq_timedreceive_time64 mq_timedsend mq_timedsend_time64 mq_unlink mremap mseal msgctl msgget
    msgrcv msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep newfstatat _newselect open openat
    openat2 pause pidfd_open pidfd_send_signal pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll ppoll_time64
    prctl pread64 preadv preadv2 prlimit64 process_mrelease pselect6 pselect6_time64 pwrite64 pwritev pwritev2 read
    readahead readlink readlinkat readv recv recvfrom recvmmsg recvmmsg_time64 recvmsg remap_file_pages removexattr
    removexattrat rename renameat renameat2 restart_syscall riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending
    rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_sigtimedwait_time64
    rt_tgsigqueueinfo sched_getaffinity sched_getattr sched_getparam sched_get_priority_max sched_get_priority_min
    sched_getscheduler sched_rr_get_interval sched_rr_get_interval_time64 sched_setaffinity sched_setattr
    sched_setparam sched_setscheduler sched_yield seccomp select semctl semget semop semtimedop semtimedop_time64
    send sendfile sendfile64 sendmmsg sendmsg sendto setfsgid setfsgid32 setfsuid setfsuid32 setgid setgid32
    setgroups setgroups32 setitimer setpgid setpriority setregid setregid32 setresgid setresgid32 setresuid
    setresuid32 setreuid setreuid32 setrlimit set_robust_list setsid setsockopt set_thread_area set_tid_address
    setuid setuid32 setxattr setxattrat shmat shmctl shmdt shmget shutdown sigaltstack signalfd signalfd4
    sigprocmask sigreturn socketcall socketpair splice stat stat64 statfs statfs64 statmount statx symlink symlinkat
    sync sync_file_range syncfs sysinfo tee tgkill time timer_create timer_delete timer_getoverrun timer_gettime
    timer_gettime64 timer_settime timer_settime64 timerfd_create timerfd_gettime timerfd_gettime64 timerfd_settime
    timerfd_settime64 times tkill truncate truncate64 ugetrlimit umask uname unlink unlinkat uretprobe utime
    utimensat utimensat_time64 utimes vfork vmsplice wait4 waitid waitpid write writev
    """
}

extension SeccompTemplate.Rule {
  /// A rule of the table: the calls by name, separated by white space.
  fileprivate init(
    _ names: String, _ action: RuntimeSpec.SeccompProfile.Action = .allow, errnoRet: UInt32? = nil,
    `if` argument: (index: UInt32, op: RuntimeSpec.SeccompProfile.Comparison, value: UInt64)? = nil,
    with includes: SeccompTemplate.Condition? = nil, without excludes: SeccompTemplate.Condition? = nil
  ) {
    self.action = action
    self.names = names.split(whereSeparator: \.isWhitespace).map(String.init)
    self.errnoRet = errnoRet
    self.args = argument.map { [.init(index: $0.index, value: $0.value, op: $0.op)] } ?? []
    self.includes = includes
    self.excludes = excludes
  }
}

extension SeccompTemplate.Condition {
  fileprivate init(capabilities: [String] = [], architectures: [String] = [], kernel: String? = nil) {
    caps = capabilities
    arches = architectures
    minKernel = kernel
  }
}
