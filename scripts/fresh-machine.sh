#!/usr/bin/env bash
# Proves the README's two commands on a machine that has next to nothing: a fresh clone, an empty HOME and a PATH that holds
# only Node.js, npm, git and the basic tools (no Python, no make, no compiler). Prints how long each step took.
#
# scripts/fresh-machine.sh [--no-test]      NODE_FOLDER=/opt/node20/bin chooses another Node.js (with its npm)
#
# What is committed is tested. Ends with 1 when a step fails, or no frame came within 15 s of the start line.
set -euo pipefail

checkout="$(cd "$(dirname "$0")/.." && pwd)"
with_tests=yes
[ "${1:-}" = --no-test ] && with_tests=no

work="$(mktemp -d "${TMPDIR:-/tmp}/downlinkd-fresh.XXXXXX")"
station=
finish() {
  if [ -n "$station" ]; then kill -- "-$station" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap finish EXIT

# The first one outside of node_modules: npm scripts put the pinned Node.js first, which a fresh machine hasn't got.
find_program() {
  local folder
  if [ -n "${NODE_FOLDER:-}" ] && [ -x "$NODE_FOLDER/$1" ]; then
    echo "$NODE_FOLDER/$1"
    return
  fi
  while IFS= read -r folder; do
    case "$folder" in '' | *node_modules* | *node-gyp-bin*) continue ;; esac
    if [ -x "$folder/$1" ] && [ ! -d "$folder/$1" ]; then
      echo "$folder/$1"
      return
    fi
  done < <(printf '%s\n' "${PATH//:/$'\n'}")
  echo "fresh-machine: $1 is not on the PATH" >&2
  exit 1
}

mkdir "$work/tools" "$work/home"
programs='node npm npx git sh bash env cat ls mkdir rmdir rm cp mv ln chmod touch dirname basename readlink realpath uname
  sleep date head tail tr cut sort uniq wc mktemp kill test expr tee id seq true false pwd sed grep'
for program in $programs; do ln -s "$(find_program "$program")" "$work/tools/$program"; done
for program in python3 python make gcc g++ cc clang; do
  [ ! -e "$work/tools/$program" ] || { echo "fresh-machine: $program is there" >&2; exit 1; }
done

# Nothing of this user's surroundings but how the machine reaches the network.
fresh() {
  local keep=() name
  for name in NODE_EXTRA_CA_CERTS SSL_CERT_FILE SSL_CERT_DIR http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name:-}" ] || keep+=("$name=${!name}")
  done
  env -i HOME="$work/home" PATH="$work/tools" LANG=C.UTF-8 "${keep[@]}" "$@"
}
now() { date +%s.%N; }
say() { printf '%-34s %6.1f s\n' "$1" "$(node -p "$(now) - $2")"; }
step() {
  local name="$1" begin
  shift
  begin="$(now)"
  if ! "$@" > "$work/log" 2>&1; then
    tail -n 40 "$work/log" >&2
    echo "fresh-machine: $name failed" >&2
    exit 1
  fi
  say "$name" "$begin"
}

echo "Node.js $(fresh node --version), npm $(fresh npm --version), PATH without python3, make, gcc"
step 'git clone' fresh git clone --quiet --no-hardlinks "$checkout" "$work/downlinkd"
cd "$work/downlinkd"
step 'npm ci' fresh npm ci
if [ "$with_tests" = yes ]; then step 'npm test' fresh npm test; fi

# A client of the WebSocket API, under the Node.js that npm ci brought (the one of the machine may have no WebSocket).
cat > "$work/first-frame.mjs" <<'CLIENT'
const url = `${process.argv[2].replace(/^http/, 'ws')}/api/frames/stream?since=0`;
const deadline = Date.now() + 30_000;
const connect = () => {
  const socket = new WebSocket(url);
  socket.onmessage = ({ data }) => {
    const frame = JSON.parse(data);
    console.log(`frame ${frame.seq} of ${frame.satellite}${frame.simulated ? ' (simulated)' : ''}: ${frame.frame.slice(0, 32)}...`);
    process.exit(0);
  };
  socket.onclose = () => (Date.now() < deadline ? setTimeout(connect, 100) : process.exit(1));
};
connect();
CLIENT

begin="$(now)"
set -m # a process group of its own: npm, its shell and the station end together
fresh npm start -- --port 0 > "$work/start.log" 2>&1 &
station=$!
set +m
url=
for _ in $(seq 300); do
  url="$(sed -n 's/^downlinkd listens on \([^ ]*\).*/\1/p' "$work/start.log")"
  [ -z "$url" ] || break
  kill -0 "$station" 2>/dev/null || break
  sleep 0.1
done
if [ -z "$url" ]; then
  tail -n 40 "$work/start.log" >&2
  echo 'fresh-machine: npm start failed' >&2
  exit 1
fi
say 'npm start, until it listens' "$begin"
line="$(now)"
if ! frame="$(fresh "$work/downlinkd/node_modules/.bin/node" "$work/first-frame.mjs" "$url")"; then
  tail -n 40 "$work/start.log" >&2
  echo 'fresh-machine: no frame came' >&2
  exit 1
fi
say 'first frame after the start line' "$line"
echo "$frame"
took="$(node -p "$(now) - $line")"
kill -- "-$station"
wait "$station" 2>/dev/null || true
station=
if [ "$(node -p "$took <= 15")" != true ]; then
  echo 'fresh-machine: the first frame took longer than 15 s' >&2
  exit 1
fi
echo 'fresh-machine: all well'
