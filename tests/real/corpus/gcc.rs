//! Programs that need the library of C++, which is this machine's too, of GCC 12.

use super::case::Case;
use super::libraries::{Libraries, package};
use super::programs::Workshop;
use super::zip::Entry;

/// What is asked for by those who were linked with a newer GCC's libstdc++.
struct Newer {
    workshop: Workshop,
    library: Vec<u8>,
}

impl Newer {
    const LINKED: [&str; 3] = ["newer.c", "-Wl,--no-as-needed", "-l:libstdc++.so.6"];

    fn new() -> Self {
        let workshop = Workshop::new("newer");
        workshop.write("versions", "GLIBCXX_3.4.99 { newer; };\n");
        workshop.write(
            "newer.c",
            "extern void newer(void);\n\
             void (*volatile use)(void);\n\
             __attribute__((constructor)) static void start(void) { use = newer; }\n",
        );
        let versions = ["-nostdlib", "-Wl,--version-script=versions"];
        let library = workshop.library("libstdc++.so.6", "void newer(void) {}\n", versions);
        Self { workshop, library }
    }

    fn function(&self, args: &[&str]) -> Entry {
        let linked = ["-L."].iter().chain(&Self::LINKED);
        Entry::new(
            "bootstrap",
            &self.workshop.function("cc", linked.chain(args)),
        )
    }

    fn library(&self, name: &str) -> Entry {
        Entry::new(name, &self.library)
    }
}

pub(super) fn cases(libraries: &Libraries) -> Vec<Case> {
    let newer = Newer::new();
    libraries.workshop.write(
        "wait.c",
        "extern void wait(void) __asm__(\
         \"_ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE\");\n\
         void (*volatile use)(void);\n\
         __attribute__((constructor)) static void start(void) { use = wait; }\n",
    );
    let of_gcc_12 = libraries.function(["wait.c", "-l:libstdc++.so.6"]);
    vec![
        package("of GCC 12's libstdc++", [of_gcc_12]),
        package("of a newer libstdc++", [newer.function(&[])])
            .finds(&["libstdcxx-too-new"])
            .says("GLIBCXX_3.4.99"),
        package(
            "of a newer libstdc++, which is in `lib`",
            [newer.function(&[]), newer.library("lib/libstdc++.so.6")],
        )
        .finds(&["libstdcxx-too-new"])
        .says("GLIBCXX_3.4.99"),
        package(
            "of a newer libstdc++, where the program says",
            [
                newer.function(&["-Wl,-rpath,$ORIGIN/vendor"]),
                newer.library("vendor/libstdc++.so.6"),
            ],
        )
        .finds(&["libstdcxx-too-new"]),
        package(
            "of a newer libstdc++, where the program says in the older way",
            [
                newer.function(&["-Wl,--disable-new-dtags,-rpath,$ORIGIN/vendor"]),
                newer.library("vendor/libstdc++.so.6"),
            ],
        ),
    ]
}
