//! The table of settings: one entry for each. Keys, environment variables, flags, help, merging and
//! the reference in docs/configuration.md come from it.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};

use super::definition::{
    ALL, CONTENTS, Command, Definition, Flag, Help, LAMBDA, PACKAGING, PLANNING,
};
use super::deploy_name::DeployName;
use super::layer_source::LayerSource;
use super::output_template::{FolderTemplate, OutputTemplate};
use super::report_path::ReportPath;
use super::table::{Collect, Visitor, table};
use super::value::{Resolve, Switch, Value};
use crate::archive::Compression;
use crate::bytes::Size;
use crate::cargo::builders::Builder;
use crate::include::{Include, Pattern, Symlinks};
use crate::lambda::{Architecture, Cpus, Kind, Runtime, Target};
use crate::lint::{Level, Policy, Setting, Subject};

/// Help for keys whose values are paths.
const BELOW_MANIFEST: &str = "In Cargo.toml, paths are relative to the folder of the manifest.";

/// Help for `--report` of commands that do not read the key.
const REPORT_HERE: Help = Help {
    text: "Write the JSON report of the run to a file, too\n\n\
           It is the document of `--message-format json`, with paths relative to the folder of \
           FILE. It is also written if the run fails.",
    default: "",
};

/// Help for `--layer` of commands that make no layers.
const LAYER_HERE: Help = Help {
    text: "Layer of the function: zip, ARN or size\n\n\
           The path of a zip has a `/` or ends in `.zip`; `{arch}` in it is the architecture. The \
           ARN is that of a version: ARN or ARN=SIZE.\n\n\
           A layer counts towards Lambda's limits of five layers and 250 MiB. Its files are there \
           when the function starts, so that the lints know those of a zip.",
    default: "",
};

table! {
    /// The settings of one source: a table of Cargo.toml, the environment or the command line.
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case", default)]
    struct PartialSettings;

    /// The settings of one binary or layer, merged from all sources.
    struct Settings;

    setting architectures: Option<Vec<Architecture>> => architectures: Vec<Architecture>, Definition {
        variable: Some("ARCH"),
        flag: Some(Flag {
            long: "arch",
            value: "ARCH",
            heading: LAMBDA,
            commands: ALL,
            single_in: &[Command::Pack, Command::Check, Command::Invoke],
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Architecture: x86_64, arm64\n\n\
                   It stands for the musl target of that architecture. The spellings of Cargo and \
                   Docker, aarch64 and amd64, are accepted.",
            default: "x86_64",
        },
        help_in: &[
            (Command::Pack, Help {
                text: "Architecture of the function: x86_64 or arm64",
                default: "that of the executable",
            }),
            (Command::Check, Help {
                text: "Architecture of the function: x86_64 or arm64\n\n\
                       If it is not given here, and the configuration names exactly one, that one \
                       is used.",
                default: "that of the executable",
            }),
            (Command::Invoke, Help {
                text: "Architecture of the function: x86_64 or arm64",
                default: "that of the executable",
            }),
        ],
        ..Definition::KEY
    };

    setting targets: Option<Vec<Target>> => targets: Vec<Target>, Definition {
        variable: Some("TARGET"),
        flag: Some(Flag {
            long: "target",
            value: "TRIPLE",
            heading: LAMBDA,
            commands: PLANNING,
            is_common: true,
            conflicts_with: Some("arch"),
            ..Flag::BASE
        }),
        help: Help {
            text: "Target triple to build for, instead of an architecture\n\n\
                   One of {x86_64,aarch64}-unknown-linux-{musl,gnu}. A gnu target may have a glibc \
                   version: x86_64-unknown-linux-gnu.2.26. Several targets are built in one run of \
                   Cargo. If no source gives a target or an architecture, Cargo's own build.target \
                   is used if Lambda can run it, else x86_64-unknown-linux-musl.",
            default: "",
        },
        ..Definition::KEY
    };

    setting runtime: Option<Runtime> => runtime: Runtime, Definition {
        variable: Some("RUNTIME"),
        flag: Some(Flag {
            long: "runtime",
            value: "RUNTIME",
            heading: LAMBDA,
            commands: ALL,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Runtime: provided.al2023, provided.al2\n\n\
                   The package is checked against the libraries of this Lambda runtime.",
            default: "provided.al2023",
        },
        ..Definition::KEY
    };

    setting builder: Option<Builder> => builder: Builder, Definition {
        variable: Some("BUILDER"),
        flag: Some(Flag {
            long: "builder",
            value: "BUILDER",
            heading: LAMBDA,
            commands: PLANNING,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "What compiles and links: auto, cargo, zigbuild, cross\n\n\
                   `auto` takes Cargo with the linker of the Rust toolchain, which is enough for \
                   pure Rust. If a dependency compiles C for the target, and no C compiler for it \
                   is configured, it takes cargo-zigbuild, else cross. `-v` shows the choice and \
                   the reason.",
            default: "auto",
        },
        ..Definition::KEY
    };

    setting cpu: Option<Cpus> => cpus: Cpus, Definition {
        variable: Some("CPU"),
        flag: Some(Flag {
            long: "cpu",
            value: "[ARCH=]NAME",
            heading: LAMBDA,
            commands: PLANNING,
            ..Flag::BASE
        }),
        help: Help {
            text: "CPU to compile for: lambda, generic or a name that rustc knows\n\n\
                   `lambda` is the oldest CPU that Lambda has: x86-64-v3 (with AVX2) and \
                   neoverse-n1 (Graviton2). ARCH=NAME is for one architecture only; in Cargo.toml \
                   it is written as { arm64 = \"NAME\" }. C compilers are not told.",
            default: "generic",
        },
        ..Definition::KEY
    };

    setting reproducible: Option<Switch> => reproducible: bool, Definition {
        variable: Some("REPRODUCIBLE"),
        flag: Some(Flag {
            long: "reproducible",
            heading: LAMBDA,
            commands: PLANNING,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Make the same zip in any folder, with any Cargo home and user account\n\n\
                   Rust's panics and debug information, and C's __FILE__, name paths of this \
                   machine. With this flag they are called /workspace, /cargo, /target and \
                   /rustc/HASH: rustc is given --remap-path-prefix and C compilers \
                   -ffile-prefix-map, after your own flags.",
            default: "",
        },
        ..Definition::KEY
    };

    setting debug_file: Option<Switch> => debug_file: bool, Definition {
        variable: Some("DEBUG_FILE"),
        flag: Some(Flag {
            long: "debug-file",
            heading: LAMBDA,
            commands: PLANNING,
            ..Flag::BASE
        }),
        help: Help {
            text: "Keep the debug information in a file beside the zip: orders-arm64.debug\n\n\
                   The program in the zip is stripped. It and the file have the same build ID, and \
                   `.gnu_debuglink` in the program names the file, so that gdb, addr2line and \
                   services for crash reports find functions and lines. Where your profile does \
                   not set `debug`, it is \"line-tables-only\".",
            default: "",
        },
        ..Definition::KEY
    };

    setting bundle_libraries: Option<Switch> => bundle_libraries: bool, Definition {
        variable: Some("BUNDLE_LIBRARIES"),
        flag: Some(Flag {
            long: "bundle-libraries",
            heading: LAMBDA,
            commands: PLANNING,
            ..Flag::BASE
        }),
        help: Help {
            text: "Put the shared libraries that the programs need into `lib/` of the package\n\n\
                   It has an effect for gnu targets. Libraries that the runtime does not have are \
                   looked for in the folders that build scripts and -L name, in those of the \
                   toolchain and the linker, and in the system's folders for the architecture. \
                   What a library needs in turn is added too. Libraries of glibc are never added. \
                   Those that a program opens by name (`dlopen`) are not known.",
            default: "",
        },
        ..Definition::KEY
    };

    setting include: Vec<Include> => include: Vec<Include>, Definition {
        flag: Some(Flag {
            long: "include",
            value: "FROM[=TO]",
            commands: CONTENTS,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "File, folder or glob to put into the zip\n\n\
                   A file keeps its path, relative to the current folder. TO replaces the fixed part of that path. `*` does not cross folders, \
                   `**` does. A folder is taken with everything in it, including hidden and \
                   git-ignored files. `!GLOB` leaves out files of the includes before it; \
                   --exclude-file leaves out files of all includes. If a file with exactly the \
                   given name exists, it is taken, whatever the name contains: `a=b`, `[x].txt`.",
            default: "",
        },
        help_of_key: BELOW_MANIFEST,
        ..Definition::KEY
    };

    setting exclude: Vec<Pattern> => exclude: Vec<Pattern>, Definition {
        flag: Some(Flag {
            long: "exclude-file",
            value: "GLOB",
            commands: CONTENTS,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Leave files and folders out of what is included\n\n\
                   A glob without `/` matches names anywhere in the included files. A glob with \
                   `/` matches a path from the current folder; it may begin with `../` or be absolute. Links to what matches are left out, \
                   too, if links are followed. A glob of the command line that \
                   names one thing, without `*` and the like, has to match something.",
            default: "",
        },
        help_of_key: BELOW_MANIFEST,
        ..Definition::KEY
    };

    setting symlinks: Option<Symlinks> => symlinks: Symlinks, Definition {
        flag: Some(Flag {
            long: "symlinks",
            value: "HOW",
            commands: CONTENTS,
            ..Flag::BASE
        }),
        help: Help {
            text: "How to pack symbolic links among the included files: follow or preserve",
            default: "follow",
        },
        ..Definition::KEY
    };

    setting layers: Vec<LayerSource> => layers: Vec<LayerSource>, Definition {
        flag: Some(Flag {
            long: "layer",
            value: "LAYER",
            commands: ALL,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Layer of the function: name, zip, ARN or size\n\n\
                   A name is that of a layer or extension of this workspace, which is made in the \
                   same run. The path of a zip has a `/` or ends in `.zip`; `{arch}` in it is the \
                   architecture. The ARN is that of a version: ARN or ARN=SIZE, in Cargo.toml also \
                   { arn = \"ARN\", size = \"12 MiB\" }.\n\n\
                   A layer counts towards Lambda's limits of five layers and 250 MiB. Its files are \
                   there when the function starts, so that the lints know those of a name or a zip.",
            default: "",
        },
        help_in: &[(Command::Pack, LAYER_HERE), (Command::Check, LAYER_HERE), (Command::Invoke, Help {
            text: "Layer of the function: a zip\n\n\
                   Layers are unpacked in the given order, each over those before it.",
            default: "",
        })],
        ..Definition::KEY
    };

    setting output: Option<OutputTemplate> => output: Option<OutputTemplate>, Definition {
        variable: Some("OUTPUT"),
        flag: Some(Flag {
            long: "output",
            short: Some('o'),
            value: "TEMPLATE",
            commands: CONTENTS,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Path of each zip\n\n\
                   By default, a gnu target's zip is {bin}-{arch}-gnu.zip, a layer for both \
                   architectures is {bin}.zip, and a profile other than `lambda` has a folder of \
                   its own, lambda-zip/{profile}. The placeholders {bin}, {package}, {version}, \
                   {arch}, {target} and {profile} are replaced; {{ and }} stand for braces. For a \
                   layer, {bin} is its name, and {arch} is `any` if it runs on both architectures.",
            default: "<target-dir>/lambda-zip/{bin}-{arch}.zip",
        },
        help_in: &[(Command::Pack, Help {
            text: "Path of the zip\n\n\
                   The placeholders {bin}, which is the file name of the executable, and {arch} \
                   are replaced; {{ and }} stand for braces. `-` writes the zip to standard output.",
            default: "<EXECUTABLE>.zip",
        })],
        ..Definition::KEY
    };

    setting folder: Option<FolderTemplate> => folder: Option<FolderTemplate>, Definition {
        variable: Some("FOLDER"),
        flag: Some(Flag {
            long: "folder",
            value: "TEMPLATE",
            commands: PACKAGING,
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Write the files of each package to a folder, too\n\n\
                   The placeholders are those of --output. cargo-lambda's layout is \
                   'target/lambda/{bin}'; in a Makefile for SAM it is '$(ARTIFACTS_DIR)'. The \
                   folder belongs to this tool: at first it is empty or does not exist, later it \
                   holds the files of one package and nothing else. It is refused if this tool did \
                   not write something in it, or if something in it was changed since. What was \
                   written is recorded in Cargo's target folder. `pack`, and `layer` outside of a \
                   project, record nothing.",
            default: "",
        },
        ..Definition::KEY
    };

    setting report: Option<ReportPath>, Definition {
        variable: Some("REPORT"),
        flag: Some(Flag {
            long: "report",
            value: "FILE",
            ..Flag::BASE
        }),
        help: Help {
            text: "Write the JSON report of the run to a file, too\n\n\
                   It is the document of `--message-format json`, with paths relative to the \
                   folder of FILE. It is also written if the run fails. In a dry run this flag \
                   writes the plan, and the variable and the key have no effect. The key is one \
                   of the manifest at the root of the workspace.",
            default: "",
        },
        help_in: &[(Command::Pack, REPORT_HERE), (Command::Check, REPORT_HERE), (Command::Template, Help {
            text: "terraform: the report that the configuration reads",
            default: "",
        })],
        ..Definition::KEY
    };

    setting compression: Option<Compression> => compression: Compression, Definition {
        variable: Some("COMPRESSION"),
        flag: Some(Flag {
            long: "compression",
            value: "LEVEL",
            commands: CONTENTS,
            ..Flag::BASE
        }),
        help: Help {
            text: "Compression: fast, default, best or 0 to 12\n\n\
                   `default` is as hard as is worth it for the size. With the profile `dev`, and \
                   those that inherit from it, the default is `fast`. Included files of 32 MiB and \
                   more are compressed in pieces, at level 9 at most, so that they need little \
                   memory.",
            default: "default",
        },
        help_in: &[(Command::Pack, Help {
            text: "Compression: fast, default, best or 0 to 12\n\n\
                   `default` is as hard as is worth it for the size. Included files of 32 MiB and \
                   more are compressed in pieces, at level 9 at most, so that they need little \
                   memory.",
            default: "default",
        })],
        ..Definition::KEY
    };

    setting max_zip_size: Option<Size> => max_zip_size: Option<Size>, Definition {
        variable: Some("MAX_ZIP_SIZE"),
        flag: Some(Flag {
            long: "max-zip-size",
            value: "SIZE",
            ..Flag::BASE
        }),
        help: Help {
            text: "Reject zips that are larger than this, such as 10 MiB",
            default: "",
        },
        ..Definition::KEY
    };

    setting max_unzipped_size: Option<Size> => max_unzipped_size: Option<Size>, Definition {
        variable: Some("MAX_UNZIPPED_SIZE"),
        flag: Some(Flag {
            long: "max-unzipped-size",
            value: "SIZE",
            ..Flag::BASE
        }),
        help: Help {
            text: "Reject packages that are larger than this when unzipped, without layers",
            default: "",
        },
        ..Definition::KEY
    };

    setting kind: Option<Kind> => kind: Kind, Definition {
        flag: Some(Flag {
            long: "kind",
            value: "KIND",
            heading: "Pack Options",
            commands: &[Command::Pack],
            is_common: true,
            ..Flag::BASE
        }),
        help: Help {
            text: "Kind of the program: function, extension (for a layer)",
            default: "function",
        },
        ..Definition::KEY
    };

    key name: Option<DeployName> => name: Option<DeployName>, Definition {
        help: Help {
            text: "Name to deploy as, in reports. If there are several architectures, \
                   `-x86_64` or `-arm64` is appended",
            default: "name of the binary",
        },
        ..Definition::KEY
    };

    key skip: Option<Switch> => skip: bool, Definition {
        help: Help {
            text: "`true` leaves the binary out: it is neither built nor packaged",
            default: "false",
        },
        ..Definition::KEY
    };

    #[serde(deserialize_with = "lint_levels")]
    key lints: Vec<Setting> => policy: Policy, Definition {
        help: Help {
            text: "Levels of lints: `{ debug-info = \"deny\" }`; `warnings` is a group",
            default: "",
        },
        ..Definition::KEY
    };
}

/// Reads a table of lint and level.
fn lint_levels<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Setting>, D::Error> {
    let levels = BTreeMap::<Subject, Level>::deserialize(from)?;
    let setting = |(subject, level)| Setting { subject, level };
    Ok(levels.into_iter().map(setting).collect())
}
