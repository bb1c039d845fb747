"""What is built and packaged: made here, the same each time."""

import os
import random
import shutil
from pathlib import Path

from measure import run

REPOSITORY = Path(__file__).resolve().parents[2]
BENCH = REPOSITORY / "target/bench"

MANIFEST = """\
[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
lambda_runtime = "1"
serde_json = "1"
tokio = {{ version = "1", default-features = false, features = ["macros", "rt"] }}

[workspace]
"""

# As lambda_runtime's documentation begins a function, logging included.
HELLO = """\
use lambda_runtime::{Error, LambdaEvent, run, service_fn, tracing};
use serde_json::{Value, json};

async fn hello(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let name = event.payload["name"].as_str().unwrap_or("world");
    Ok(json!({ "message": format!("Hello, {name}!") }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    tracing::init_default_subscriber();
    run(service_fn(hello)).await
}
"""

# The same without what writes logs, which is a third of it.
BARE = HELLO.replace(", tracing}", "}").replace("    tracing::init_default_subscriber();\n", "")

# A larger program, whose further bytes shrink about as machine code does.
LARGER = """
#[used]
static TABLE: [u8; {size}] = *include_bytes!("{name}.table");
"""
TABLE_BYTES = 2_600_000


def hello(tool):
    """A workspace with one function, for one tool."""
    return workspace(tool, "hello", {"hello": HELLO})


def bare(tool):
    """The smallest function that answers."""
    return workspace(tool, "bare", {"bare": BARE})


def twelve(tool, name="twelve"):
    """A workspace with twelve functions of about 4 MB, for one tool."""
    binaries = {}
    for number in range(12):
        function = f"function-{number:02}"
        binaries[function] = HELLO + LARGER.format(name=function, size=TABLE_BYTES)
    return workspace(tool, name, binaries)


def workspace(tool, name, binaries):
    """Tools get a workspace each: what one has compiled would be in the way of the other."""
    folder = BENCH / tool / name
    sources = folder / "src/bin"
    sources.mkdir(parents=True, exist_ok=True)
    write(folder / "Cargo.toml", MANIFEST.format(name=name).encode())
    for binary, source in binaries.items():
        write(sources / f"{binary}.rs", source.encode())
        table = sources / f"{binary}.table"
        if "include_bytes" in source and not table.exists():
            write(table, prose(random.Random(binary), TABLE_BYTES))
    if not (folder / "Cargo.lock").exists():
        # The fixture pins what is compiled; Cargo drops what is too much.
        shutil.copy(REPOSITORY / "fixtures/shop/Cargo.lock", folder)
    run(["cargo", "fetch", "--quiet"], folder)
    return folder


def write(path, data):
    """Leaves a file alone that is as it should be: Cargo goes by its date."""
    if not path.exists() or path.read_bytes() != data:
        path.write_bytes(data)


# Functions that are as small as Rust makes them, each a package of its own.
MANY = 150
PROFILES = ["stripped", "with debug information"]
MANY_MANIFEST = """\
[workspace]
members = ["functions/*"]
resolver = "3"

[workspace.metadata.lambda-zip]
architectures = ["x86_64", "arm64"]
compression = "fast"
lints = {{ debug-info = "allow" }}

[profile.lambda]
inherits = "dev"
{settings}
"""
MEMBER = """\
[package]
name = "function-{number:03}"
version = "0.1.0"
edition = "2024"
publish = false
"""
MAIN = 'fn main() {{ println!("{number}"); }}\n'


def many(profile):
    """A workspace with many functions, for this tool."""
    folder = BENCH / "lambda-zip" / profile.replace(" ", "-")
    folder.mkdir(parents=True, exist_ok=True)
    settings = 'strip = "symbols"' if profile == PROFILES[0] else "debug = true"
    write(folder / "Cargo.toml", MANY_MANIFEST.format(settings=settings).encode())
    for number in range(MANY):
        member = folder / f"functions/function-{number:03}"
        (member / "src").mkdir(parents=True, exist_ok=True)
        write(member / "Cargo.toml", MEMBER.format(number=number).encode())
        write(member / "src/main.rs", MAIN.format(number=number).encode())
    return folder


def change_one(folder, number):
    """Changes one of many functions."""
    main = folder / f"functions/function-{MANY // 2:03}/src/main.rs"
    write(main, MAIN.format(number=f"{number} of {os.getpid()}").encode())


# What includes may have in all, beside a script.
CONTENTS = 250 * 2**20 - 2**16


def one_file():
    return same_size(1)


def some_files():
    return same_size(3_500)


def many_files():
    return same_size(100_000)


def same_size(count):
    """A folder with so many files of one size, half text and half noise; gives its name."""
    def make(folder):
        source = random.Random("files")
        noise, text = source.randbytes(4_000_000), prose(source, 4_000_000)
        size = CONTENTS // count
        for number in range(count):
            file = folder / f"{number // 500:03}" / f"{number:06}.bin"
            file.parent.mkdir(parents=True, exist_ok=True)
            with open(file, "wb") as out:
                for part in range(0, size, 2_000_000):
                    data, length = (noise, text)[number % 2 ^ part // 2_000_000 % 2], size - part
                    start = source.randrange(len(data) - min(length, 2_000_000))
                    out.write(data[start:start + min(length, 2_000_000)])
    return made(f"files-{count}", make).name


def write_script(path):
    write(path, b"#!/bin/sh\n")
    path.chmod(0o755)


# How many includes there are of a size in bytes, half of them text and half noise: 259 MB in all.
# With the program that is close to the 262,144,000 bytes that Lambda takes.
SIZES = {1_000: 2000, 10_000: 1000, 100_000: 470, 2_000_000: 30, 20_000_000: 2, 50_000_000: 2}
MEGABYTES = sum(size * count for size, count in SIZES.items()) // 1_000_000


def many_includes(folder):
    """A folder of includes below `folder`; gives its name."""
    return linked(made("includes", make_includes), folder)


def one_include(folder):
    """The same bytes in one file, in a folder below `folder`; gives the folder's name."""
    return linked(made("include", join_includes), folder)


def made(name, make):
    original = BENCH / name
    if not original.exists():
        unfinished = BENCH / f".{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        make(unfinished)
        unfinished.rename(original)
    return original


def linked(original, folder):
    copy = folder / original.name
    if not copy.exists():
        # cargo-lambda packs no linked folder, and keeps a `../` in the names.
        shutil.copytree(original, copy, copy_function=os.link)
    return copy.name


def make_includes(folder):
    source = random.Random("includes")
    text = prose(source, 8_000_000) * 7
    sizes = [size for size, count in SIZES.items() for _ in range(count)]
    for number, size in enumerate(sizes):
        is_text = number % 2
        file = folder / f"{number // 100:02}" / f"{number:04}.{'json' if is_text else 'bin'}"
        file.parent.mkdir(parents=True, exist_ok=True)
        if is_text:
            start = source.randrange(len(text) - size)
            file.write_bytes(text[start:start + size])
        else:
            file.write_bytes(source.randbytes(size))


def join_includes(folder):
    folder.mkdir()
    parts = sorted(made("includes", make_includes).glob("*/*"))
    with open(folder / "model.bin", "wb") as model:
        for part in parts:
            model.write(part.read_bytes())


def prose(source, size):
    """Text that deflate makes a third of: words as unevenly used as those of a language."""
    words = [source.randbytes(source.randint(1, 5)).hex() for _ in range(4000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    text = " ".join(source.choices(words, weights, k=size // 4))
    return text.encode()[:size]
