"""The comparisons. Each gives rows: this tool's first, measured against those that follow."""

import json
import shlex
import zipfile
from dataclasses import dataclass

from measure import peak, run, time
from table import Row, Time, verdict
from workspaces import (BENCH, MEGABYTES, SIZES, bare, hello, many_includes, one_include,
                        twelve)

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
        case = f"no-op, {count} {'binary' if count == 1 else 'binaries'}"
        ours, theirs = make("lambda-zip"), make("cargo-lambda")
        cargo, their_run = cargo_build(ours), their_build(TARGETS[0])
        run(OURS, ours)
        run(their_run, theirs)
        times = {
            "cargo lambda-zip": time(OURS, ours, runs.short, warmup=2),
            "cargo build": time(cargo, ours, runs.short, warmup=2),
            "cargo-lambda": time(their_run, theirs, runs.short, warmup=1),
        }
        first, *others = (Row(case, tool, taken) for tool, taken in times.items())
        own, cargos, peers = (taken.mean for taken in times.values())
        first.verdicts = [
            verdict("time", own, cargos, "cargo build", 1.5),
            verdict("time", own, peers, "cargo-lambda", 1, strictly=True),
        ]
        rows += [first, *others]
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
        verdict("size", ours.zipped, zopfli.zipped, "zopfli", 1.005),
        verdict("size", ours.zipped, cargo_lambda.zipped, "cargo-lambda", 0.96),
        verdict("time", ours.time.mean, zopfli.time.mean, "zopfli", 1 / 20),
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
    anew = ["rm", "-f", "large.zip"]
    # Once without measuring: what is to be built is built then, and the files are in memory.
    run(our_run, ours)
    run(their_run, theirs)
    run(anew, ours)
    packed = Row(case, "cargo lambda-zip", kibibytes=peak(our_run, ours),
                 time=time(our_run, ours, runs.long, prepare=anew),
                 zipped=(ours / "large.zip").stat().st_size)
    unchanged = Row(case, "cargo lambda-zip, unchanged", time(our_run, ours, runs.long),
                    peak(our_run, ours), packed.zipped)
    peer = Row(case, "cargo-lambda", time(their_run, theirs, runs.long), peak(their_run, theirs),
               (theirs / "target/lambda/hello/bootstrap.zip").stat().st_size)
    packed.verdicts = [
        verdict("time", packed.time.mean, peer.time.mean, "cargo-lambda", 1 / 4),
        verdict("memory", packed.kibibytes, peer.kibibytes, "cargo-lambda", 1 / 3),
    ]
    return [packed, unchanged, peer]


def large_zip(included):
    # That so large a zip has to go through S3 is known.
    return ["-A", "zip-too-large", "--include", included, "--output", "large.zip"]


def cold(runs):
    """Everything compiled, for both architectures; the crates' sources are there."""
    case = "cold, 12 binaries, both architectures"
    ours, theirs = twelve("lambda-zip"), twelve("cargo-lambda")
    both = shlex.join(["sh", "-c", " && ".join(shlex.join(their_build(t)) for t in TARGETS)])
    for target in TARGETS:
        # What zig compiles once for a machine is not part of it.
        run(their_build(target), hello("cargo-lambda"))
    clean = ["rm", "-rf", "target"]
    own = time([*OURS, "--arch", "x86_64,arm64"], ours, runs.cold, prepare=clean)
    peers = time(shlex.split(both), theirs, runs.cold, prepare=clean)
    first = Row(case, "cargo lambda-zip", own)
    first.verdicts = [verdict("time", own.mean, peers.mean, "cargo-lambda", 1, strictly=True)]
    return [first, Row(case, "cargo-lambda, twice", peers)]


def check(runs):
    """Judging a package, every byte of it."""
    case = f"check of a {MEGABYTES} MB package"
    folder = hello("lambda-zip")
    run([*OURS, *large_zip(many_includes(folder))], folder)
    unzip = ["unzip", "-tqq", "large.zip"]
    peer = Row(case, "unzip -t", time(unzip, folder, runs.long, warmup=1), peak(unzip, folder))
    ours = Row(case, "cargo lambda-zip check")
    if "\n  check " not in run(["cargo", "lambda-zip", "--help"], folder):
        ours.verdicts = ["not measured: this version has no `check`"]
        return [ours, peer]
    judge = ["cargo", "lambda-zip", "check", "--quiet", "large.zip"]
    ours.time, ours.kibibytes = time(judge, folder, runs.long, warmup=1), peak(judge, folder)
    ours.verdicts = [
        verdict("time", ours.time.mean, peer.time.mean, "unzip -t", 1, strictly=True),
    ]
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
    "packaging": packaging,
    "includes": large_includes,
    "cold": cold,
    "check": check,
}
