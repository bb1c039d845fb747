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
