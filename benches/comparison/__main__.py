"""Runs the comparisons. Started by benches/compare, which installs what they need."""

import argparse
import os
import platform
import sys

from measure import run
from sections import SECTIONS, Runs
from table import markdown
from workspaces import BENCH

# The section that takes longer than all others together.
LONGEST = "cold"


def main():
    parser = argparse.ArgumentParser(prog="benches/compare")
    parser.add_argument("sections", nargs="*", metavar="SECTION",
                        help=f"{', '.join(SECTIONS)}; all of them unless some are named, or, with "
                             f"--quick, all but {LONGEST}")
    parser.add_argument("--quick", action="store_true",
                        help="few runs of each: under five minutes once the workspaces are there")
    options = parser.parse_args()
    for unknown in set(options.sections) - set(SECTIONS):
        parser.error(f"unknown section `{unknown}`; there are {', '.join(SECTIONS)}")
    runs = Runs(short=3, long=1, cold=1) if options.quick else Runs(short=20, long=5, cold=2)

    BENCH.mkdir(parents=True, exist_ok=True)
    where = machine()
    rows = []
    chosen = [name for name in SECTIONS if not (options.quick and name == LONGEST)]
    for name in options.sections or chosen:
        print(f"\n== measuring {name}", file=sys.stderr)
        rows += SECTIONS[name](runs)
        # After each section: what was measured is not lost if a later one fails.
        table = f"{markdown(rows)}\n{where}\n"
        (BENCH / "table.md").write_text(table)
    print(table, end="")


def machine():
    """What was measured, on what, and what else that was doing."""
    [processor, *_] = [line.split(":")[1].strip() for line in open("/proc/cpuinfo")
                       if line.startswith(("model name", "CPU part"))] or [platform.machine()]
    tools = [["cargo-lambda-zip", "--version"], ["cargo-lambda", "lambda", "--version"],
             ["rustc", "--version"]]
    versions = ", ".join(run(tool, BENCH).split(" (")[0].strip() for tool in tools)
    return (f"{os.cpu_count()} × {processor}, load {os.getloadavg()[0]:.1f} at the start; "
            f"{versions}.")


main()
