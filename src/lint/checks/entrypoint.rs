//! The programs that Lambda starts: `bootstrap` and extensions.

use std::collections::BTreeSet;

use super::permissions::not_executable;
use super::{client, libraries, program};
use crate::inspect::Executable;
use crate::lambda::MountPoint;
use crate::lambda::Runtime;
use crate::lambda::mount_point::{BOOTSTRAPS, EXTENSIONS};
use crate::lint::fs::{Found, Program, RuntimeFs, components};
use crate::lint::{Diagnostic, File, FileKind, Lint, List, Named, Package, list};
use crate::text::quoted_name;

/// Checks the programs that Lambda starts.
pub(crate) fn check(package: &Package<'_>, fs: &RuntimeFs<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let bootstrap = match package.mount_point {
        MountPoint::Task => bootstrap(fs, package.runtime),
        MountPoint::Opt => Some(BOOTSTRAPS[1]).filter(|path| is_there(fs, path, package.runtime)),
    };
    if package.mount_point == MountPoint::Task && bootstrap.is_none() && !fs.has_unknown_layers {
        diagnostics.push(no_bootstrap(package));
    }
    let extensions = fs
        .files_in(EXTENSIONS)
        .filter(|(_, file)| file.kind != FileKind::Folder)
        .map(|(path, _)| path);
    let starts = bootstrap.map(ToOwned::to_owned).into_iter();
    let mut seen = BTreeSet::new();
    for start in starts.chain(extensions) {
        diagnostics.extend(client::check(package, fs, &start));
        diagnostics.extend(start_one(package, fs, start, &mut seen));
    }
    diagnostics.extend(not_readable(package, fs, &seen));
    diagnostics
}

impl<'a> Package<'a> {
    /// The file that Lambda starts first: the bootstrap, or an extension.
    pub(crate) fn program(&self) -> Option<&'a File> {
        let fs = RuntimeFs::of(self);
        let file = |path: &str| match fs.find(path) {
            Found::File(file, _) => Some(file),
            _ => None,
        };
        let mut extensions = fs.files_in(EXTENSIONS).map(|(path, _)| path);
        match self.mount_point {
            MountPoint::Task => bootstrap(&fs, self.runtime).and_then(file),
            // A layer may bring the bootstrap of its functions.
            MountPoint::Opt => {
                file(BOOTSTRAPS[1]).or_else(|| extensions.find_map(|path| file(&path)))
            }
        }
    }
}

fn is_there(fs: &RuntimeFs<'_>, path: &str, runtime: Runtime) -> bool {
    match fs.find(path) {
        Found::File(..) => true,
        Found::Outside(real) => runtime.facts().has_program(&real),
        Found::Folder | Found::Nothing => false,
    }
}

fn bootstrap(fs: &RuntimeFs<'_>, runtime: Runtime) -> Option<&'static str> {
    let mut places = BOOTSTRAPS.into_iter();
    places.find(|path| is_there(fs, path, runtime))
}

/// Checks a program, and the interpreters that run it.
fn start_one(
    package: &Package<'_>,
    fs: &RuntimeFs<'_>,
    start: String,
    seen: &mut BTreeSet<String>,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut next = Some(start);
    while let Some(path) = next.take() {
        let Found::File(file, at) = fs.find(&path) else {
            break;
        };
        if !seen.insert(at.clone()) {
            break;
        }
        diagnostics.extend(not_executable(name_in(package.mount_point, &at), file));
        let Some(contents) = &file.contents else {
            break;
        };
        let program = Program {
            name: name_in(package.mount_point, &at),
            at: &at,
            bytes: file.bytes,
            runtime: package.runtime,
            architecture: package.architecture,
        };
        let executable = contents.executable.as_ref();
        diagnostics.extend(program::check(&program, executable, fs));
        match executable {
            Ok(Executable::Binary(facts)) => {
                diagnostics.extend(libraries::check(&program, facts, fs));
            }
            // An interpreter in the package has to be startable too.
            Ok(Executable::Script(facts)) => {
                next = program::interpreter_path(facts, fs, package.runtime);
            }
            Err(_) => {}
        }
    }
    diagnostics
}

/// A path as the user knows it: for a file in this package, its path in the zip.
fn name_in(mount_point: MountPoint, at: &str) -> &str {
    at.strip_prefix(mount_point.path())
        .and_then(|name| name.strip_prefix('/'))
        .unwrap_or(at)
}

fn not_readable(
    package: &Package<'_>,
    fs: &RuntimeFs<'_>,
    started: &BTreeSet<String>,
) -> Option<Diagnostic> {
    let is_started = |file: &File| {
        let path = format!("{}/{}", package.mount_point.path(), file.name);
        matches!(fs.find(&path), Found::File(_, at) if started.contains(&at))
    };
    let closed = package
        .files
        .iter()
        .filter(|file| file.is_regular() && file.permissions.is_some())
        .filter(|file| !file.allows_others(0o4) && !is_started(file))
        .map(|file| {
            let mode = file.permissions.unwrap_or(0);
            Named::with(&file.name, format!("({mode:04o})"))
        });
    let found = list(closed)?;
    Some(Diagnostic {
        lint: Lint::NotReadable,
        message: format!(
            "Lambda's user may not read {found}: opening it would fail with `permission denied`"
        ),
        help: "set its mode to 0644 before zipping (`chmod 644`)".to_owned(),
        names: found,
    })
}

/// The diagnostic for a package whose bootstrap is misplaced or missing.
fn no_bootstrap(package: &Package<'_>) -> Diagnostic {
    const FAILS: &str = "Lambda would fail with `Couldn't find valid bootstrap(s): \
                         [/var/task/bootstrap /opt/bootstrap]`";
    let dangling = package.files.iter().find_map(|file| match &file.kind {
        FileKind::Link(target) if components(&file.name).eq(["bootstrap"]) => Some(target),
        _ => None,
    });
    if let Some(target) = dangling {
        return Diagnostic {
            lint: Lint::MissingBootstrap,
            message: format!(
                "`bootstrap` is a link to {}, which is not a file in the package, its layers or {}: \
                 {FAILS}",
                quoted_name(target),
                package.runtime
            ),
            help: "add the target of the link, or pack the program itself as `bootstrap`"
                .to_owned(),
            names: List::default(),
        };
    }
    if let Some(near) = package.files.iter().find_map(near_bootstrap) {
        return Diagnostic {
            lint: Lint::MisplacedBootstrap,
            message: format!("{near}, where Lambda does not search for it: {FAILS}"),
            help: "put the file `bootstrap`, in lower case, at the root of the zip: zip the contents of \
                   the folder, not the folder (`zip -j`)"
                .to_owned(),
            names: List::default(),
        };
    }
    let executables: Vec<String> = package
        .files
        .iter()
        .filter(|file| file.contents.as_ref().is_some_and(|c| c.executable.is_ok()))
        .map(|file| quoted_name(&file.name))
        .collect();
    let has_extensions = package.files.iter().any(|file| {
        let mut parts = components(&file.name);
        parts.next() == Some("extensions") && parts.next().is_some()
    });
    let help = match &executables[..] {
        _ if has_extensions => {
            "check a layer with extensions as a layer: `--kind layer`".to_owned()
        }
        [one] => format!("rename {one} to `bootstrap`, or pack it with `cargo lambda-zip pack`"),
        _ => {
            "name the program `bootstrap`, or name the layer that has it: `--layer ZIP`".to_owned()
        }
    };
    Diagnostic {
        lint: Lint::MissingBootstrap,
        message: format!("there is no `bootstrap` in the package: {FAILS}"),
        help,
        names: List::default(),
    }
}

/// The subject and verb of a sentence about a file that is almost the bootstrap.
fn near_bootstrap(file: &File) -> Option<String> {
    const ENDS: [&str; 4] = ["", ".exe", ".sh", ".zip"];
    let name = quoted_name(&file.name);
    let parts: Vec<&str> = components(&file.name).collect();
    let (last, folders) = parts.split_last()?;
    let lower = last.trim().to_lowercase();
    let is_near = lower
        .strip_prefix("bootstrap")
        .is_some_and(|end| ENDS.contains(&end));
    if !is_near {
        return None;
    }
    Some(match &file.kind {
        // Packages of other languages have folders of this name.
        FileKind::Folder if !folders.is_empty() => return None,
        FileKind::Folder => format!("{name} is a folder"),
        // It is in its place, but another entry is there too.
        _ if folders.is_empty() && *last == "bootstrap" => return None,
        _ if folders.is_empty() => format!("{name} is misnamed"),
        _ => format!("{name} is in a folder"),
    })
}
