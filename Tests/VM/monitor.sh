# skiff-monitor runs OCI bundles on a kernel with cgroup v2, and what is asked of the cgroup holds there.
. /vm/functions
echo 1..14

state=/run/monitor
monitor() { skiff-monitor --root "$state" "$@"; }
status() { monitor state "$1" | sed -n 's/.*"status" *: *"\([a-z]*\)".*/\1/p'; }
is_status() { [ "$(status "$1")" = "$2" ]; }

busybox-bundle /tmp/plain sh -c 'echo out; echo err >&2; hostname; exit 7'
out=$(monitor run --bundle /tmp/plain plain 2>/tmp/err)
expect "run: ends with the command's exit code" 7 $?
expect "run: what the command writes arrives" "out
busybox" "$out"
expect "run: its errors arrive apart" err "$(cat /tmp/err)"

RESOURCES='{
  "memory": { "limit": 33554432, "swap": 33554432 },
  "cpu": { "quota": 50000, "period": 100000, "cpus": "0" },
  "pids": { "limit": 32 }
}' busybox-bundle /tmp/limits sh -c 'cd /sys/fs/cgroup && cat memory.max memory.swap.max cpu.max cpuset.cpus pids.max'
limits=$(monitor run --bundle /tmp/limits limits 2>&1)
expect "limits: memory.max is what was asked" 33554432 "$(echo "$limits" | sed -n 1p)"
expect "limits: no swap beyond memory" 0 "$(echo "$limits" | sed -n 2p)"
expect "limits: cpu.max is what was asked" "50000 100000" "$(echo "$limits" | sed -n 3p)"
expect "limits: cpuset.cpus is what was asked" 0 "$(echo "$limits" | sed -n 4p)"
expect "limits: pids.max is what was asked" 32 "$(echo "$limits" | sed -n 5p)"

# 64 MiB in a cgroup of 32: dd is the container's first process, so its death is the container's.
RESOURCES='{ "memory": { "limit": 33554432, "swap": 33554432 } }' \
  busybox-bundle /tmp/greedy dd if=/dev/zero of=/dev/null bs=64M count=1
monitor run --bundle /tmp/greedy greedy >/dev/null 2>&1
expect "limits: who takes more memory is killed" 137 $?

busybox-bundle /tmp/long sleep 1000
monitor create --bundle /tmp/long long </dev/null >/tmp/long.out 2>&1
expect "create: the container waits for start" created "$(status long)"
monitor start long
wait_for 10 is_status long running
expect "start: it runs" running "$(status long)"
expect "exec: a second process sees the container" "1 sleep" \
  "$(monitor exec long ps -o pid,comm | awk '$1 == 1 { print $1, $2 }')"
monitor kill long KILL
wait_for 10 is_status long stopped
expect "kill: it has stopped" stopped "$(status long)"
monitor delete long
expect "delete: no cgroup is left" "" "$(find /sys/fs/cgroup -mindepth 2 -type d -name '*long*')"
