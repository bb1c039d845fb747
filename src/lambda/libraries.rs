//! The shared libraries in a runtime's image.

/// The presence of a library in a runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// It is part of glibc or GCC, and stays compatible.
    Guaranteed,
    /// It is in the image because some program there needs it. AWS guarantees it to no function,
    /// and may change its version or remove it.
    Incidental,
    /// It is not in the image.
    Absent,
}

/// The libraries that every runtime has, one a line.
const GUARANTEED: &str = include_str!("libraries/guaranteed.txt");

/// True if a library is part of glibc: only the loader of the same glibc can load it.
///
/// Source: `shlib-versions` in glibc.
pub(crate) fn is_of_glibc(soname: &str) -> bool {
    let name = soname.split(".so").next().unwrap_or(soname);
    let is_plugin = name.starts_with("libnss_") || name.starts_with("ld-linux");
    is_plugin
        || [
            "libBrokenLocale",
            "libanl",
            "libc",
            "libc_malloc_debug",
            "libdl",
            "libm",
            "libmvec",
            "libnsl",
            "libpthread",
            "libresolv",
            "librt",
            "libthread_db",
            "libutil",
        ]
        .contains(&name)
}

/// The presence of `soname` in a runtime whose image has `others` beside the guaranteed libraries.
pub(super) fn presence(others: &str, soname: &str) -> Presence {
    let has = |list: &str| list.lines().any(|line| line == soname);
    if has(GUARANTEED) {
        Presence::Guaranteed
    } else if has(others) {
        Presence::Incidental
    } else {
        Presence::Absent
    }
}
