"""The comparisons. Each gives rows: this tool's first, measured against those that follow."""

import itertools
import json
import shlex
import zipfile
from dataclasses import dataclass

from measure import pairs, peak, run, stderr, time
from table import Row, Time, below, verdict
from workspaces import (BENCH, CONTENTS, MANY, MEGABYTES, PROFILES, SIZES, bare, change_one, hello,
                        many, many_files, many_includes, one_file, one_include, some_files, twelve,
                        write_script)

TARGETS = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"]
OURS = ["cargo", "lambda-zip", "--quiet"]
THEIRS = ["cargo", "lambda", "build", "--release", "--output-format", "zip"]

# What a zip has beside the bytes of its one entry `bootstrap`: a local header, a central one and
# the end, with the name twice.
HEADERS = 30 + 46 + 22 + 2 * len("bootstrap")
# What gzip has.
GZIP_HEADERS = 18


@dataclass
class Runs:
    """How often something is measured, by how long it takes."""

    short: int
    long: int
    cold: int


def no_op(runs):
    """Nothing to do: what a run costs that changes nothing."""
    rows = []
    for count, make in [(1, hello), (12, twelve)]:
        ours, theirs = make("lambda-zip"), make("cargo-lambda")
        rows += no_op_of(f"no-op, {named(count)}", ours, [], runs)
        their_run = their_build(TARGETS[0])
        run(their_run, theirs)
        peer = time(their_run, theirs, runs.short, warmup=1)
        rows.append(Row(rows[-1].case, "cargo-lambda", peer))
    for profile in PROFILES:
        case = f"no-op, {named(MANY)} for both architectures, {profile}"
        rows += no_op_of(case, many(profile), [], runs)
    folder = hello("lambda-zip")
    case = f"no-op, {named(1)} and {MEGABYTES} MB of includes"
    return rows + no_op_of(case, folder, large_zip(many_includes(folder)), runs)


def named(count):
    return "1 function" if count == 1 else f"{count} functions"


def no_op_of(case, folder, options, runs):
    own, cargo = [*OURS, *options], cargo_build(folder)
    # The second run knows every file.
    run(own, folder)
    run(own, folder)
    taken = pairs(own, cargo, [folder], runs.short)
    return paired(case, taken, "cargo build", 1.5)


def paired(case, taken, peer, limit):
    first = Row(case, "cargo lambda-zip", taken.ours, verdicts=[taken.verdict(peer, limit)])
    return [first, Row(case, peer, taken.theirs)]


def one_changed(runs):
    """One function of many is changed, and compiled for both architectures."""
    folder = many(PROFILES[0])
    cargo = cargo_build(folder)
    run(OURS, folder)
    numbers = itertools.count()

    def change():
        change_one(folder, next(numbers))

    taken = pairs(OURS, cargo, [folder], runs.long, prepare=change)
    return paired(f"one function changed of {MANY}", taken, "cargo build", 1.3)


def findings(runs):
    """One finding in as many zips as there can be."""
    folder = many(PROFILES[1])
    run(OURS, folder)
    command = ["cargo", "lambda-zip", "--quiet", "-W", "debug-info", "--max-zip-size", "1 GiB"]
    lines = stderr(command, folder).splitlines()
    case = f"the lines for one finding in {2 * MANY} zips"
    row = Row(case, f"cargo lambda-zip: {len(lines)} lines")
    row.verdicts = [f"lines {len(lines)} (≤ 10: {'met' if len(lines) <= 10 else '**missed**'})"]
    return [row]


def memory(runs):
    """The memory of this tool alone: `pack` and `check` start no process."""
    rows = []
    for files, make in [(1, one_file), (3_500, some_files), (100_000, many_files)]:
        included, folder = make(), BENCH
        write_script(folder / "script")
        quiet = ["--quiet", "-A", "zip-too-large"]
        pack = ["cargo-lambda-zip", "pack", *quiet, "script", "--include", included,
                "--output", "memory.zip"]
        case = f"memory of {CONTENTS // 2**20} MiB in {files:,} files"
        for tool, command in [("pack", pack),
                              ("check", ["cargo-lambda-zip", "check", *quiet, "memory.zip"])]:
            row = Row(case, f"cargo lambda-zip {tool}", kibibytes=peak(command, folder))
            row.verdicts = [below("memory", row.kibibytes / 1024, 64, "MiB")]
            rows.append(row)
    return rows


def packaging(runs):
    """One program into one zip."""
    return [*packaged("hello", hello, runs), *packaged("bare", bare, runs),
            *as_each_builds_it("hello", hello), *as_each_builds_it("bare", bare)]


def packaged(name, make, runs):
    """The same bytes for all, those that cargo-lambda has built."""
    folder, theirs = BENCH / "packaging" / name, make("cargo-lambda")
    folder.mkdir(parents=True, exist_ok=True)
    their_run = their_build(TARGETS[0])
    run(their_run, theirs)
    their_zip = their_zip_of(name, theirs)
    with zipfile.ZipFile(their_zip) as package:
        package.extract("bootstrap", folder)
    (folder / "bootstrap").chmod(0o755)
    program = (folder / "bootstrap").stat().st_size
    case = f"packaging {name}, {program:,} B"

    def made(tool, command, result, runs, headers=0):
        taken = time(command, folder, runs, warmup=1, prepare=["rm", "-f", result])
        return Row(case, tool, taken, zipped=(folder / result).stat().st_size + headers)

    # zopfli and libdeflate make no zips: what is around the data is reckoned instead.
    pack = ["cargo-lambda-zip", "pack", "--quiet", "bootstrap", "--output", "ours.zip"]
    ours = made("cargo lambda-zip pack", pack, "ours.zip", runs.short)
    zopfli = made("zopfli", ["zopfli", "--deflate", "bootstrap"], "bootstrap.deflate",
                  runs.long, HEADERS)
    # cargo-lambda packages at each run, and never without one.
    both = time(their_run, theirs, runs.short, warmup=1)
    own_folder = make("lambda-zip")
    build = time(cargo_build(own_folder), own_folder, runs.short, warmup=1)
    cargo_lambda = Row(case, "cargo-lambda (its no-op run less cargo build's)",
                       Time(both.mean - build.mean), zipped=their_zip.stat().st_size)
    ours.verdicts = [
        verdict("size", ours.zipped, zopfli.zipped, "zopfli", 1),
        verdict("size", ours.zipped, cargo_lambda.zipped, "cargo-lambda", 0.96),
        verdict("time", ours.time.mean, zopfli.time.mean, "zopfli", 1 / 25),
    ]
    return [
        ours,
        zopfli,
        cargo_lambda,
        made("zip -9", ["zip", "-9", "-q", "info.zip", "bootstrap"], "info.zip", runs.short),
        made("7-Zip -mx=9", ["7zz", "a", "-tzip", "-mx=9", "seven.zip", "bootstrap"], "seven.zip",
             runs.short),
        made("libdeflate-gzip -12", ["libdeflate-gzip", "-12", "-k", "-f", "bootstrap"],
             "bootstrap.gz", runs.short, HEADERS - GZIP_HEADERS - len("bootstrap\0")),
    ]


def as_each_builds_it(name, make):
    """The same sources, each in its tool's own profile, and in this tool's with cargo-lambda's
    `panic`."""
    case, folder = f"{name}, as each tool builds it", make("lambda-zip")
    aborting = ["--config", 'profile.lambda.panic="abort"', "--output", "aborting.zip"]

    def row(tool, *options):
        [archive] = report(folder, *options)["archives"]
        return Row(case, f"{tool} ({archive['unzipped_bytes']:,} B)",
                   zipped=archive["zipped_bytes"])

    their_zip = their_zip_of(name, make("cargo-lambda"))
    with zipfile.ZipFile(their_zip) as package:
        their_size = f"{package.getinfo('bootstrap').file_size:,} B"
    return [
        row("cargo lambda-zip"),
        row('cargo lambda-zip, told `panic = "abort"`', *aborting),
        Row(case, f'cargo-lambda, which sets `panic = "abort"` ({their_size})',
            zipped=their_zip.stat().st_size),
    ]


def their_zip_of(name, folder):
    return folder / "target/lambda" / name / "bootstrap.zip"


def large_includes(runs):
    """As much beside the program as Lambda takes."""
    return [
        *including(f"{MEGABYTES} MB in {sum(SIZES.values()):,} includes", many_includes, runs),
        *including(f"{MEGABYTES} MB in one include", one_include, runs),
    ]


def including(case, includes, runs):
    ours, theirs = hello("lambda-zip"), hello("cargo-lambda")
    our_run = [*OURS, *large_zip(includes(ours))]
    their_run = [*their_build(TARGETS[0]), "--include", includes(theirs)]

    def forget():
        run(["rm", "-f", "large.zip"], ours)

    taken = pairs(our_run, their_run, [ours, theirs], runs.long, prepare=forget)
    packed, peer = paired(case, taken, "cargo-lambda", 1 / 4)
    forget()
    packed.kibibytes, peer.kibibytes = peak(our_run, ours), peak(their_run, theirs)
    packed.zipped = (ours / "large.zip").stat().st_size
    peer.zipped = (theirs / "target/lambda/hello/bootstrap.zip").stat().st_size
    return [packed, peer]


def large_zip(included):
    # That so large a zip has to go through S3 is known.
    return ["-A", "zip-too-large", "--include", included, "--output", "large.zip"]


def cold(runs):
    """Everything compiled, for both architectures; the crates' sources are there."""
    case = "cold, 12 functions, both architectures"
    # What the other sections have built stays.
    ours, theirs = twelve("lambda-zip", "cold"), twelve("cargo-lambda", "cold")
    both = ["sh", "-c", " && ".join(shlex.join(their_build(target)) for target in TARGETS)]
    for target in TARGETS:
        # What zig compiles once for a machine is not part of it.
        run(their_build(target), hello("cargo-lambda"))

    def clean():
        for folder in (ours, theirs):
            run(["rm", "-rf", "target"], folder)

    # cargo-lambda's profile: what aborts is smaller and compiles faster.
    own = [*OURS, "--arch", "x86_64,arm64", "--config", 'profile.lambda.panic="abort"']
    taken = pairs(own, both, [ours, theirs], runs.cold, prepare=clean, warms_up=False)
    return paired(case, taken, "cargo-lambda, twice", 0.97)


def check(runs):
    """Judging a package, every byte of it."""
    folder = hello("lambda-zip")
    run([*OURS, *large_zip(many_includes(folder))], folder)
    own = ["cargo", "lambda-zip", "check", "--quiet", "-A", "zip-too-large", "large.zip"]
    unzip = ["unzip", "-tqq", "large.zip"]
    taken = pairs(own, unzip, [folder], runs.long)
    ours, peer = paired(f"check of a {MEGABYTES} MB package", taken, "unzip -t", 0.5)
    ours.kibibytes, peer.kibibytes = peak(own, folder), peak(unzip, folder)
    return [ours, peer]


def their_build(target):
    return [*THEIRS, "--target", target]


def cargo_build(folder):
    """The very build that this tool runs in `folder`, as a user would start it."""
    [command] = report(folder, "--dry-run")["commands"]
    _, *arguments = shlex.split(command)
    shown = (part for part in arguments if not part.startswith("--message-format"))
    return ["cargo", *shown]


def report(folder, *options):
    """What this tool says of a run in `folder`."""
    return json.loads(run([*OURS, "--message-format", "json", *options], folder))


SECTIONS = {
    "no-op": no_op,
    "changed": one_changed,
    "findings": findings,
    "memory": memory,
    "packaging": packaging,
    "includes": large_includes,
    "cold": cold,
    "check": check,
}
