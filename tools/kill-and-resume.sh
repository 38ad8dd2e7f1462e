#!/usr/bin/env bash
# Kills a pretraining by -9 at a random moment, goes on with it, and compares the encoder with that of an unbroken run.
#
#   tools/kill-and-resume.sh IMAGES METHOD…
set -uo pipefail
images="${1:?usage: kill-and-resume.sh IMAGES METHOD...}"
shift
downstream="$(cd "$(dirname "$0")/.." && pwd)/downstream"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
status=0
for method in "$@"; do
  command=("$downstream" pretrain "$method" --images "$images" --limit 64 --preset smoke --budget images=1600 --threads 1)
  "${command[@]}" --out "$work/$method-whole" >"$work/log" 2>&1 || { tail -1 "$work/log"; status=1; continue; }
  "${command[@]}" --out "$work/$method" >"$work/log" 2>&1 &
  running=$!
  until [[ -s "$work/$method/log.jsonl" ]] || ! kill -0 "$running" 2>/dev/null; do sleep .1; done
  sleep "$((RANDOM % 3)).$((RANDOM % 10))"
  kill -9 "$running" 2>/dev/null
  wait "$running" 2>/dev/null
  steps="$(wc -l <"$work/$method/log.jsonl")"
  "${command[@]}" --out "$work/$method" >"$work/log" 2>&1
  if cmp -s "$work/$method-whole/$method.onnx" "$work/$method/$method.onnx"; then
    echo "$method: killed after $steps logged steps, the same bytes"
  else
    echo "$method: killed after $steps logged steps, OTHER bytes"
    status=1
  fi
done
exit "$status"
