// What Swift's importer cannot reach: GNU and Linux declarations that need _GNU_SOURCE, system calls without a glibc
// wrapper (2.36), variadic and macro-only interfaces. Mechanism only; every policy is Swift's.
//
// A function here returns what the kernel returns: -1 and errno on failure.
#ifndef SKIFF_CLINUX_H
#define SKIFF_CLINUX_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <termios.h>
#include <unistd.h>

#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <linux/seccomp.h>

// ---- processes

// clone3(2). `cgroup_fd` < 0: stay in the caller's cgroup. `*pidfd` is set in the parent. Returns 0 in the child.
// Only for single-threaded callers: the child runs Swift.
pid_t clinux_clone3(uint64_t flags, int exit_signal, int cgroup_fd, int *pidfd);
int clinux_pidfd_open(pid_t pid, unsigned flags);
int clinux_pidfd_send_signal(int pidfd, int signal);
// waitid(P_PIDFD) for an exited child; without `reap` it stays a zombie. *status is as wait(2) gives it.
int clinux_wait_pidfd(int pidfd, int options, pid_t *pid, int *status);
int clinux_close_range(unsigned first, unsigned last, unsigned flags);
int clinux_execveat(int dirfd, const char *path, char *const argv[], char *const envp[], int flags);
// The thread's own effective ids, set without telling glibc's other threads.
int clinux_setresuid(uid_t r, uid_t e, uid_t s);
int clinux_setresgid(gid_t r, gid_t e, gid_t s);
int clinux_setgroups(size_t count, const gid_t *groups);
int clinux_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d);
int clinux_keyctl_join_session(const char *name);
// environ(7), which Swift takes for shared mutable state.
char **clinux_environ(void);
int clinux_exited(int status);
int clinux_exit_status(int status);
int clinux_signaled(int status);
int clinux_term_signal(int status);

// ---- capabilities and seccomp

struct clinux_caps {
  uint64_t effective, permitted, inheritable;
};
int clinux_capset(const struct clinux_caps *caps);
int clinux_capget(struct clinux_caps *caps);
// seccomp(SECCOMP_SET_MODE_FILTER) for the calling thread; with SECCOMP_FILTER_FLAG_NEW_LISTENER in flags, the
// notification descriptor is returned.
int clinux_seccomp_filter(const struct sock_filter *filter, unsigned short count, unsigned flags);

// ---- device filters of cgroup v2: bpf(2) with BPF_PROG_TYPE_CGROUP_DEVICE

// Loads `count` instructions of 8 bytes and returns a descriptor; the verifier's complaint ends up in `log`.
int clinux_bpf_load_device_filter(const void *program, uint32_t count, char *log, uint32_t log_size);
// Filters of one cgroup add up: an access must pass all of them.
int clinux_bpf_attach_device_filter(int cgroup, int program);
int clinux_bpf_detach_device_filter(int cgroup, int program);
// The ids of the filters attached to `cgroup` itself; *count is the room in `ids` and then how many there are.
int clinux_bpf_device_filters(int cgroup, uint32_t *ids, uint32_t *count);
int clinux_bpf_program_by_id(uint32_t id);

// ---- files and mounts

int clinux_openat2(int dirfd, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve);
int clinux_pivot_root(const char *new_root, const char *put_old);
int clinux_memfd_create(const char *name, unsigned flags);
int clinux_dup_cloexec(int fd, int lowest);
int clinux_set_nonblocking(int fd, int on);
int clinux_add_seals(int fd, int seals);
int clinux_get_seals(int fd);
int clinux_renameat2(int from_dir, const char *from, int to_dir, const char *to, unsigned flags);
int clinux_syncfs(int fd);
int clinux_flock(int fd, int operation);
ssize_t clinux_getrandom(void *bytes, size_t count);
int clinux_mkdirat(int dirfd, const char *path, mode_t mode);
int clinux_openat(int dirfd, const char *path, int flags, mode_t mode);
uint32_t clinux_major(uint64_t dev);
uint32_t clinux_minor(uint64_t dev);
uint64_t clinux_makedev(uint32_t major, uint32_t minor);

// ---- sockets

int clinux_bind_unix(int fd, const char *path);
int clinux_accept(int fd);
int clinux_connect_unix(int fd, const char *path);
// One sendmsg/recvmsg of one buffer, with up to CLINUX_FDS_MAX descriptors as SCM_RIGHTS (received CLOEXEC).
#define CLINUX_FDS_MAX 64
ssize_t clinux_send_fds(int fd, const void *bytes, size_t count, const int *fds, size_t fd_count, int flags);
ssize_t clinux_recv_fds(int fd, void *bytes, size_t count, int *fds, size_t *fd_count, int flags);
int clinux_peer_credentials(int fd, pid_t *pid, uid_t *uid, gid_t *gid);

// Brings the interface `lo` of the calling process's network namespace up.
int clinux_loopback_up(void);

// ---- terminals

// Unlocks the slave of `master` and returns its number.
int clinux_unlock_pty(int master);
int clinux_ioctl_value(int fd, unsigned long request, unsigned long value);
int clinux_tiocgptpeer(int master, int flags);
int clinux_get_winsize(int fd, unsigned short *rows, unsigned short *columns);
int clinux_set_winsize(int fd, unsigned short rows, unsigned short columns);

#endif
