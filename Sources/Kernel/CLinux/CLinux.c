#include "CLinux.h"

#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>

// ---- processes

pid_t clinux_clone3(uint64_t flags, int exit_signal, int cgroup_fd, int *pidfd) {
  struct clone_args args;
  memset(&args, 0, sizeof args);
  args.flags = flags | CLONE_PIDFD;
  args.pidfd = (uint64_t)(uintptr_t)pidfd;
  args.exit_signal = (uint64_t)exit_signal;
  if (cgroup_fd >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = (uint64_t)cgroup_fd;
  }
  pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
  // Seccomp cannot look into clone3's arguments, so Docker's profile answers ENOSYS, and what runs under it (a
  // container's init, its start hooks) must take the older call. CLONE_NEWTIME is no flag of that: its bits are the
  // signal's.
  if (pid < 0 && errno == ENOSYS && cgroup_fd < 0 && (flags & CSIGNAL) == 0)
    pid = (pid_t)syscall(SYS_clone, args.flags | (unsigned)exit_signal, NULL, pidfd, NULL, NULL);
  return pid;
}

int clinux_pidfd_open(pid_t pid, unsigned flags) { return (int)syscall(SYS_pidfd_open, pid, flags); }

int clinux_pidfd_send_signal(int pidfd, int signal) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, NULL, 0);
}

int clinux_wait_pidfd(int pidfd, int options, pid_t *pid, int *status) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  // P_PIDFD is 3; glibc spells it only in newer headers.
  if (waitid((idtype_t)3, (id_t)pidfd, &info, options) != 0) return -1;
  *pid = info.si_pid;
  if (info.si_code == CLD_EXITED) *status = (info.si_status & 0xff) << 8;
  else *status = (info.si_status & 0x7f) | (info.si_code == CLD_DUMPED ? 0x80 : 0);
  return 0;
}

int clinux_close_range(unsigned first, unsigned last, unsigned flags) {
  return (int)syscall(SYS_close_range, first, last, flags);
}

int clinux_execveat(int dirfd, const char *path, char *const argv[], char *const envp[], int flags) {
  return (int)syscall(SYS_execveat, dirfd, path, argv, envp, flags);
}

int clinux_setresuid(uid_t r, uid_t e, uid_t s) { return (int)syscall(SYS_setresuid, r, e, s); }
int clinux_setresgid(gid_t r, gid_t e, gid_t s) { return (int)syscall(SYS_setresgid, r, e, s); }
int clinux_setgroups(size_t count, const gid_t *groups) { return (int)syscall(SYS_setgroups, count, groups); }

int clinux_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d) {
  return prctl(option, a, b, c, d);
}

// KEYCTL_JOIN_SESSION_KEYRING is 1.
int clinux_keyctl_join_session(const char *name) { return (int)syscall(SYS_keyctl, 1, name, 0, 0, 0); }

char **clinux_environ(void) { return environ; }

int clinux_exited(int status) { return WIFEXITED(status); }
int clinux_exit_status(int status) { return WEXITSTATUS(status); }
int clinux_signaled(int status) { return WIFSIGNALED(status); }
int clinux_term_signal(int status) { return WTERMSIG(status); }

// ---- capabilities and seccomp

int clinux_capset(const struct clinux_caps *caps) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  for (int i = 0; i < 2; i++) {
    data[i].effective = (uint32_t)(caps->effective >> (32 * i));
    data[i].permitted = (uint32_t)(caps->permitted >> (32 * i));
    data[i].inheritable = (uint32_t)(caps->inheritable >> (32 * i));
  }
  return (int)syscall(SYS_capset, &header, data);
}

int clinux_capget(struct clinux_caps *caps) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data) != 0) return -1;
  caps->effective = data[0].effective | (uint64_t)data[1].effective << 32;
  caps->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
  caps->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
  return 0;
}

int clinux_seccomp_filter(const struct sock_filter *filter, unsigned short count, unsigned flags) {
  struct sock_fprog program = {count, (struct sock_filter *)filter};
  return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

// ---- device filters

static int bpf_call(int command, union bpf_attr *attributes) {
  return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

int clinux_bpf_load_device_filter(const void *program, uint32_t count, char *log, uint32_t log_size) {
  union bpf_attr a;
  memset(&a, 0, sizeof a);
  a.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
  a.insns = (uint64_t)(uintptr_t)program;
  a.insn_cnt = count;
  a.license = (uint64_t)(uintptr_t) "Apache-2.0";
  int fd = bpf_call(BPF_PROG_LOAD, &a);
  if (fd >= 0 || log_size == 0) return fd;
  // Once more, for the reason.
  a.log_buf = (uint64_t)(uintptr_t)log;
  a.log_size = log_size;
  a.log_level = 1;
  return bpf_call(BPF_PROG_LOAD, &a);
}

int clinux_bpf_attach_device_filter(int cgroup, int program) {
  union bpf_attr a;
  memset(&a, 0, sizeof a);
  a.target_fd = (uint32_t)cgroup;
  a.attach_bpf_fd = (uint32_t)program;
  a.attach_type = BPF_CGROUP_DEVICE;
  a.attach_flags = BPF_F_ALLOW_MULTI;
  return bpf_call(BPF_PROG_ATTACH, &a);
}

int clinux_bpf_detach_device_filter(int cgroup, int program) {
  union bpf_attr a;
  memset(&a, 0, sizeof a);
  a.target_fd = (uint32_t)cgroup;
  a.attach_bpf_fd = (uint32_t)program;
  a.attach_type = BPF_CGROUP_DEVICE;
  return bpf_call(BPF_PROG_DETACH, &a);
}

int clinux_bpf_device_filters(int cgroup, uint32_t *ids, uint32_t *count) {
  union bpf_attr a;
  memset(&a, 0, sizeof a);
  a.query.target_fd = (uint32_t)cgroup;
  a.query.attach_type = BPF_CGROUP_DEVICE;
  a.query.prog_ids = (uint64_t)(uintptr_t)ids;
  a.query.prog_cnt = *count;
  int result = bpf_call(BPF_PROG_QUERY, &a);
  *count = a.query.prog_cnt;
  return result;
}

int clinux_bpf_program_by_id(uint32_t id) {
  union bpf_attr a;
  memset(&a, 0, sizeof a);
  a.prog_id = id;
  return bpf_call(BPF_PROG_GET_FD_BY_ID, &a);
}

// ---- files and mounts

int clinux_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
  struct open_how how = {flags, mode, resolve};
  return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof how);
}

int clinux_pivot_root(const char *new_root, const char *put_old) {
  return (int)syscall(SYS_pivot_root, new_root, put_old);
}

int clinux_memfd_create(const char *name, unsigned flags) { return memfd_create(name, flags); }
int clinux_dup_cloexec(int fd, int lowest) { return fcntl(fd, F_DUPFD_CLOEXEC, lowest); }

int clinux_set_nonblocking(int fd, int on) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -1;
  return fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int clinux_add_seals(int fd, int seals) { return fcntl(fd, F_ADD_SEALS, seals); }
int clinux_get_seals(int fd) { return fcntl(fd, F_GET_SEALS); }

int clinux_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags) {
  return renameat2(from_dir, from, to_dir, to, flags);
}

int clinux_flock(int fd, int operation) { return flock(fd, operation); }

ssize_t clinux_getrandom(void *bytes, size_t count) { return getrandom(bytes, count, 0); }

int clinux_syncfs(int fd) { return syncfs(fd); }
int clinux_mkdirat(int dirfd, const char *path, mode_t mode) { return mkdirat(dirfd, path, mode); }
int clinux_openat(int dirfd, const char *path, int flags, mode_t mode) { return openat(dirfd, path, flags, mode); }
uint32_t clinux_major(uint64_t dev) { return major(dev); }
uint32_t clinux_minor(uint64_t dev) { return minor(dev); }
uint64_t clinux_makedev(uint32_t major, uint32_t minor) { return makedev(major, minor); }

// ---- sockets

static int unix_address(struct sockaddr_un *address, const char *path) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address->sun_path) {
    errno = ENAMETOOLONG;
    return -1;
  }
  strcpy(address->sun_path, path);
  return 0;
}

int clinux_bind_unix(int fd, const char *path) {
  struct sockaddr_un address;
  if (unix_address(&address, path) != 0) return -1;
  return bind(fd, (struct sockaddr *)&address, sizeof address);
}

int clinux_connect_unix(int fd, const char *path) {
  struct sockaddr_un address;
  if (unix_address(&address, path) != 0) return -1;
  return connect(fd, (struct sockaddr *)&address, sizeof address);
}

int clinux_accept(int fd) { return accept4(fd, NULL, NULL, SOCK_CLOEXEC); }

ssize_t clinux_send_fds(int fd, const void *bytes, size_t count, const int *fds, size_t fd_count, int flags) {
  union {
    struct cmsghdr align;
    char space[CMSG_SPACE(CLINUX_FDS_MAX * sizeof(int))];
  } control;
  struct iovec iov = {(void *)bytes, count};
  struct msghdr message = {.msg_iov = &iov, .msg_iovlen = 1};
  if (fd_count > CLINUX_FDS_MAX) {
    errno = E2BIG;
    return -1;
  }
  if (fd_count > 0) {
    memset(&control, 0, sizeof control);
    message.msg_control = control.space;
    message.msg_controllen = CMSG_SPACE(fd_count * sizeof(int));
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fd_count * sizeof(int));
    memcpy(CMSG_DATA(header), fds, fd_count * sizeof(int));
  }
  return sendmsg(fd, &message, flags | MSG_NOSIGNAL);
}

ssize_t clinux_recv_fds(int fd, void *bytes, size_t count, int *fds, size_t *fd_count, int flags) {
  union {
    struct cmsghdr align;
    char space[CMSG_SPACE(CLINUX_FDS_MAX * sizeof(int))];
  } control;
  struct iovec iov = {bytes, count};
  struct msghdr message = {
      .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.space, .msg_controllen = sizeof control.space};
  *fd_count = 0;
  ssize_t received = recvmsg(fd, &message, flags | MSG_CMSG_CLOEXEC);
  if (received < 0) return received;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    size_t n = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    if (n > CLINUX_FDS_MAX - *fd_count) n = CLINUX_FDS_MAX - *fd_count;
    memcpy(fds + *fd_count, CMSG_DATA(header), n * sizeof(int));
    *fd_count += n;
  }
  return received;
}

int clinux_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid) {
  struct ucred credentials;
  socklen_t length = sizeof credentials;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
  *pid = credentials.pid;
  *uid = credentials.uid;
  *gid = credentials.gid;
  return 0;
}

int clinux_loopback_up(void) {
  struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return -1;
  int result = ioctl(fd, SIOCSIFFLAGS, &request), error = errno;
  close(fd);
  errno = error;
  return result;
}

// ---- terminals

int clinux_unlock_pty(int master) {
  int locked = 0, number = -1;
  if (ioctl(master, TIOCSPTLCK, &locked) != 0 || ioctl(master, TIOCGPTN, &number) != 0) return -1;
  return number;
}

int clinux_ioctl_value(int fd, unsigned long request, unsigned long value) { return ioctl(fd, request, value); }
int clinux_tiocgptpeer(int master, int flags) { return ioctl(master, TIOCGPTPEER, flags); }

int clinux_get_winsize(int fd, unsigned short *rows, unsigned short *columns) {
  struct winsize size;
  if (ioctl(fd, TIOCGWINSZ, &size) != 0) return -1;
  *rows = size.ws_row;
  *columns = size.ws_col;
  return 0;
}

int clinux_set_winsize(int fd, unsigned short rows, unsigned short columns) {
  struct winsize size = {.ws_row = rows, .ws_col = columns};
  return ioctl(fd, TIOCSWINSZ, &size);
}
