//! A share of the packages of a workspace, for one of several machines.

use std::fmt;
use std::str::FromStr;

/// One of several shares. A package stays in its share if other packages are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Partition {
    /// From 1.
    number: u32,
    of: u32,
}

impl Partition {
    /// The number of all partitions.
    pub(crate) fn of(self) -> u32 {
        self.of
    }

    /// All partitions, this one among them.
    pub(crate) fn all(self) -> impl Iterator<Item = Self> {
        let Self { of, .. } = self;
        (1..=of).map(move |number| Self { number, of })
    }

    /// True if the binary or layer `name` of the Cargo package `package` is in this share, with all
    /// its architectures. A layer of the workspace has no package.
    pub(crate) fn has(self, package: Option<&str>, name: &str) -> bool {
        let mut hash = blake3::Hasher::new();
        hash.update(package.unwrap_or_default().as_bytes());
        hash.update(b"\0");
        hash.update(name.as_bytes());
        let [a, b, c, d, ..] = *hash.finalize().as_bytes();
        u32::from_le_bytes([a, b, c, d]) % self.of == self.number - 1
    }
}

impl FromStr for Partition {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/');
        let numbers = parts.and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if 1 <= number && number <= of => Ok(Self { number, of }),
            _ => Err(format!(
                "`{text}` is not a partition: name one of several, from `1/8` to `8/8`"
            )),
        }
    }
}

impl fmt::Display for Partition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_binary_is_in_one_partition_and_stays_there() {
        let partitions: Vec<Partition> =
            (1..=4).map(|number| Partition { number, of: 4 }).collect();
        let mut sizes = [0; 4];
        for n in 0..400 {
            let name = format!("function-{n}");
            let has = |partition: &&Partition| partition.has(Some("shop"), &name);
            let found: Vec<&Partition> = partitions.iter().filter(has).collect();
            let [one] = found[..] else {
                panic!("{name} is in {found:?}")
            };
            sizes[one.number as usize - 1] += 1;
        }
        assert!(
            sizes.iter().all(|size| (70..130).contains(size)),
            "{sizes:?}"
        );
        // Another order of the bytes would move every package of every user.
        let known: Partition = "1/2".parse().unwrap();
        assert_eq!(
            ["orders", "refunds", "stock"].map(|name| known.has(Some("shop"), name)),
            [false, false, true]
        );
    }

    #[test]
    fn a_partition_is_one_of_several() {
        for wrong in ["0/8", "9/8", "x/y", "1", "1/0", "-1/2", "1/2/3", ""] {
            assert!(wrong.parse::<Partition>().is_err(), "{wrong}");
        }
        assert_eq!("2/8".parse::<Partition>().unwrap().to_string(), "2/8");
    }
}
