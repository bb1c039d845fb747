//! This tool as a linker.

use std::env;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use super::{folder, response_file, translate};
use crate::text::quoted;

/// The names of the real linker. rustc puts its folder into the `PATH`; the linker of a
/// distribution has the other name.
const LINKERS: [&str; 2] = ["rust-lld", "ld.lld"];

/// Links if rustc has called this tool as its linker; `None` if it has not. `args` begin with the
/// name of the program.
pub(crate) fn run(args: &[OsString]) -> Option<ExitCode> {
    let (name, arguments) = args.split_first()?;
    let name = Path::new(name);
    if !["rust-lld", folder::NAME_ON_PATH].contains(&name.file_stem()?.to_str()?) {
        return None;
    }
    // rustc calls a linker that it looks for on the `PATH` by its name alone.
    let is_bare = name.parent().is_none_or(|parent| parent == Path::new(""));
    let found = is_bare.then(|| which::which(name).ok()).flatten();
    Some(
        match link(found.as_deref().unwrap_or(name), arguments.to_vec()) {
            Ok(code) => code,
            Err(message) => {
                // rustc shows it with the command line.
                anstream::eprintln!("error: {message}");
                ExitCode::FAILURE
            }
        },
    )
}

fn link(name: &Path, arguments: Vec<OsString>) -> Result<ExitCode, String> {
    let failed = |error: io::Error| format!("the linker could not be called: {error}");
    let linker = linker(name).ok_or(
        "the Rust toolchain has no `rust-lld`: install Rust from https://rustup.rs, or lld, or \
         use `--builder zigbuild`",
    )?;
    let (arguments, is_long) = response_file::expand(arguments).map_err(failed)?;
    let mut arguments = translate::translate(arguments).map_err(|argument| {
        format!(
            "`{}` needs a C compiler that links: use `--builder zigbuild`, or configure one as \
             `[target.TRIPLE] linker` in .cargo/config.toml",
            quoted(argument)
        )
    })?;
    let host_libraries = host_libraries(&arguments);
    let cxx_library = arguments
        .iter()
        .find(|argument| *argument == "-lstdc++" || *argument == "-lc++")
        .cloned();
    let mut command = Command::new(linker);
    // rustc says so to linkers that take it, which it finds out by the name.
    if arguments.first().is_none_or(|first| first != "-flavor") {
        command.args(["-flavor", "gnu"]);
    }
    arguments.push("-L".into());
    arguments.push(name.with_file_name(folder::ARCHIVES).into());
    let file;
    if is_long {
        let flavor = arguments
            .iter()
            .take_while(|argument| *argument == "-flavor")
            .count()
            * 2;
        command
            .args(arguments.drain(..flavor))
            .arg("--rsp-quoting=posix");
        file = response_file::write(&arguments).map_err(failed)?;
        command.arg(format!("@{}", file.path().display()));
    } else {
        command.args(arguments);
    }
    let status = command.status().map_err(failed)?;
    if !status.success() {
        if let Some(library) = cxx_library {
            anstream::eprintln!(
                "note: `{}` is a C++ library, which the Rust toolchain does not have; `--builder \
                 zigbuild` has one",
                library.display()
            );
        }
        for library in host_libraries {
            anstream::eprintln!(
                "note: `{}` is a library of this machine, and not for the target: a build script has \
                 found it, for instance with pkg-config",
                library.display()
            );
        }
    }
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// The libraries in folders of this machine that `arguments` link.
fn host_libraries(arguments: &[OsString]) -> Vec<PathBuf> {
    const HOST: [&str; 6] = [
        "/usr/lib",
        "/usr/local/lib",
        "/lib",
        "/lib64",
        "/opt/homebrew",
        "/opt/local",
    ];
    let value = |option: &'static str| {
        let arguments = arguments.iter().filter_map(|argument| argument.to_str());
        let pairs = arguments
            .clone()
            .zip(arguments.skip(1).map(Some).chain([None]));
        pairs.filter_map(
            move |(argument, next)| match argument.strip_prefix(option)? {
                "" => next,
                joined => Some(joined),
            },
        )
    };
    let is_hosts = |folder: &&str| HOST.iter().any(|host| Path::new(folder).starts_with(host));
    let mut found = Vec::new();
    for folder in value("-L").filter(is_hosts) {
        for name in value("-l") {
            let endings = ["so", "a", "dylib"].map(|ending| format!("lib{name}.{ending}"));
            let mut paths = endings.iter().map(|file| Path::new(folder).join(file));
            found.extend(paths.find(|path| path.is_file()));
        }
    }
    found
}

/// The real linker on the `PATH`, on which `own` does not count.
fn linker(own: &Path) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders = env::split_paths(&path).filter(|folder| Some(folder.as_path()) != own.parent());
    let path = env::join_paths(folders).ok()?;
    let found = |name| which::which_in(name, Some(&path), "/").ok();
    LINKERS.into_iter().find_map(found)
}
