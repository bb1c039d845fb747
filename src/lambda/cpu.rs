//! The CPU to compile for, by architecture.

use std::str::FromStr;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::target::Architecture;

/// A CPU, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Cpu {
    /// The oldest CPU that Lambda runs functions on.
    Lambda,
    /// The CPU that the Rust target assumes.
    Generic,
    /// A CPU by its name in rustc.
    Named(String),
}

impl Cpu {
    /// Its name in rustc; `None` for the CPU that rustc assumes by default.
    ///
    /// Sources: the Lambda developer guide says that arm64 functions run on Graviton2 or newer,
    /// whose cores are Neoverse N1, and that x86_64 functions may use AVX2, which all x86-64-v3
    /// processors have.
    pub(crate) fn rustc_name(&self, architecture: Architecture) -> Option<&str> {
        match (self, architecture) {
            (Self::Lambda, Architecture::X86_64) => Some("x86-64-v3"),
            (Self::Lambda, Architecture::Arm64) => Some("neoverse-n1"),
            (Self::Generic, _) => None,
            (Self::Named(name), _) => Some(name),
        }
    }
}

impl FromStr for Cpu {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "lambda" => Ok(Self::Lambda),
            "generic" => Ok(Self::Generic),
            // The CPU of the machine that builds, and not of Lambda.
            "native" => Err("the CPU `native` is that of this machine, not of Lambda; \
                             use `lambda`"
                .to_owned()),
            _ if is_name(name) => Ok(Self::Named(name.to_owned())),
            _ => Err(format!("`{name}` is not the name of a CPU; use `lambda`")),
        }
    }
}

/// `true` for a name that can be a file name and a flag.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(plain)
}

/// The chosen CPU of each architecture.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cpus {
    x86_64: Option<Cpu>,
    arm64: Option<Cpu>,
}

impl Cpus {
    /// The CPU for `architecture`.
    pub(crate) fn get(&self, architecture: Architecture) -> Option<&Cpu> {
        match architecture {
            Architecture::X86_64 => self.x86_64.as_ref(),
            Architecture::Arm64 => self.arm64.as_ref(),
        }
    }

    fn set(&mut self, architecture: Architecture, cpu: Cpu) {
        match architecture {
            Architecture::X86_64 => self.x86_64 = Some(cpu),
            Architecture::Arm64 => self.arm64 = Some(cpu),
        }
    }

    fn of_both(cpu: Cpu) -> Self {
        Self {
            x86_64: Some(cpu.clone()),
            arm64: Some(cpu),
        }
    }

    /// These CPUs, with gaps filled from `lower`.
    pub(crate) fn or(self, lower: Self) -> Self {
        Self {
            x86_64: self.x86_64.or(lower.x86_64),
            arm64: self.arm64.or(lower.arm64),
        }
    }
}

impl FromStr for Cpus {
    type Err = String;

    /// Reads `NAME`, or `ARCH=NAME`.
    fn from_str(text: &str) -> Result<Self, String> {
        let Some((architecture, cpu)) = text.split_once('=') else {
            return Ok(Self::of_both(text.parse()?));
        };
        let mut cpus = Self::default();
        cpus.set(architecture.parse()?, cpu.parse()?);
        Ok(cpus)
    }
}

impl<'de> Deserialize<'de> for Cpus {
    /// `cpu = "lambda"`, or `cpu = { arm64 = "neoverse-n1" }`.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct CpusVisitor;

        impl<'de> Visitor<'de> for CpusVisitor {
            type Value = Cpus;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("the name of a CPU, or a table of architecture = name")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Cpus, E> {
                name.parse().map(Cpus::of_both).map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cpus, A::Error> {
                let mut cpus = Cpus::default();
                while let Some((architecture, cpu)) = map.next_entry::<Architecture, Cpu>()? {
                    cpus.set(architecture, cpu);
                }
                Ok(cpus)
            }
        }

        deserializer.deserialize_any(CpusVisitor)
    }
}

crate::text::deserialize_from_str!(Cpu);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambda_means_the_oldest_processor_of_each_architecture() {
        let cpus: Cpus = "lambda".parse().unwrap();
        let name = |architecture| {
            cpus.get(architecture)
                .and_then(|cpu| cpu.rustc_name(architecture))
        };
        assert_eq!(name(Architecture::X86_64), Some("x86-64-v3"));
        assert_eq!(name(Architecture::Arm64), Some("neoverse-n1"));
    }

    #[test]
    fn each_architecture_may_have_its_own() {
        let [both, arm] = ["lambda", "arm64=neoverse-v1"].map(|text| text.parse::<Cpus>().unwrap());
        let cpus = arm.or(both);
        let arm = Cpu::Named("neoverse-v1".to_owned());
        assert_eq!(cpus.get(Architecture::Arm64), Some(&arm));
        assert_eq!(cpus.get(Architecture::X86_64), Some(&Cpu::Lambda));
    }

    #[test]
    fn the_builders_own_cpu_and_paths_are_no_names() {
        for name in ["native", "", "../x", "a b", "arm65=lambda", "arm64="] {
            assert!(name.parse::<Cpus>().is_err(), "{name}");
        }
    }
}
