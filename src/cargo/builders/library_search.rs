//! The folders of this machine in which the shared libraries of a gnu program may lie.

use camino::{Utf8Path, Utf8PathBuf};

use super::command_line::Driver;
use super::messages::without_kind;
use crate::cargo::config::CargoConfig;
use crate::cargo::process::Process;
use crate::lambda::Target;

/// The search for shared libraries that a program for one target was linked with.
#[derive(Debug, Clone)]
pub(crate) struct LibrarySearch {
    /// In the order of the search.
    folders: Vec<Utf8PathBuf>,
    /// The tools that know more folders. There are none if the program is linked in a container,
    /// which has other libraries than this machine.
    tools: Option<Tools>,
}

#[derive(Debug, Clone)]
struct Tools {
    target: Target,
    /// It prints the folder of the standard library.
    rustc: Process,
    /// The compiler that links, if it is one of this machine. It knows its sysroot.
    linker: Option<Process>,
}

impl LibrarySearch {
    /// The search of a builder. `flags` are those that the user gives to rustc.
    pub(crate) fn new(
        driver: &Driver,
        target: Target,
        config: &CargoConfig,
        flags: &[String],
    ) -> Self {
        let linker = || Process::new(config.linker(target).unwrap_or_else(|| "cc".into()));
        let tools = driver.uses_local_toolchain().then(|| Tools {
            target,
            rustc: Process::new(config.rustc()),
            linker: matches!(driver, Driver::Cargo).then(linker),
        });
        Self {
            folders: if tools.is_some() {
                folders_in(flags)
            } else {
                Vec::new()
            },
            tools,
        }
    }

    /// Adds folders behind those that are known. Relative ones are of no use.
    pub(crate) fn add(&mut self, folders: impl IntoIterator<Item = Utf8PathBuf>) {
        for folder in folders {
            if folder.is_absolute() && !self.folders.contains(&folder) {
                self.folders.push(folder);
            }
        }
    }

    /// Adds the folders of another search for the same target.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.add(other.folders.iter().cloned());
    }

    /// The paths at which the library with the soname `name` may lie, the best first. Tools are asked
    /// only when the folders that are known are exhausted.
    pub(crate) fn candidates(&self, name: &str) -> impl Iterator<Item = Utf8PathBuf> {
        let tools = self.tools.iter();
        let asked = tools.flat_map(move |tools| tools.candidates(name));
        let known = self.folders.iter();
        known
            .flat_map(move |folder| in_folder(folder, name))
            .chain(asked)
    }
}

impl Tools {
    fn candidates(&self, name: &str) -> impl Iterator<Item = Utf8PathBuf> {
        let std = std::iter::once_with(|| {
            let rustc = self.rustc.clone().arg("--print=target-libdir");
            answer(&rustc.arg(format!("--target={}", self.target.triple())))
        });
        let linker = std::iter::once_with(move || {
            // The compiler repeats the name if it finds no such file.
            let linker = self.linker.clone()?;
            answer(&linker.arg(format!("-print-file-name={name}")))
        });
        let system = of_system(self.target).into_iter();
        std.flatten()
            .flat_map(move |folder: Utf8PathBuf| in_folder(&folder, name))
            .chain(linker.flatten().filter(|path| path.is_absolute()))
            .chain(system.flat_map(move |folder| in_folder(&folder, name)))
    }
}

/// The paths of a library in a folder. Without the link that installers make, it has only its
/// name for linkers, without a version.
fn in_folder(folder: &Utf8Path, name: &str) -> Vec<Utf8PathBuf> {
    let mut paths = vec![folder.join(name)];
    let unversioned = name.split_once(".so.");
    paths.extend(unversioned.map(|(name, _)| folder.join(format!("{name}.so"))));
    paths
}

/// The path that a tool prints; `None` if it fails.
fn answer(tool: &Process) -> Option<Utf8PathBuf> {
    let output = tool.command().output().ok()?;
    let path = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| path.trim().into())
}

/// The folders of the system for libraries of an architecture: those of Debian, of Debian's cross
/// compilers, and of others.
fn of_system(target: Target) -> [Utf8PathBuf; 6] {
    let name = target.architecture.rust_name();
    [
        format!("/usr/local/lib/{name}-linux-gnu"),
        format!("/usr/lib/{name}-linux-gnu"),
        format!("/usr/{name}-linux-gnu/lib"),
        "/usr/local/lib".to_owned(),
        "/usr/lib64".to_owned(),
        "/usr/lib".to_owned(),
    ]
    .map(Utf8PathBuf::from)
}

/// The folders that flags of rustc name with `-L`, themselves or for the linker.
fn folders_in(flags: &[String]) -> Vec<Utf8PathBuf> {
    let mut folders = Vec::new();
    let mut flags = flags.iter().map(String::as_str);
    while let Some(flag) = flags.next() {
        let folder = match flag {
            "-L" => flags.next(),
            _ => ["-L", "-Clink-arg=-L", "link-arg=-L"]
                .iter()
                .find_map(|prefix| flag.strip_prefix(prefix)),
        };
        folders.extend(folder.map(|folder| Utf8PathBuf::from(without_kind(folder))));
    }
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_read_from_flags_of_rustc() {
        let flags = [
            "-L",
            "/a",
            "-Lnative=/b=c",
            "-Copt-level=3",
            "-C",
            "link-arg=-L/d",
            "-Clink-arg=-L/e",
        ];
        let folders = folders_in(&flags.map(str::to_owned));
        assert_eq!(folders, ["/a", "/b=c", "/d", "/e"]);
    }

    #[test]
    fn a_library_has_its_soname_or_the_name_for_linkers() {
        let paths = in_folder(Utf8Path::new("/l"), "libx.so.1.2");
        assert_eq!(paths, ["/l/libx.so.1.2", "/l/libx.so"]);
        let paths = in_folder(Utf8Path::new("/l"), "libx.so");
        assert_eq!(paths, ["/l/libx.so"]);
    }
}
