"""Runs commands and times them, on this host or where the peers' programs are."""

import ctypes
import os
import signal
import sys
import time

CLONE_NEWNS = 0x00020000
MS_BIND, MS_REC, MS_PRIVATE = 4096, 16384, 1 << 18
MNT_DETACH = 2
# A command that hangs is a failure, not a long evening.
SECONDS_MAX = 60


class Failure(Exception):
    """A command that did not do what it is measured for."""


class Runner:
    """A process of its own that starts commands with posix_spawn and answers how long each took.

    `prepare` is run there first, so that what it changes (a mount namespace, say) costs no command anything.
    """

    # Our ends of all runners' pipes. A runner that kept another's would keep it from seeing its end.
    _ours = []

    def __init__(self, prepare=lambda: None):
        theirs_in, self._orders = os.pipe()
        self._answers, theirs_out = os.pipe()
        Runner._ours += [self._orders, self._answers]
        self.pid = os.fork()
        if self.pid == 0:
            for descriptor in Runner._ours:
                os.close(descriptor)
            try:
                prepare()
                self._serve(os.fdopen(theirs_in), os.fdopen(theirs_out, "w"))
            except OSError as problem:
                print(f"bench: {problem}", file=sys.stderr)
            os._exit(1)
        os.close(theirs_in)
        os.close(theirs_out)
        self._orders = os.fdopen(self._orders, "w")
        self._answers = os.fdopen(self._answers)

    def time(self, *words):
        """Runs `words` to their end and answers the milliseconds from spawn to exit."""
        self._orders.write("\0".join(words) + "\n")
        self._orders.flush()
        answer = self._answers.readline().split()
        if not answer:
            raise Failure(f"{words[0]}: the process that runs it is gone")
        milliseconds, code = float(answer[0]), int(answer[1])
        if code != 0:
            raise Failure(f"{' '.join(words)}: ended with {code}")
        return milliseconds

    def close(self):
        Runner._ours = [one for one in Runner._ours if one not in (self._orders.fileno(), self._answers.fileno())]
        self._orders.close()
        self._answers.close()
        os.waitpid(self.pid, 0)

    @staticmethod
    def _serve(orders, answers):
        null = os.open(os.devnull, os.O_RDWR)
        log = os.open(os.environ["BENCH_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        streams = [(os.POSIX_SPAWN_DUP2, null, 0), (os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, log, 2)]
        for line in orders:
            words = line.rstrip("\n").split("\0")
            start = time.perf_counter_ns()
            child = os.posix_spawnp(words[0], words, os.environ, file_actions=streams)
            signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
            signal.alarm(SECONDS_MAX)
            _, status = os.waitpid(child, 0)
            elapsed = time.perf_counter_ns() - start
            signal.alarm(0)
            answers.write(f"{elapsed / 1e6} {os.waitstatus_to_exitcode(status)}\n")
            answers.flush()
        os._exit(0)


def enter_peers(chroot):
    """Lets this process see the peers' /usr in place of the host's, and no cgroup2, beside which crun refuses v1."""
    libc = ctypes.CDLL(None, use_errno=True)

    def call(name, *arguments):
        if getattr(libc, name)(*arguments) != 0:
            raise OSError(ctypes.get_errno(), f"{name}: {os.strerror(ctypes.get_errno())}")

    call("unshare", CLONE_NEWNS)
    call("mount", b"none", b"/", None, MS_REC | MS_PRIVATE, None)
    if os.path.ismount("/sys/fs/cgroup/unified"):
        call("umount2", b"/sys/fs/cgroup/unified", MNT_DETACH)
    call("mount", f"{chroot}/usr".encode(), b"/usr", None, MS_BIND, None)
