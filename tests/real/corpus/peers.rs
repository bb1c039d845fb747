//! Packages made by the programs that others make them with.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::case::{Case, prove};
use super::libraries::al2023;
use super::programs::{Workshop, orders};
use super::table::Section;
use super::zip::{Entry, Zip};
use crate::parts::{output, part, program, repository};

/// A folder as it is to be packaged.
fn folder() -> Workshop {
    let workshop = Workshop::new("peers");
    fs_err::create_dir_all(workshop.path("package/config")).unwrap();
    workshop.write("package/bootstrap", orders());
    workshop.make_executable("package/bootstrap");
    workshop.write("package/config/prices.txt", b"beans 1290\n");
    workshop
}

/// What `command` makes of the folder that it is run in, which is the zip at the end of
/// its arguments.
fn made_by(workshop: &Workshop, zip: &str, command: &mut Command) -> Vec<u8> {
    output(command.current_dir(workshop.path("package")));
    fs_err::read(workshop.path(zip)).unwrap()
}

fn of_archivers(workshop: &Workshop) -> Vec<Case> {
    let make = |zip: &str, program: &Path, args: &[&str], files: &[&str]| {
        let mut command = Command::new(program);
        command.args(args).arg(workshop.path(zip)).args(files);
        made_by(workshop, zip, &mut command)
    };
    let all = &["bootstrap", "config"];
    let python = program("python3");
    let writestr = "import sys, zipfile\n\
         with zipfile.ZipFile(sys.argv[1], 'w') as package:\n    \
             package.writestr('bootstrap', open('bootstrap', 'rb').read())\n";
    vec![
        Case::ready(
            "zip",
            make("zip.zip", &program("zip"), &["-q", "-r"], &["."]),
        ),
        Case::ready(
            "zip -j",
            make("zip-j.zip", &program("zip"), &["-q", "-j"], &["bootstrap"]),
        ),
        Case::ready(
            "7-Zip",
            make("7-zip.zip", &part("7zip"), &["a", "-tzip"], all),
        ),
        Case::ready(
            "bsdtar",
            make("bsdtar.zip", &program("bsdtar"), &["-acf"], all),
        ),
        Case::ready(
            "Python's zipfile",
            make("python.zip", &python, &["-m", "zipfile", "-c"], all),
        ),
        Case::ready(
            "Python's zipfile, bytes by name",
            make("writestr.zip", &python, &["-c", writestr], &[]),
        )
        .finds(&["missing-file-type", "not-executable"]),
        Case::ready("git archive", by_git(workshop)),
    ]
}

/// As `git archive` does, of what is in its index.
fn by_git(workshop: &Workshop) -> Vec<u8> {
    let git = |args: &[&str]| {
        let mut git = Command::new(program("git"));
        git.args(args)
            .env("GIT_DIR", workshop.path("repository"))
            .env("GIT_WORK_TREE", workshop.path("package"));
        output(git.current_dir(workshop.path("package")))
    };
    git(&["init", "-q"]);
    git(&["add", "."]);
    let tree = String::from_utf8(git(&["write-tree"])).unwrap();
    git(&["archive", "--format=zip", tree.trim()])
}

/// As AWS's SAM CLI zips a folder, in `sam package` and `sam deploy`.
fn by_sam(workshop: &Workshop) -> Vec<u8> {
    let script = repository().join("tests/real/corpus/sam_zip.py");
    let mut command = Command::new(program("python3"));
    command
        .arg(script)
        .arg(part("aws-sam-cli"))
        .arg(workshop.path("sam"));
    made_by(workshop, "sam.zip", &mut command)
}

/// As `build-lambda-zip` does, of AWS's library for Go: the program keeps its name, and
/// `bootstrap` is a link to it. Go's zips have data descriptors.
/// <https://github.com/aws/aws-lambda-go/blob/main/cmd/build-lambda-zip/main.go>
fn in_the_way_of_build_lambda_zip() -> Zip {
    let link = Entry::new("bootstrap", b"handler").with(|entry| entry.attributes = 0o120_777 << 16);
    let program = Entry::new("handler", orders()).with(|entry| entry.attributes = 0o777 << 16);
    Zip::of([link, program].map(|entry| entry.both(|header| header.date = 0).descriptor(true)))
}

/// The functions of a fixture, as cargo-lambda builds and packages them.
struct CargoLambda(Workshop);

impl CargoLambda {
    fn new() -> Self {
        let workshop = Workshop::new("cargo-lambda");
        let fixture = repository().join("fixtures/peer");
        output(
            Command::new("cp")
                .arg("-R")
                .arg(fixture)
                .arg(workshop.path("peer")),
        );
        let mut command = Command::new(part("cargo-lambda").join("bin/cargo-lambda"));
        command
            .args(["lambda", "build", "--release", "--output-format", "zip"])
            .args(["--compiler", "cargo", "--disable-optimizations"])
            .args(["--target", "x86_64-unknown-linux-gnu"])
            .current_dir(workshop.path("peer"));
        output(&mut command);
        Self(workshop)
    }

    fn zip(&self, function: &str) -> PathBuf {
        self.0
            .path(format!("peer/target/lambda/{function}/bootstrap.zip"))
    }
}

fn of_cargo_lambda() -> Vec<Case> {
    let cargo_lambda = CargoLambda::new();
    let case = |name, function| {
        Case::ready(name, fs_err::read(cargo_lambda.zip(function)).unwrap()).mount(al2023())
    };
    vec![
        case("cargo-lambda", "plain"),
        case("cargo-lambda, of a newer glibc", "entropy")
            .finds(&["glibc-too-new"])
            .says("GLIBC_2.36"),
    ]
}

#[test]
#[ignore = "needs AWS's emulator, the musl targets, the packagers and the readers: run tests/run"]
fn packages_made_by_others() {
    let workshop = folder();
    let mut cases = of_archivers(&workshop);
    cases.push(Case::ready("SAM CLI", by_sam(&workshop)));
    cases.push(
        Case::new("build-lambda-zip's way", &in_the_way_of_build_lambda_zip())
            .finds(&["missing-file-type"]),
    );
    cases.extend(of_cargo_lambda());
    prove(Section::Peers, cases);
}
