#!/usr/bin/env bash
# Images per second of a training beside none, one and two busy processes a core, and the share of the
# fair share. Settings of the engine's threads take turns.
#
#   tools/beside-load.sh [TURNS [SETTING ...]]    five turns of GOMP_SPINCOUNT=5000 GOMP_SPINCOUNT=30000
#
# Needs a built tree with test classes: mvn -q -DskipTests -DskipChecks package
set -euo pipefail

home="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
turns="${1:-5}"
shift || true
settings=("$@")
if [[ ${#settings[@]} -eq 0 ]]; then
  settings=(GOMP_SPINCOUNT=5000 GOMP_SPINCOUNT=30000)
fi
classpath="$home/pretrain/target/test-classes:$home/eval/target/test-classes:$home/target/downstream/lib/*"
for turn in $(seq "$turns"); do
  for setting in "${settings[@]}"; do
    echo "turn $turn, $setting, load $(cut -d ' ' -f 1 /proc/loadavg)"
    env -u OMP_WAIT_POLICY -u GOMP_SPINCOUNT "$setting" \
      java -Xmx3g -Dai.djl.offline=true -cp "$classpath" downstream.pretrain.PretrainingBenchmark 1 load |
      grep "busy processes"
  done
done
