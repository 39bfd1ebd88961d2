# Containers by `skiff` and the daemon that it starts by itself, on a kernel with cgroup v2.
. /vm/functions
echo 1..25

mkdir -p /var/log
busybox-bundle /tmp/box true
# On the console its errors are a terminal, which would be shown progress.
image=$(tar -C /tmp/box/rootfs -c . | skiff import - busybox 2>/tmp/import.errors) || cat /tmp/import.errors
expect "import: the first command starts a daemon and makes an image" "sha256:" "$(echo "$image" | cut -c 1-7)"

state() { skiff inspect --format "{{.State.$2}}" "$1"; }
no_daemon() { ! pidof skiffd; }
cgroup() { echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$(state "$1" Pid)/cgroup")"; }

out=$(skiff run --rm busybox sh -c 'echo out; echo err >&2; echo $$; exit 7' 2>/tmp/err)
expect "run: ends with the command's exit code" 7 $?
expect "run: what the command writes arrives, from process 1" "out
1" "$out"
expect "run: its errors arrive apart" err "$(cat /tmp/err)"
expect "run: its input arrives" piped "$(echo piped | skiff run --rm -i busybox cat)"
skiff run --rm busybox nope >/dev/null 2>&1
expect "run: no such program is 127" 127 $?

skiff run --name greedy --memory 32m --memory-swap 32m busybox dd if=/dev/zero of=/dev/null bs=64M count=1 2>/dev/null
expect "memory: who takes more is killed" 137 $?
expect "memory: and the engine says why" true "$(state greedy OOMKilled)"

skiff run -d --name limits --cpus 0.5 --cpuset-cpus 0 --pids-limit 8 --memory 64m --memory-swap 64m --read-only \
  busybox sleep 1000 >/dev/null
limits=$(cgroup limits)
expect "limits: cpu.max" "50000 100000" "$(cat "$limits/cpu.max")"
expect "limits: cpuset.cpus" 0 "$(cat "$limits/cpuset.cpus")"
expect "limits: pids.max" 8 "$(cat "$limits/pids.max")"
expect "limits: memory.max" 67108864 "$(cat "$limits/memory.max")"
expect "limits: no swap beyond memory" 0 "$(cat "$limits/memory.swap.max")"
expect "read-only: the root's mount is" ro "$(awk '$2 == "/" { print substr($4, 1, 2) }' "/proc/$(state limits Pid)/mounts")"
skiff rm -f limits >/dev/null

skiff run --rm --pids-limit 4 busybox sh -c 'for i in 1 2 3 4 5 6; do sleep 100 & done' >/tmp/out 2>&1
expect "pids: a process too many is refused" "sh: can't fork: Resource temporarily unavailable" "$(cat /tmp/out)"
skiff run --rm --read-only busybox touch /file >/tmp/out 2>&1
expect "read-only: a write is refused" "1 touch: /file: Read-only file system" "$? $(cat /tmp/out)"

skiff run -d --name counter busybox \
  sh -c 'trap "echo asked; exit 5" TERM; i=0; while :; do i=$((i + 1)); echo $i; usleep 100000; done' >/dev/null
pid=$(state counter Pid)
skiff run -d --name brief busybox sh -c 'trap "echo last words; exit 9" TERM; while :; do usleep 100000; done' >/dev/null
brief=$(state brief Pid)
kill -9 "$(pidof skiffd)"
wait_for 10 no_daemon
expect "kill -9 of skiffd: the container's process runs on" sh "$(cat "/proc/$pid/comm")"
kill "$brief"
wait_for 10 [ ! -e "/proc/$brief" ]
expect "kill -9 of skiffd: the next command starts another, which knows the container" "true $pid" \
  "$(state counter Running) $(state counter Pid)"
expect "kill -9 of skiffd: an end that no daemon saw is known" "exited 9" "$(state brief Status) $(state brief ExitCode)"
expect "logs: what was written without a daemon is there" "last words" "$(skiff logs brief)"
expect "stop: the process is asked" counter "$(skiff stop -t 30 counter)"
expect "stop: its exit code is its own" 5 "$(state counter ExitCode)"
skiff logs counter >/tmp/out
lines=$(($(wc -l </tmp/out) - 1))
expect "logs: no line was lost to the daemon's death" "$(seq "$lines"; echo asked)" "$(cat /tmp/out)"
expect "rm: says whom" "greedy
counter
brief" "$(skiff rm greedy counter brief)"
expect "rm: no cgroup, mount or task is left" "" \
  "$(find /sys/fs/cgroup/skiff -mindepth 1 -type d; grep /var/lib/skiff /proc/mounts; ls /run/skiff/tasks)"
kill "$(pidof skiffd)"
