//! The crate that a symbol belongs to, and its name without mangling.
//!
//! A generic function belongs to the crate that its path names, also if another one uses it. A method of a
//! trait belongs to the crate of its `impl`. In symbols of the `v0` mangling, the path of the `impl`
//! says which. In legacy symbols it is the crate of the type, or else that of the trait: Rust allows
//! no others.

use std::fmt::{self, Write};

use super::owners::{Origin, Owner};

/// The crates that are part of the standard library, or of the toolchain below it.
const STD: [&str; 13] = [
    "std",
    "core",
    "alloc",
    "proc_macro",
    "test",
    "panic_unwind",
    "panic_abort",
    "unwind",
    "compiler_builtins",
    "std_detect",
    "profiler_builtins",
    "portable_simd",
    "__rustc",
];

/// The owner that a symbol names; `None` for data that the compiler has numbered.
pub(super) fn owner(symbol: &str) -> Option<Owner> {
    let numbered = [
        "anon.",
        ".L",
        "$",
        "alloc_",
        "vtable.",
        "switch.table",
        "str.",
    ];
    if symbol.is_empty() || numbered.iter().any(|prefix| symbol.starts_with(prefix)) {
        return None;
    }
    let path = is_rust(symbol).then(|| demangled(symbol)).flatten();
    let Some(path) = path else {
        let is_of_std = ["__rust_", "rust_", "__rdl_", "__rg_"].iter();
        let is_of_std = { is_of_std }.any(|prefix| symbol.starts_with(prefix));
        return Some(Owner {
            origin: if is_of_std {
                Origin::Std
            } else {
                Origin::Native
            },
            name: if is_of_std { "std" } else { "other languages" }.to_owned(),
            symbol: Some(cut(symbol)),
        });
    };
    let name = of_impl(symbol).or_else(|| of_path(&path)).unwrap_or("?");
    let is_of_std = is_std(name);
    Some(Owner {
        origin: if is_of_std {
            Origin::Std
        } else {
            Origin::Crate
        },
        name: if is_of_std { "std" } else { name }.to_owned(),
        symbol: Some(path),
    })
}

fn is_std(name: &str) -> bool {
    STD.contains(&name) || name.starts_with("rustc_std_workspace")
}

/// True for the manglings of Rust. Legacy symbols end in a hash, which tells them from those of C++.
fn is_rust(symbol: &str) -> bool {
    if symbol.starts_with("_R") {
        return true;
    }
    let is_hash = |rest: &str| {
        let hash = rest.get(..16);
        hash.is_some_and(|hash| hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
            && rest[16..].starts_with('E')
    };
    symbol.starts_with("_ZN")
        && symbol
            .match_indices("17h")
            .any(|(at, h)| is_hash(&symbol[at + h.len()..]))
}

/// The path of a function, without hashes. `None` if the symbol is damaged.
fn demangled(symbol: &str) -> Option<String> {
    let name = rustc_demangle::try_demangle(symbol).ok()?;
    let mut path = Cut(String::new());
    // It fails only where the path is cut.
    let _ = write!(path, "{name:#}");
    Some(path.0)
}

/// The longest path that is kept, in bytes: generics may be nested without end.
const LONGEST: usize = 400;

/// A text that takes no more than [`LONGEST`] bytes.
struct Cut(String);

impl Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if self.0.len() >= LONGEST {
                self.0.push('…');
                return Err(fmt::Error);
            }
            self.0.push(c);
        }
        Ok(())
    }
}

fn cut(text: &str) -> String {
    let mut path = Cut(String::new());
    let _ = path.write_str(text);
    path.0
}

/// The crate of the path that a symbol of the `v0` mangling begins with; for a method, that of its
/// `impl`. `None` for another mangling, and for a method of a trait without an `impl` of its own.
///
/// Source: RFC 2603, "Syntax of mangled names".
fn of_impl(symbol: &str) -> Option<&str> {
    let mut rest = symbol.strip_prefix("_R")?;
    loop {
        rest = match rest.as_bytes().first()? {
            // A path below another, and its namespace.
            b'N' => rest.get(2..)?,
            // A path with arguments.
            b'I' => rest.get(1..)?,
            // An `impl`, by the path that contains it.
            b'M' | b'X' => without_disambiguator(rest.get(1..)?),
            b'C' => break,
            _ => return None,
        };
    }
    let rest = without_disambiguator(rest.get(1..)?);
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let (length, rest) = rest.split_at(digits);
    let rest = rest.strip_prefix('_').unwrap_or(rest);
    rest.get(..length.parse().ok()?)
}

/// `s`, a number in base 62 and `_` tell names apart that are equal.
fn without_disambiguator(text: &str) -> &str {
    let rest = text.strip_prefix('s').and_then(|rest| rest.split_once('_'));
    rest.map_or(text, |(_, rest)| rest)
}

/// The crate of a path such as `serde_json::to_string`, `<orders::Item as core::fmt::Debug>::fmt`
/// or `<[orders::Item]>::sort`.
fn of_path(path: &str) -> Option<&str> {
    let Some(inner) = path.strip_prefix('<') else {
        return first(path);
    };
    let (of_type, of_trait) = parts(inner);
    let of_type = of_type_name(of_type);
    let of_trait = of_trait.and_then(first);
    let own = [of_type, of_trait]
        .into_iter()
        .flatten()
        .find(|name| !is_std(name));
    own.or(of_type).or(of_trait)
}

/// The type and the trait of `TYPE as TRAIT>…`, whose `<` is left out.
fn parts(inner: &str) -> (&str, Option<&str>) {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, c) in inner.char_indices() {
        match c {
            '<' | '(' | '[' => depth += 1,
            // `->` is no bracket.
            '>' if before == '-' => {}
            '>' | ')' | ']' if depth == 0 => return (&inner[..at], None),
            '>' | ')' | ']' => depth -= 1,
            ' ' if depth == 0 => {
                if let Some(of_trait) = inner[at..].strip_prefix(" as ") {
                    return (&inner[..at], Some(of_trait));
                }
            }
            _ => {}
        }
        before = c;
    }
    (inner, None)
}

/// The crate of a type such as `&mut [orders::Item]` or `dyn std::error::Error`; `None` for one of
/// the language itself.
fn of_type_name(mut name: &str) -> Option<&str> {
    loop {
        let rest = name.trim_start_matches(['&', '*', '[', '(', ' ']);
        let words = ["mut ", "const ", "dyn ", "'_ ", "unsafe "];
        let without = words.iter().find_map(|word| rest.strip_prefix(word));
        match without {
            Some(without) => name = without,
            None if rest.len() < name.len() => name = rest,
            None => break,
        }
    }
    if name.starts_with('<') {
        return of_path(name);
    }
    first(name)
}

/// The first part of a path with several parts.
fn first(path: &str) -> Option<&str> {
    let (first, _) = path.split_once("::")?;
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    (!first.is_empty() && first.chars().all(is_name)).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_owner(symbol: &str, name: &str, path: &str) {
        let owner = owner(symbol).unwrap();
        assert_eq!(
            (owner.name.as_str(), owner.symbol.as_deref()),
            (name, Some(path)),
            "{symbol}"
        );
    }

    #[test]
    fn legacy_symbols_belong_to_the_crate_of_their_path() {
        assert_owner(
            "_ZN10serde_json2de10from_slice17h0123456789abcdefE",
            "serde_json",
            "serde_json::de::from_slice",
        );
        assert_owner(
            "_ZN4core3fmt5write17h0123456789abcdefE",
            "std",
            "core::fmt::write",
        );
        assert_owner(
            "_ZN6orders4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE.llvm.1234",
            "orders",
            "orders::main::{{closure}}",
        );
    }

    #[test]
    fn methods_of_traits_belong_to_the_type_or_else_to_the_trait() {
        for (path, name) in [
            ("<orders::Item as core::fmt::Debug>::fmt", Some("orders")),
            (
                "<alloc::vec::Vec<T> as serde::ser::Serialize>::serialize",
                Some("serde"),
            ),
            (
                "<alloc::vec::Vec<T> as core::ops::drop::Drop>::drop",
                Some("alloc"),
            ),
            ("<&mut W as core::fmt::Write>::write_str", Some("core")),
            ("<&[orders::Item] as core::fmt::Debug>::fmt", Some("orders")),
            (
                "<(dyn tower::Service<R> + 'a) as tower_http::Layer>::f",
                Some("tower"),
            ),
            ("<<a::B as c::D>::E as core::fmt::Debug>::fmt", Some("a")),
            ("<fn(x::Y) -> z::Z as own::Trait>::call", Some("own")),
            ("<u8 as own::Trait>::f", Some("own")),
            ("<str>::len", None),
            ("main", None),
        ] {
            assert_eq!(of_path(path), name, "{path}");
        }
    }

    #[test]
    fn v0_symbols_belong_to_the_crate_of_their_impl() {
        for (symbol, name) in [
            ("_RNvNtCsabc_6orders3api3get", "orders"),
            (
                "_RINvNtCs1_4core3ptr13drop_in_placeNtCs2_6orders4ItemECs2_6orders",
                "core",
            ),
            // `impl serde::Serialize for Vec<T>` in serde.
            (
                "_RNvXs5_NtCs1_5serde3serINtNtCs2_5alloc3vec3VechENtB5_9Serialize9serialize",
                "serde",
            ),
            ("_RNvMNtCs1_6orders3apiNtB2_3Api3get", "orders"),
            ("_RNvC8_1orders_4main", "1orders_"),
        ] {
            assert_eq!(of_impl(symbol), Some(name), "{symbol}");
        }
        // `<orders::main::{closure} as FnOnce>::call_once`: the compiler has made the `impl`.
        assert_eq!(
            of_impl(
                "_RNSNvYNCNvCs1_6orders4main0INtNtNtCs2_4core3ops8function6FnOnceuE9call_once6vtableB4_"
            ),
            None
        );
        assert_owner("_RNvNtCsabc_6orders3api3get", "orders", "orders::api::get");
    }

    #[test]
    fn other_languages_and_numbered_data_are_told_apart() {
        assert_owner("memcpy", "other languages", "memcpy");
        // A method of C++ has no hash.
        assert_owner("_ZN3foo3barEv", "other languages", "_ZN3foo3barEv");
        assert_owner("rust_eh_personality", "std", "rust_eh_personality");
        for numbered in [
            "anon.0a1b.5.llvm.77",
            ".L__unnamed_1",
            "$d.4",
            "vtable.3",
            "",
        ] {
            assert_eq!(owner(numbered), None, "{numbered}");
        }
    }

    #[test]
    fn a_path_without_end_is_cut() {
        let long = format!("_ZN4main{}17h0123456789abcdefE", "8abcdefgh".repeat(1000));
        let path = owner(&long).unwrap().symbol.unwrap();
        assert!(path.starts_with("main::abcdefgh::") && path.ends_with('…'));
        assert!(path.len() < LONGEST + 8, "{}", path.len());
    }
}
