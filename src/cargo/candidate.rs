//! Binaries and examples of the workspace.

use cargo_metadata::{CrateType, Package, PackageId, Target, TargetKind};

/// A binary or example of a selected package that fits the target selection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) package: &'a Package,
    pub(crate) target: &'a Target,
    /// True if its required features are enabled, as far as the manifest tells.
    pub(crate) expected: bool,
}

/// The name of a binary or example, unique in a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct BinaryId {
    pub(crate) package: PackageId,
    pub(crate) name: String,
    pub(crate) example: bool,
}

impl Candidate<'_> {
    pub(crate) fn id(&self) -> BinaryId {
        BinaryId {
            package: self.package.id.clone(),
            name: self.target.name.clone(),
            example: is_example(self.target),
        }
    }

    /// True if its required features are enabled, whatever Cargo makes of dependencies.
    pub(crate) fn is_certain(&self) -> bool {
        self.expected && !self.requires_dependencies()
    }

    /// True if required features are off, whatever Cargo makes of other packages: none of the
    /// `members` of the workspace depends on this one, and no feature is that of a dependency.
    pub(super) fn is_off(&self, members: &[&Package]) -> bool {
        let name = self.package.name.as_str();
        let mut dependencies = members.iter().flat_map(|member| &member.dependencies);
        !self.expected
            && !self.requires_dependencies()
            && dependencies.all(|dependency| dependency.name != name)
    }

    /// True if it requires a feature of a dependency, which may be for some targets only.
    fn requires_dependencies(&self) -> bool {
        let mut required = self.target.required_features.iter();
        required.any(|feature| feature.contains('/'))
    }

    /// True if both are the same binary or example.
    pub(crate) fn is(self, other: Candidate<'_>) -> bool {
        let name = |c: Candidate<'_>| (is_example(c.target), c.target.name.clone());
        self.package.id == other.package.id && name(self) == name(other)
    }
}

/// The binaries and examples of `packages`, all of which are expected to be built.
pub(crate) fn executables<'a>(packages: &[&'a Package]) -> impl Iterator<Item = Candidate<'a>> {
    let targets = packages
        .iter()
        .flat_map(|package| package.targets.iter().map(move |target| (*package, target)));
    let executables = targets.filter(|(_, target)| is_executable(target));
    executables.map(|(package, target)| Candidate {
        package,
        target,
        expected: true,
    })
}

/// True if a target is an example, and not a binary.
pub(crate) fn is_example(target: &Target) -> bool {
    target.kind.contains(&TargetKind::Example)
}

/// True if a target becomes an executable.
pub(crate) fn is_executable(target: &Target) -> bool {
    target.kind.contains(&TargetKind::Bin)
        || (is_example(target) && target.crate_types.contains(&CrateType::Bin))
}
