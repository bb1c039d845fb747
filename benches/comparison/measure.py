"""Time by hyperfine, memory by GNU time."""

import json
import os
import shlex
import subprocess
import tempfile

from table import Time

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


def peak(command, folder):
    """The most memory that the command, or any process below it, held at once, in KiB."""
    with tempfile.NamedTemporaryFile(mode="r") as result:
        run(["/usr/bin/time", "--format=%M", f"--output={result.name}", *command], folder)
        return int(result.read())
