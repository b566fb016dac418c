"""Whole commands side by side over the same exports: wall and CPU seconds, peak memory as Linux counts it.

    peers.py FOLDER [RUNS] -- 'NAME=COMMAND' 'NAME=COMMAND' ...

`{}` in a command stands for FOLDER. Every command runs once to warm up; then each of RUNS rounds (7) runs all
of them in turn, so that a change of the machine's speed falls on all. Where a command prints a line that ends
in `seconds X`, X is its own time: without the start of an interpreter, for one. The first command's median is
compared with that of the fastest other.
"""

import ctypes
import os
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

OWN = re.compile(r"\bseconds ([0-9.]+)$", re.MULTILINE)
COLUMNS = "name", "min", "median", "max", "own median", "CPU median", "peak MiB", "÷ first"
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2)


def read_arguments(words):
    """The commands' words by name, and the number of rounds."""
    split = words.index("--") if "--" in words else 0
    options, commands = words[:split], words[split + 1 :]
    if not 1 <= len(options) <= 2 or not commands or not all("=" in command for command in commands):
        sys.exit(__doc__)
    named = (command.split("=", 1) for command in commands)
    filled = {name: shlex.split(command.replace("{}", shlex.quote(options[0]))) for name, command in named}
    return filled, int(options[1]) if len(options) == 2 else 7


def run(name, command, out, err):
    """One run, its output in the file `out`: wall seconds, CPU seconds, peak MiB.

    A child's peak begins at that of the process that starts it, which must not be this interpreter. So
    a small shell starts it and ends at once, and the command becomes a child of this subreaper.
    """
    start = ["sh", "-c", 'out=$1; shift; "$@" >"$out" & echo $!', "sh", out, *command]
    with open(err, "w") as errors:
        begun = time.perf_counter()
        shell = subprocess.run(start, stdout=subprocess.PIPE, stderr=errors, check=True)
        _, status, usage = os.wait4(int(shell.stdout), 0)
        wall = time.perf_counter() - begun
    if status:
        with open(err, errors="replace") as errors:
            sys.exit(f"{name}: exit status {os.waitstatus_to_exitcode(status)}\n{errors.read()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def own_seconds(out):
    """The time that a command printed, if it did."""
    with open(out, errors="replace") as lines:
        found = OWN.findall(lines.read())
    return float(found[-1]) if found else None


def measure(commands, runs):
    """The runs of every command by name, and the times it printed; other output goes to the null device."""
    measured, own = {name: [] for name in commands}, {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        out, err = os.path.join(folder, "out"), os.path.join(folder, "err")
        prints = {}
        for name, command in commands.items():
            run(name, command, out, err)
            prints[name] = own_seconds(out) is not None
        for _ in range(runs):
            for name, command in commands.items():
                measured[name].append(run(name, command, out if prints[name] else os.devnull, err))
                own[name] += [own_seconds(out)] if prints[name] else []
    return measured, own


def main():
    commands, runs = read_arguments(sys.argv[1:])
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    measured, own = measure(commands, runs)
    medians = {name: statistics.median(wall for wall, _, _ in values) for name, values in measured.items()}
    first, *others = medians
    print("| " + " | ".join(COLUMNS) + " |\n|---" + "|--:" * (len(COLUMNS) - 1) + "|")
    for name, values in measured.items():
        walls, cpus, peaks = zip(*values)
        printed = f"{statistics.median(own[name]):.3f}" if own[name] else "–"
        print(f"| {name} | {min(walls):.3f} | {medians[name]:.3f} | {max(walls):.3f} | {printed}", end=" | ")
        print(f"{statistics.median(cpus):.3f} | {max(peaks):.0f} | {medians[name] / medians[first]:.2f} |")
    if others:
        fastest = min(others, key=medians.get)
        print(f"\n{first} ÷ {fastest}, the fastest other: {medians[first] / medians[fastest]:.2f}")


if __name__ == "__main__":
    main()
