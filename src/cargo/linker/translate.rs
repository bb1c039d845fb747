//! Linker arguments as a C compiler takes them, translated for `rust-lld`.

use std::ffi::OsString;

/// Arguments that change nothing in a link with `rust-lld`: they concern the compiler, or libraries
/// that rustc names itself, or choose another linker.
const WITHOUT_EFFECT: [&str; 18] = [
    "-ffreestanding",
    "-g",
    "-no-canonical-prefixes",
    "-nodefaultlibs",
    "-nolibc",
    "-nostartfiles",
    "-nostdlib++",
    "-pipe",
    "-pthread",
    "-pthreads",
    "-shared-libgcc",
    "-static-libgcc",
    "-static-libstdc++",
    // rustc chooses the kind of the executable, and the start files that go with it.
    "-static-pie",
    "-no-pie",
    "-nopie",
    "-m32",
    "-m64",
];

/// Beginnings of such arguments.
const PREFIXES_WITHOUT_EFFECT: [&str; 36] = [
    "--rtlib=",
    "--stdlib=",
    "--target=",
    "-B/",
    "-D",
    "-I",
    "-O3",
    "-Og",
    "-Os",
    "-Oz",
    "-Ofast",
    "-Q",
    "-W",
    "-fPIC",
    "-fPIE",
    "-fasynchronous-",
    "-fcommon",
    "-fdata-sections",
    "-fexceptions",
    "-ffast-math",
    "-ffunction-sections",
    "-flto",
    "-fno-",
    "-fomit-",
    "-fpic",
    "-fpie",
    "-fstack-",
    "-fuse-ld",
    "-fuse-linker-plugin",
    "-fvisibility",
    "-gdwarf",
    "-ggdb",
    "-rtlib=",
    "-std=",
    "-stdlib=",
    "-U",
];

/// Arguments for which a C compiler links a library of its own.
const NEED_A_COMPILER: [&str; 6] = [
    "--coverage",
    "-fcoverage-",
    "-fopenmp",
    "-fprofile-",
    "-fsanitize",
    "-pg",
];

/// Translates `arguments` for `rust-lld`. Its own arguments stay as they are.
///
/// # Errors
/// The first argument that only a C compiler can carry out.
pub(super) fn translate(arguments: Vec<OsString>) -> Result<Vec<OsString>, OsString> {
    let mut translated = Vec::with_capacity(arguments.len());
    let mut arguments = arguments.into_iter();
    while let Some(argument) = arguments.next() {
        let Some(text) = argument.to_str() else {
            translated.push(argument);
            continue;
        };
        if let Some(list) = text.strip_prefix("-Wl,") {
            let list = list.split(',').filter(|argument| *argument != "--no-pie");
            translated.extend(list.map(OsString::from));
            continue;
        }
        if NEED_A_COMPILER.iter().any(|need| text.starts_with(need)) {
            return Err(argument);
        }
        match text {
            "-Xlinker" => translated.extend(arguments.next()),
            "-Xclang" | "-target" | "-D" | "-I" | "-U" | "-idirafter" | "-include" | "-isystem" => {
                drop(arguments.next());
            }
            // The value of an option may look like anything.
            "-o" | "-L" | "-l" | "-z" | "-u" | "-e" | "-T" => {
                translated.push(argument);
                translated.extend(arguments.next());
            }
            "-rdynamic" => translated.push("--export-dynamic".into()),
            "-symbolic" => translated.push("-Bsymbolic".into()),
            text if has_no_effect(text) => {}
            _ => translated.push(argument),
        }
    }
    Ok(translated)
}

fn has_no_effect(text: &str) -> bool {
    // `-melf_x86_64` and `-maarch64linux` are the linker's own; `-march=…` and `-mavx2` the compiler's.
    let of_machine = |rest: &str| {
        !rest.is_empty() && !["elf", "aarch64"].iter().any(|own| rest.starts_with(own))
    };
    WITHOUT_EFFECT.contains(&text)
        || PREFIXES_WITHOUT_EFFECT
            .iter()
            .any(|prefix| text.starts_with(prefix))
        || text.strip_prefix("-m").is_some_and(of_machine)
        || text
            .strip_prefix("-g")
            .is_some_and(|level| level.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn becomes(compiler: &[&str], linker: &[&str]) {
        let arguments = compiler.iter().map(OsString::from).collect();
        assert_eq!(translate(arguments).unwrap(), linker, "{compiler:?}");
    }

    #[test]
    fn arguments_for_the_linker_are_handed_to_it() {
        becomes(&["-Wl,-rpath,$ORIGIN"], &["-rpath", "$ORIGIN"]);
        becomes(
            &[
                "-Wl,--gc-sections",
                "-Wl,-z,now",
                "-Wl,-rpath",
                "-Wl,/opt/lib",
            ],
            &["--gc-sections", "-z", "now", "-rpath", "/opt/lib"],
        );
        becomes(&["-Xlinker", "-rdynamic", "a.o"], &["-rdynamic", "a.o"]);
    }

    #[test]
    fn arguments_of_a_compiler_get_their_meaning() {
        becomes(&["-rdynamic"], &["--export-dynamic"]);
        becomes(
            &[
                "-pthread",
                "-static-pie",
                "-fuse-ld=mold",
                "-flto",
                "-march=x86-64-v3",
                "-Wall",
                "-g2",
            ],
            &[],
        );
        becomes(&["-Xclang", "-x", "-target", "x86_64-linux-musl"], &[]);
    }

    #[test]
    fn the_kind_of_the_executable_stays_and_the_compilers_own_arguments_go() {
        for flag in ["-no-pie", "-nopie", "-Wl,--no-pie"] {
            becomes(&["-static", "-pie", flag], &["-static", "-pie"]);
        }
        becomes(
            &[
                "-I/usr/include",
                "-isystem",
                "/usr/include",
                "-DX=1",
                "-std=c11",
                "-mavx2",
                "-ffreestanding",
                "--rtlib=compiler-rt",
                "-stdlib=libc++",
            ],
            &[],
        );
    }

    #[test]
    fn the_linkers_own_arguments_stay() {
        let own = [
            "-flavor",
            "gnu",
            "-L",
            "-Wl,odd",
            "-Bstatic",
            "-lm",
            "-melf_x86_64",
            "-maarch64linux",
            "-O1",
            "-O2",
            "--gc-sections",
            "-gc-sections",
            "-pie",
            "--as-needed",
            "-o",
            "-pthread",
            "-z",
            "relro",
            "--eh-frame-hdr",
            "-s",
            "-fatal-warnings",
            "-static",
            "a b.o",
        ];
        becomes(&own, &own);
    }

    #[test]
    fn what_only_a_compiler_can_do_is_refused() {
        for argument in ["-fsanitize=address", "-fopenmp", "--coverage", "-pg"] {
            let refused = translate(vec!["a.o".into(), argument.into()]);
            assert_eq!(refused.unwrap_err(), argument);
        }
    }
}
