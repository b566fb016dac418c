#!/usr/bin/env bash
# Whole commands side by side: `cxm report` and another program that does the same job over the same exports, in turn,
# so that a change of the machine's speed falls on both. Prints seconds, the ratio of the medians, and peak memory.
#
#   benches/peers.sh FOLDER 'OTHER COMMAND' [RUNS]
#
# FOLDER holds surveys.csv, tickets.csv and purchases.csv (cxm demo FOLDER --customers 100000 --clean writes such).
set -euo pipefail
folder=$1 other=$2 runs=${3:-7}
cxm=${CXM:-target/release/cxm}
ours="$cxm report $folder/surveys.csv $folder/tickets.csv $folder/purchases.csv --format csv --quiet"
python3 - "$ours" "$other" "$runs" <<'PY'
import os, shlex, statistics, subprocess, sys, time

def run(command):
    begun = time.perf_counter()
    process = subprocess.Popen(shlex.split(command), stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command}: status {status}")
    return time.perf_counter() - begun, usage.ru_maxrss / 1024

commands, runs = sys.argv[1:3], int(sys.argv[3])
times, peaks = [[], []], [0.0, 0.0]
for command in commands:
    run(command)
for _ in range(runs):
    for which, command in enumerate(commands):
        seconds, peak = run(command)
        times[which].append(seconds)
        peaks[which] = max(peaks[which], peak)
for name, seconds, peak in zip(("cxm", "other"), times, peaks):
    print(f"{name:6} min {min(seconds):.3f}  median {statistics.median(seconds):.3f}  max {max(seconds):.3f} s   peak {peak:.0f} MiB")
print(f"cxm / other: {statistics.median(times[0]) / statistics.median(times[1]):.2f}")
PY
