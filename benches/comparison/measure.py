"""Time by hyperfine, or in pairs; memory as the system tells it of one process."""

import json
import os
import shlex
import subprocess
import statistics
import tempfile
from time import perf_counter

from table import Pairs, Time

# What would make one of the tools build something else, or somewhere else.
FOREIGN = ("CARGO_BUILD_", "CARGO_ENCODED_RUSTFLAGS", "CARGO_LAMBDA_", "CARGO_PROFILE_",
           "CARGO_TARGET_", "RUSTFLAGS", "SOURCE_DATE_EPOCH")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}


def run(command, folder):
    """Runs a command to its end and gives what it prints."""
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"`{shlex.join(command)}` failed in {folder}")
    return done.stdout


def time(command, folder, runs, *, warmup=0, prepare=None):
    """How long a command takes, from its start to its end."""
    with tempfile.NamedTemporaryFile(suffix=".json") as result:
        hyperfine = ["hyperfine", "--shell=none", "--style=none", f"--runs={runs}",
                     f"--warmup={warmup}", f"--export-json={result.name}"]
        if prepare:
            hyperfine.append(f"--prepare={shlex.join(prepare)}")
        run([*hyperfine, shlex.join(command)], folder)
        measured = json.load(result)["results"][0]
    return Time(measured["mean"], measured["stddev"])


def pairs(ours, theirs, folders, runs, *, prepare=None, warms_up=True):
    """Both commands in turn, so that what else the machine does slows down both. `prepare` is called
    before each run."""
    def once(command, folder):
        if prepare:
            prepare()
        begin = perf_counter()
        run(command, folder)
        return perf_counter() - begin

    both = [(ours, folders[0]), (theirs, folders[-1])]
    for each in both if warms_up else []:
        once(*each)
    taken = [[once(*each) for each in both] for _ in range(runs)]
    own, peers = zip(*taken)
    return Pairs(spread(own), spread(peers), [a / b for a, b in taken])


def stderr(command, folder):
    """What a command prints to standard error."""
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True, capture_output=True,
                          text=True)
    return done.stderr


def spread(seconds):
    return Time(statistics.median(seconds), statistics.stdev(seconds) if seconds[1:] else None)


def peak(command, folder):
    """The most memory that the command, or any process below it, held at once, in KiB.

    Linux counts for a process also what it held before it became the command. So the command is
    started by a small program instead of this one, which has made hundreds of megabytes.
    """
    with tempfile.NamedTemporaryFile("r") as result:
        run(["time", "--format=%M", f"--output={result.name}", *command], folder)
        return int(result.read())
