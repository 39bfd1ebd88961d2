# What the rows of the option tables use. $x is a name of the row's own, $dir a directory that the client and the engine
# see at the same place, $i a busybox and $v the same with a volume, a stop signal and variables.
i=skiff-options:1
v=skiff-options:volume
docker load -q -i "$archive" >/dev/null

begin() { x=opt$1x dir=$shared/$1; mkdir -p "$dir"; }

# Nothing of a row is left for the next.
end() {
  ids=$(docker ps -aq --filter name=$x)
  [ -z "$ids" ] || docker rm -fv $ids >/dev/null 2>&1
  names=$(docker volume ls -q --filter name=$x)
  [ -z "$names" ] || docker volume rm $names >/dev/null 2>&1
  rm -rf "$dir"
}

# Runs the row's container and keeps it; the help of a refusal is the client's.
run() { plain docker run --name $x --network none "$@"; }
runs() { plain docker run "$@"; }
create() { plain docker create --name $x --network none "$@"; }
plain() {
  timeout 30 "$@" 2>"$dir.err"
  code=$?
  grep -v -e '^$' -e '^Run .docker' "$dir.err"
  rm -f "$dir.err"
  [ $code = 0 ] || echo "exit $code"
}

# Starts another container of the row in the background.
bg() { name=$1; shift; plain docker run -d --name $x$name --network none "$@" >/dev/null; }

# Removes the row's container, for the next of the same name.
again() { docker rm -fv $x >/dev/null 2>&1; }

# What inspect says of the row's container, or of the one named.
see() { docker inspect -f "$1" ${2:-$x}; }

# The reason in an error of the runtime: what stands before it is each engine's own.
why() { sed 's/.*\(sysctl "\)/\1/; s/.*\(string SCMP\)/\1/'; }
