//! The instructions that Lambda's CPUs lack, by the names of CPUs and features in rustc.

use super::target::Architecture;

/// Lists of CPUs, each with the features that it has and that Lambda's CPUs lack.
///
/// Sources: the names and features are those of rustc. The Lambda developer guide documents AVX2
/// for `x86_64`, so that the list begins above Intel's first processors with AVX2 (`haswell`), with
/// AES, which all servers with AVX2 have. It says Graviton2 for `arm64`, whose cores are Neoverse
/// N1.
const X86_64: &str = include_str!("cpus/x86_64.txt");
const ARM64: &str = include_str!("cpus/arm64.txt");

/// The instructions that rustc may use, and that Lambda's CPUs lack or may lack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BeyondLambda {
    /// Those of the machine that compiles, whatever it has (`target-cpu=native`).
    Native,
    /// The sorted names of the features, and the CPU in the flags that has one of them.
    Features {
        cpu: Option<String>,
        features: Vec<&'static str>,
    },
}

/// Judges the flags of rustc for `architecture`: `-C target-cpu=NAME` and `-C target-feature=LIST`,
/// in each spelling that rustc takes. `None` if Lambda has all instructions, and for CPUs and features
/// that are not in the lists.
pub(crate) fn beyond_lambda<S: AsRef<str>>(
    architecture: Architecture,
    rustc_flags: &[S],
) -> Option<BeyondLambda> {
    let mut cpu = None;
    let mut changes = Vec::new();
    for option in codegen_options(rustc_flags) {
        let Some((name, value)) = option.split_once('=') else {
            continue;
        };
        // rustc takes `_` for `-` in names of options.
        match &*name.replace('_', "-") {
            "target-cpu" => cpu = Some(value),
            "target-feature" => changes.extend(value.split(',').map(str::trim)),
            _ => {}
        }
    }
    if cpu == Some("native") {
        return Some(BeyondLambda::Native);
    }
    let of_cpu = cpu.and_then(|cpu| beyond_of_cpu(architecture, cpu));
    let mut features = of_cpu.unwrap_or_default();
    for change in changes {
        if let Some(name) = change.strip_prefix('+') {
            features.extend(all_beyond(architecture).find(|known| *known == name));
        } else if let Some(name) = change.strip_prefix('-') {
            features.retain(|feature| !is_off_with(feature, name));
        }
    }
    features.sort_unstable();
    features.dedup();
    let is_of_cpu = |cpu: &&str| {
        let beyond = beyond_of_cpu(architecture, cpu).unwrap_or_default();
        features.iter().any(|feature| beyond.contains(feature))
    };
    let cpu = cpu.filter(is_of_cpu).map(str::to_owned);
    (!features.is_empty()).then_some(BeyondLambda::Features { cpu, features })
}

/// The options after `-C` or `--codegen`, with their values.
fn codegen_options<S: AsRef<str>>(flags: &[S]) -> impl Iterator<Item = &str> {
    let mut flags = flags.iter().map(AsRef::as_ref);
    std::iter::from_fn(move || {
        loop {
            let flag = flags.next()?;
            match flag {
                "-C" | "--codegen" => return flags.next(),
                _ => {
                    let option = flag.strip_prefix("--codegen=");
                    if let Some(option) = option.or_else(|| flag.strip_prefix("-C")) {
                        return Some(option);
                    }
                }
            }
        }
    })
}

/// True if `feature` needs the one that is turned off.
fn is_off_with(feature: &str, off: &str) -> bool {
    match off {
        "avx512f" => feature.starts_with("avx512") || feature.starts_with("avx10"),
        "sve" | "sve2" | "sme" => feature.starts_with(off),
        _ => feature == off,
    }
}

/// The lines of the list: names before the colon, and features after it.
fn lines(architecture: Architecture) -> impl Iterator<Item = (&'static str, &'static str)> {
    let list = match architecture {
        Architecture::X86_64 => X86_64,
        Architecture::Arm64 => ARM64,
    };
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(':'))
}

/// All features that rustc knows and that Lambda's CPUs lack. They are in the line `*`.
fn all_beyond(architecture: Architecture) -> impl Iterator<Item = &'static str> {
    let line = lines(architecture).find(|(names, _)| names.trim() == "*");
    line.into_iter()
        .flat_map(|(_, features)| features.split_whitespace())
}

/// The features of a CPU that Lambda's lack; `None` if the CPU is not in the list.
fn beyond_of_cpu(architecture: Architecture, cpu: &str) -> Option<Vec<&'static str>> {
    let is_it = |names: &str| names.split_whitespace().any(|name| name == cpu);
    let (_, features) = lines(architecture).find(|(names, _)| is_it(names))?;
    Some(features.split_whitespace().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const X86: Architecture = Architecture::X86_64;
    const ARM: Architecture = Architecture::Arm64;

    fn features(architecture: Architecture, flags: &[&str]) -> Vec<&'static str> {
        match beyond_lambda(architecture, flags) {
            Some(BeyondLambda::Features { features, .. }) => features,
            None => Vec::new(),
            native => panic!("{native:?}"),
        }
    }

    #[test]
    fn cpus_are_judged_by_their_instructions() {
        let of =
            |architecture, cpu: &str| features(architecture, &["-C", &format!("target-cpu={cpu}")]);
        for cpu in [
            "x86-64",
            "x86-64-v2",
            "x86-64-v3",
            "haswell",
            "ivybridge",
            "generic",
        ] {
            assert_eq!(of(X86, cpu), [""; 0], "{cpu}");
        }
        for cpu in [
            "x86-64-v4",
            "skylake-avx512",
            "icelake-server",
            "sapphirerapids",
            "znver4",
        ] {
            assert!(of(X86, cpu).contains(&"avx512f"), "{cpu}");
        }
        assert!(of(X86, "znver2").contains(&"sse4a"));
        for cpu in ["generic", "cortex-a72", "neoverse-n1", "cortex-a76"] {
            assert_eq!(of(ARM, cpu), [""; 0], "{cpu}");
        }
        for cpu in [
            "neoverse-v1",
            "neoverse-v2",
            "neoverse-n2",
            "a64fx",
            "grace",
        ] {
            assert!(of(ARM, cpu).contains(&"sve"), "{cpu}");
        }
        assert!(of(ARM, "apple-m1").contains(&"sha3"));
        // A CPU of the future is not judged.
        assert_eq!(of(X86, "znver99"), [""; 0]);
    }

    #[test]
    fn the_cpu_of_this_machine_is_never_lambdas() {
        for flags in [
            &["-Ctarget-cpu=native"][..],
            &["-C", "target-cpu=native"],
            &["--codegen", "target-cpu=native"],
            &["--codegen=target-cpu=native", "-Ctarget-feature=-avx512f"],
            &["-Ctarget_cpu=native"],
        ] {
            assert_eq!(beyond_lambda(ARM, flags), Some(BeyondLambda::Native));
        }
        // The last one counts.
        let later = ["-Ctarget-cpu=native", "-Ctarget-cpu=x86-64-v3"];
        assert_eq!(beyond_lambda(X86, &later), None);
    }

    #[test]
    fn features_are_judged_with_their_signs() {
        let of = |list: &str| features(X86, &[&format!("-Ctarget-feature={list}")]);
        assert_eq!(of("+avx2,+bmi2,+fma,+aes,+pclmulqdq,+crt-static"), [""; 0]);
        assert_eq!(of("+avx512f,-sse4a,+gfni"), ["avx512f", "gfni"]);
        assert_eq!(of("+avx512f,-avx512f"), [""; 0]);
        assert_eq!(
            features(ARM, &["-Ctarget-feature=+lse,+sve2,+crc"]),
            ["sve2"]
        );
        // The features of a CPU may be turned off.
        let without = ["-Ctarget-cpu=x86-64-v4", "-Ctarget-feature=-avx512f"];
        assert_eq!(beyond_lambda(X86, &without), None);
        let cpu = |flags: &[&str]| match beyond_lambda(X86, flags) {
            Some(BeyondLambda::Features { cpu, .. }) => cpu,
            other => panic!("{other:?}"),
        };
        let both = ["-Ctarget-cpu=haswell", "-Ctarget-feature=+avx512f"];
        assert_eq!(cpu(&both), None);
        assert_eq!(cpu(&["-Ctarget-cpu=znver4"]).as_deref(), Some("znver4"));
    }

    #[test]
    fn every_line_of_the_lists_is_whole() {
        for architecture in [X86, ARM] {
            let all: Vec<&str> = all_beyond(architecture).collect();
            assert!(all.len() > 40 && all.is_sorted());
            assert!(lines(architecture).count() > 20);
            for (names, features) in lines(architecture) {
                assert!(!names.trim().is_empty());
                let features: Vec<&str> = features.split_whitespace().collect();
                assert!(
                    features.iter().all(|feature| all.contains(feature)),
                    "{names}"
                );
            }
        }
    }
}
