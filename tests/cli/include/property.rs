//! Whatever a tree of files looks like: what goes in comes out, and nothing but the tree has a say
//! in the bytes of the zip.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::FileTimes;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use forge::{Elf, Machine};
use fs_err as fs;
use icu_normalizer::ComposingNormalizerBorrowed;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::project::Project;
use crate::support::zip::Zip;

/// A folder's files and links, by their paths from there.
#[derive(Clone, Debug, Default)]
struct Tree {
    files: BTreeMap<PathBuf, File>,
    links: BTreeMap<PathBuf, PathBuf>,
}

#[derive(Clone, Debug)]
struct File {
    bytes: Vec<u8>,
    mode: u32,
}

/// Names that a shell, a glob, an option or another system would take for something else.
const ODD_NAMES: &[&str] = &[
    "-rf",
    "--include",
    "@",
    " ",
    "a b",
    "...",
    ".hidden",
    "*",
    "**",
    "?",
    "[x]",
    "{a,b}",
    "!not",
    "a=b",
    "~",
    "#",
    "$HOME",
    "%2e",
    "'",
    "\"",
    "con",
    "CON",
    "C:",
    "bootstrap",
    "ü",
    "日本",
    "🚀",
];

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        // Few, so that folders are shared and one name begins like another.
        3 => "[a-c]{1,2}",
        2 => select(ODD_NAMES).prop_map(str::to_owned),
        1 => "\\PC{1,8}",
    ]
    // What is not composed has another name in the package: see `spelling`.
    .prop_map(|name| {
        let normalizer = ComposingNormalizerBorrowed::new_nfc();
        normalizer.normalize(&name).into_owned()
    })
    .prop_filter("a legal name", |name| {
        name != "." && name != ".." && !name.contains(['/', '\\'])
    })
}

fn path() -> impl Strategy<Value = PathBuf> {
    let depth = prop_oneof![8 => 1..5_usize, 1 => 20..30_usize];
    depth
        .prop_flat_map(|depth| vec(name(), depth))
        .prop_map(PathBuf::from_iter)
}

fn file() -> impl Strategy<Value = File> {
    let bytes = prop_oneof![
        Just(Vec::new()),
        vec(any::<u8>(), 1..300),
        (vec(any::<u8>(), 1..20), 1..500_usize).prop_map(|(bytes, times)| bytes.repeat(times)),
    ];
    // Those who run the tests may read their own files, whatever others may.
    let mode = select(
        &[
            0o400, 0o600, 0o640, 0o644, 0o654, 0o666, 0o700, 0o711, 0o755,
        ][..],
    );
    (bytes, mode).prop_map(|(bytes, mode)| File { bytes, mode })
}

fn tree() -> impl Strategy<Value = Tree> {
    let files = vec((path(), file()), 1..12);
    let links = vec((any::<Index>(), name(), any::<Index>()), 0..4);
    (files, links).prop_map(|(files, links)| {
        let mut tree = Tree::default();
        for (path, file) in files {
            if tree.has_room_for(&path) {
                tree.files.insert(path, file);
            }
        }
        let folders = tree.folders();
        let targets: Vec<_> = folders.iter().chain(tree.files.keys()).cloned().collect();
        for (folder, name, target) in links {
            let path = folder.get(&folders).join(name);
            let target = target.get(&targets);
            // If all links lead on, in the order of paths, then none leads in a circle.
            if *target > path && tree.has_room_for(&path) {
                tree.links.insert(path, target.clone());
            }
        }
        tree
    })
}

impl Tree {
    /// Whether nothing has this path, or lies above or below it.
    fn has_room_for(&self, path: &Path) -> bool {
        let mut taken = self.files.keys().chain(self.links.keys());
        !taken.any(|other| other.starts_with(path) || path.starts_with(other))
    }

    /// A path in it that is not all of it, and reads as no glob.
    fn path_to_leave_out(&self, index: Index) -> Option<&Path> {
        let is_plain = |path: &&PathBuf| {
            let text = path.to_str().unwrap();
            !text.contains(['*', '?', '[', ']', '{', '}', ',']) && path.iter().all(|n| n != ".")
        };
        let all: Vec<_> = self.files.keys().filter(is_plain).collect();
        let path = (!all.is_empty()).then(|| index.get(&all).as_path())?;
        let (first, name) = (path.iter().next()?, path.file_name()?);
        let mut others = self.files.keys();
        let is_apart =
            |other: &PathBuf| !other.starts_with(first) && !other.iter().any(|n| n == name);
        others.any(is_apart).then_some(path)
    }

    /// All folders that have something in them, the tree's own among them.
    fn folders(&self) -> Vec<PathBuf> {
        let above = |path: &PathBuf| {
            path.ancestors()
                .skip(1)
                .map(PathBuf::from)
                .collect::<Vec<_>>()
        };
        let folders: BTreeSet<_> = self.files.keys().flat_map(above).collect();
        folders.into_iter().collect()
    }

    /// Lays the tree down at `root`, in the order that `circumstances` give.
    fn lay(&self, root: &Path, circumstances: &Circumstances) {
        let mut paths: Vec<_> = self.files.keys().chain(self.links.keys()).collect();
        paths.sort_by_cached_key(|path| {
            let salt = circumstances.order.to_le_bytes();
            *blake3::hash(&[&salt, path.as_os_str().as_bytes()].concat()).as_bytes()
        });
        for path in paths {
            let place = root.join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            match self.files.get(path) {
                Some(file) => file.write(&place, circumstances.modified),
                None => symlink(self.relative_target(path), place).unwrap(),
            }
        }
    }

    fn relative_target(&self, link: &Path) -> PathBuf {
        let up = link.ancestors().skip(2).map(|_| "..");
        up.collect::<PathBuf>().join(&self.links[link])
    }
}

impl File {
    fn write(&self, path: &Path, modified: SystemTime) {
        fs::write(path, &self.bytes).unwrap();
        let file = fs::File::options().write(true).open(path).unwrap();
        let times = FileTimes::new().set_modified(modified);
        file.file().set_times(times).unwrap();
        let mode = std::fs::Permissions::from_mode(self.mode);
        fs::set_permissions(path, mode).unwrap();
    }
}

/// What must make no difference.
#[derive(Clone, Debug)]
struct Circumstances {
    /// Tells one order of creating files from another.
    order: u64,
    modified: SystemTime,
    checkout: String,
    umask: &'static str,
    time_zone: &'static str,
    threads: u8,
}

fn circumstances() -> impl Strategy<Value = Circumstances> {
    let umask = select(&["000", "022", "077"][..]);
    let time_zone = select(&["UTC", "Pacific/Auckland", "America/St_Johns"][..]);
    let since_1970 = (0..u64::from(u32::MAX)).prop_map(Duration::from_secs);
    (any::<u64>(), since_1970, name(), umask, time_zone, 1..5_u8).prop_map(
        |(order, since_1970, checkout, umask, time_zone, threads)| Circumstances {
            order,
            modified: SystemTime::UNIX_EPOCH + since_1970,
            checkout,
            umask,
            time_zone,
            threads,
        },
    )
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Links {
    Follow,
    Preserve,
}

/// A checkout with the tree in its folder `tree`, and the package made of it.
struct Packed {
    project: Project,
    checkout: String,
}

impl Packed {
    fn new(tree: &Tree, links: Links, circumstances: &Circumstances) -> Self {
        Self::without(&[], tree, links, circumstances)
    }

    fn without(
        excludes: &[&str],
        tree: &Tree,
        links: Links,
        circumstances: &Circumstances,
    ) -> Self {
        let Circumstances {
            checkout,
            umask,
            time_zone,
            threads,
            ..
        } = circumstances;
        let packed = Self {
            project: Project::empty(),
            checkout: checkout.clone(),
        };
        let elf = Elf::static_pie(Machine::X86_64).bytes();
        packed.project.write(&format!("{checkout}/handler"), elf);
        tree.lay(&packed.tree(), circumstances);
        let links = match links {
            Links::Follow => "follow",
            Links::Preserve => "preserve",
        };
        packed
            .project
            .command(&[&["pack", "handler", "tree", "--symlinks", links], excludes].concat())
            .from(checkout)
            .umask(umask)
            .env("TZ", time_zone)
            .env("RAYON_NUM_THREADS", &threads.to_string())
            .run()
            .exits(0);
        packed
    }

    fn tree(&self) -> PathBuf {
        self.project.path(&self.checkout).join("tree")
    }

    fn zip(&self) -> Vec<u8> {
        self.project.read(&format!("{}/handler.zip", self.checkout))
    }
}

/// By name, the mode and the bytes.
type Contents = BTreeMap<String, (u32, Vec<u8>)>;

/// What is to be in a zip for all that lies in `folder`, as the file system tells it.
fn contents(folder: &Path, name: &str, links: Links) -> Contents {
    let mut all = Contents::new();
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{name}/{}", entry.file_name().to_str().unwrap());
        let path = entry.path();
        let metadata = fs::metadata(&path).unwrap();
        if links == Links::Preserve && entry.file_type().unwrap().is_symlink() {
            let target = fs::read_link(path).unwrap();
            let bytes = target.as_os_str().as_bytes().to_vec();
            all.insert(name, (0o120_777, bytes));
        } else if metadata.is_dir() {
            all.extend(contents(&path, &name, links));
        } else {
            let mode = match metadata.permissions().mode() & 0o111 {
                0 => 0o100_644,
                _ => 0o100_755,
            };
            all.insert(name, (mode, fs::read(path).unwrap()));
        }
    }
    all
}

/// Enough cases for names and files of every kind to meet, and few enough to wait for. A failure
/// is printed; no file of it is left in the repository.
fn some(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(some(100))]

    #[test]
    fn the_tree_that_goes_in_comes_out(
        tree in tree(),
        links in select(&[Links::Follow, Links::Preserve][..]),
        circumstances in circumstances(),
    ) {
        let packed = Packed::new(&tree, links, &circumstances);
        let zip = Zip::parse(&packed.zip());

        let mut expected = contents(&packed.tree(), "tree", links);
        let elf = Elf::static_pie(Machine::X86_64).bytes();
        expected.insert("bootstrap".to_owned(), (0o100_755, elf));
        // In the order of the entries, which is that of the bytes of their names.
        prop_assert_eq!(zip.names(), expected.keys().collect::<Vec<_>>());
        for entry in &zip.entries {
            let (mode, bytes) = &expected[&entry.name];
            prop_assert_eq!(entry.mode, *mode, "{}", entry.name);
            prop_assert!(entry.data == *bytes, "the bytes of {}", entry.name);
            let utf8 = u16::from(!entry.name.is_ascii()) << 11;
            prop_assert_eq!(entry.flags, utf8, "{}", entry.name);
            prop_assert_eq!((entry.host, entry.extra), (3, 0), "{}", entry.name);
            prop_assert!(entry.compressed <= entry.data.len(), "{} has grown", entry.name);
        }
    }
}

proptest! {
    #![proptest_config(some(50))]

    #[test]
    fn nothing_but_the_tree_decides_about_a_byte(
        tree in tree(),
        links in select(&[Links::Follow, Links::Preserve][..]),
        here in circumstances(),
        there in circumstances(),
    ) {
        let here = Packed::new(&tree, links, &here);
        let there = Packed::new(&tree, links, &there);
        prop_assert!(here.zip() == there.zip());
    }
}

proptest! {
    #![proptest_config(some(60))]

    #[test]
    fn what_is_left_out_is_all_that_does_not_come_out(
        tree in tree(),
        index in any::<Index>(),
        how in 0..3_usize,
        circumstances in circumstances(),
    ) {
        // A file by its path or its name, or a folder at the top.
        let Some(path) = tree.path_to_leave_out(index) else {
            return Ok(());
        };
        let first = path.iter().next().unwrap().to_str().unwrap();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = path.to_str().unwrap();
        let exclude = [format!("tree/{text}"), name.to_owned(), format!("./tree/{first}")];
        let exclude = format!("--exclude-file={}", exclude[how]);
        let packed = Packed::without(&[&exclude], &tree, Links::Preserve, &circumstances);

        let mut expected = contents(&packed.tree(), "tree", Links::Preserve);
        let whole = format!("tree/{text}");
        let top = format!("tree/{first}");
        expected.retain(|entry, _| !match how {
            0 => *entry == whole,
            1 => entry.split('/').any(|part| part == name),
            _ => *entry == top || entry.starts_with(&format!("{top}/")),
        });
        let bootstrap = "bootstrap".to_owned();
        let names: BTreeSet<_> = expected.into_keys().chain([bootstrap]).collect();
        let zip = Zip::parse(&packed.zip());
        prop_assert_eq!(zip.names(), names.iter().collect::<Vec<_>>());
    }
}

/// The contents of `folder` with links followed, but without what is read in `left_out`, or by way
/// of it.
fn readable(folder: &Path, name: &str, left_out: &Path) -> Contents {
    let all = contents(folder, name, Links::Follow).into_iter();
    let is_left_out = |path: &Path| {
        path.starts_with(left_out) || path.canonicalize().unwrap().starts_with(left_out)
    };
    all.filter(|(entry, _)| {
        let path = folder.parent().unwrap().join(entry);
        let mut way = path.ancestors().take_while(|above| *above != folder);
        !way.any(is_left_out)
    })
    .collect()
}

proptest! {
    #![proptest_config(some(60))]

    #[test]
    fn what_is_left_out_is_read_by_no_way(
        tree in tree(),
        index in any::<Index>(),
        slash in select(&["", "/", "/**"][..]),
        circumstances in circumstances(),
    ) {
        let Some(path) = tree.path_to_leave_out(index) else {
            return Ok(());
        };
        let first = path.iter().next().unwrap().to_str().unwrap();
        let is_file = path.iter().nth(1).is_none();
        let slash = if is_file { "" } else { slash };
        let exclude = format!("--exclude-file=tree/{first}{slash}");
        let packed = Packed::without(&[&exclude], &tree, Links::Follow, &circumstances);

        let root = packed.tree().canonicalize().unwrap();
        let expected = readable(&root, "tree", &root.join(first));
        let bootstrap = "bootstrap".to_owned();
        let names: BTreeSet<_> = expected.into_keys().chain([bootstrap]).collect();
        let zip = Zip::parse(&packed.zip());
        prop_assert_eq!(zip.names(), names.iter().collect::<Vec<_>>());
    }
}
