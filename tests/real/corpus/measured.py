"""Runs a command, and writes to a file what it took: seconds of processor time, and
KiB of memory at its peak."""

import resource
import subprocess
import sys

file, *command = sys.argv[1:]
code = subprocess.run(command).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
with open(file, "w") as report:
    print(used.ru_utime + used.ru_stime, used.ru_maxrss, file=report)
sys.exit(code)
