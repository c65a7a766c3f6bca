#!/bin/bash
# Runs an image of the service as it runs in the field (no root, no capabilities, a root file system that cannot be
# written to) and says what it found; the exit code is 0 if all of it is as promised.
#
#   deploy/prove_image.sh IMAGE [DATA_DIR]    ENGINE=podman where it is not docker; PORT of this machine, 8765 by default
#
# DATA_DIR is a folder that a build filled and that user 10001 may write to; without one the service starts empty.
set -euo pipefail
image=$1 data=${2:-} engine=${ENGINE:-docker} port=${PORT:-8765} name=steel-proof-$$
LIMIT_BYTES=1500000000
read -ra flags <<<"--read-only --cap-drop ALL --security-opt no-new-privileges --tmpfs /tmp ${ENGINE_FLAGS:-}"

fail() { echo "FAILED: $*" >&2; exit 1; }
inside() { "$engine" run --rm "${flags[@]}" --entrypoint python "$image" -c "$1"; }
clean_up() {
  "$engine" rm --force "$name" >/dev/null 2>&1 || true
  if [ -z "$data" ]; then "$engine" volume rm --force "$name" >/dev/null 2>&1 || true; fi
}
trap clean_up EXIT

bytes=$("$engine" image inspect --format '{{.Size}}' "$image")
echo "size: $((bytes / 1000000)) MB"
[ "$bytes" -lt "$LIMIT_BYTES" ] || fail "larger than $((LIMIT_BYTES / 1000000)) MB"

inside 'import os; exit(os.getuid() != 10001)' || fail "does not run as user 10001"
inside 'import importlib.util as u; exit(any(map(u.find_spec, ("torch", "dagster", "panel", "mlflow", "nvidia"))))' ||
  fail "holds a library that the service does without"
inside 'import pathlib; exit(any(pathlib.Path("/data").iterdir()))' || fail "holds data"
echo "inside: user 10001, no data, none of torch, dagster, panel, mlflow and nvidia"

volume=${data:-$name}
steel=("$engine" run "${flags[@]}" --volume "$volume:/data" --publish "127.0.0.1:$port:8000")
if [ -z "$data" ]; then
  if answer=$("${steel[@]}" --rm "$image" 2>&1); then fail "starts without a key"; fi
  echo "without a key: $answer"
fi
key=$("${steel[@]}" --rm "$image" keys create "$name" --role viewer 2>/dev/null) || fail "cannot make a key"

"${steel[@]}" --detach --name "$name" "$image" >/dev/null
for _ in $(seq 120); do
  if curl --silent --fail --output /dev/null "http://127.0.0.1:$port/readyz"; then break; fi
  sleep 0.5
done
[ "$(curl --silent --output /dev/null --write-out '%{http_code}' "http://127.0.0.1:$port/health")" = 401 ] ||
  fail "answers without a key"
health=$(curl --silent --fail --header "X-API-Key: $key" "http://127.0.0.1:$port/health") ||
  fail "does not answer: $("$engine" logs "$name" 2>&1 | tail -5)"
echo "health: $health"
"$engine" stop --time 20 "$name" >/dev/null
code=$("$engine" inspect --format '{{.State.ExitCode}}' "$name")
[ "$code" = 0 ] || fail "ends with exit code $code when it is told to stop"
echo "stopped in good order"
