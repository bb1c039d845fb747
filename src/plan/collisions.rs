//! Collisions: two things that would be written to one place.

use camino::Utf8Path;

use super::package::{OutputSpec, PackagePlan};
use crate::error::{Error, Result};
use crate::paths::{Taken, lower, overlap};

/// Refuses two zips at one place, and a folder that overlaps with a zip or with another folder.
/// Names that differ only in case are one place on many systems.
pub(crate) fn check(packages: &[PackagePlan]) -> Result<()> {
    let zips = packages.iter().flat_map(|package| {
        let outputs = package.outputs.iter();
        outputs.map(move |output| Zip { package, output })
    });
    let mut taken: Taken<Zip<'_>> = Taken::default();
    for zip in zips.clone() {
        let path = zip.output.path.as_str().to_lowercase();
        if let Some((_, other)) = taken.in_the_way(&path) {
            return Err(collision(*other, zip, &zip.output.path));
        }
        taken.take(path, zip);
    }
    for zip in zips.clone() {
        for (_, path) in zip.package.debug_files(zip.output) {
            let place = path.as_str().to_lowercase();
            if let Some((_, other)) = taken.in_the_way(&place) {
                return Err(debug_file_in_the_way(&path, zip, *other));
            }
            taken.take(place, zip);
        }
    }
    check_names(&zips)?;
    for one in zips.clone() {
        let Some(folder) = &one.output.folder else {
            continue;
        };
        for other in zips.clone() {
            let is_same = std::ptr::eq(one.output, other.output);
            let other_folder = other.output.folder.iter().filter(|_| !is_same);
            let mut written = std::iter::once(&other.output.path).chain(other_folder);
            if let Some(path) = written.find(|path| overlap(folder, path)) {
                return Err(shared_folder(folder, one, path, other));
            }
        }
    }
    Ok(())
}

/// Refuses two functions, or two layers, that the key `name` gives one name to deploy as: one would
/// replace the other. Equal names of binaries are no mistake here, since not all are deployed.
fn check_names<'a>(zips: &(impl Iterator<Item = Zip<'a>> + Clone)) -> Result<()> {
    let is_named = |zip: &Zip<'_>| zip.package.settings.name.is_some();
    let key = |zip: Zip<'a>| (zip.package.kind.mount_point(), &zip.output.deploy_name);
    for one in zips.clone().filter(is_named) {
        let is_clash =
            |zip: &Zip<'a>| !std::ptr::eq(zip.package, one.package) && key(*zip) == key(one);
        if let Some(other) = zips.clone().find(is_clash) {
            return Err(Error::usage(
                format!(
                    "{} and {} would be deployed as `{}`",
                    one.package.described(one.output),
                    other.package.described(other.output),
                    one.output.deploy_name
                ),
                "give each a `name` of its own, in `[package.metadata.lambda-zip.bin.NAME]`",
            ));
        }
    }
    Ok(())
}

fn debug_file_in_the_way(path: &Utf8Path, one: Zip<'_>, other: Zip<'_>) -> Error {
    Error::usage(
        format!(
            "the debug file `{path}` of {} would be in the place of a file of {}",
            one.package.described(one.output),
            other.package.described(other.output)
        ),
        "give the zips other names, for instance `--output 'dist/{package}-{bin}-{arch}.zip'`",
    )
}

fn shared_folder(folder: &Utf8Path, one: Zip<'_>, path: &Utf8Path, other: Zip<'_>) -> Error {
    let owner = one.package.described(one.output);
    if std::ptr::eq(one.output, other.output) {
        return Error::usage(
            format!("the zip `{path}` and the folder `{folder}` of {owner} would be in one place"),
            "write one of them elsewhere, with `--folder` or `--output`",
        );
    }
    let other = other.package.described(other.output);
    let message = if lower(folder) == lower(path) {
        format!("`{folder}` would hold the files of {owner} and what is written for {other}")
    } else if lower(path).starts_with(lower(folder)) {
        format!("`{path}` of {other} would be inside the folder `{folder}` of {owner}")
    } else {
        format!("the folder `{folder}` of {owner} would be inside `{path}` of {other}")
    };
    Error::usage(
        message,
        "a folder holds one package: tell them apart with placeholders, for instance `--folder \
         'dist/{package}-{bin}-{arch}'`",
    )
}

/// One zip of a package.
#[derive(Clone, Copy)]
struct Zip<'a> {
    package: &'a PackagePlan,
    output: &'a OutputSpec,
}

fn collision(one: Zip<'_>, other: Zip<'_>, path: &Utf8Path) -> Error {
    Error::Usage {
        message: format!(
            "two zips would be written to `{path}`: {} and {}",
            one.package.described(one.output),
            other.package.described(other.output)
        ),
        help: ways_out(one, other),
    }
}

fn ways_out(one: Zip<'_>, other: Zip<'_>) -> Vec<String> {
    if let (Some(owner), Some(other_owner)) = (&one.package.owner, &other.package.owner)
        && owner != other_owner
    {
        return vec![
            "tell them apart with `--output`, for instance `--output 'dist/{package}-{bin}-{arch}.zip'`"
                .to_owned(),
            format!("build only one of them with `-p {}`", owner.name),
        ];
    }
    let way = if one.package.name == other.package.name
        && one.package.is_example() != other.package.is_example()
    {
        "build one of them at a time, with `--bin` or `--example`"
    } else if one.package.name != other.package.name {
        "use the placeholder `{bin}` in the output"
    } else if one.output.architecture == other.output.architecture {
        "use the placeholder `{target}` in the output"
    } else {
        "use the placeholder `{arch}` in the output"
    };
    vec![way.to_owned()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use crate::lambda::{Architecture, Kind};
    use crate::plan::package::Owner;

    /// A package of the Cargo package `owner` with one zip.
    fn package(owner: &str, name: &str, zip: &str, folder: Option<&str>) -> PackagePlan {
        PackagePlan {
            name: name.to_owned(),
            kind: Kind::Function,
            owner: Some(Owner {
                name: owner.to_owned(),
                version: "0.1.0".to_owned(),
            }),
            programs: Vec::new(),
            files: Vec::new(),
            unused_excludes: Vec::new(),
            awaited: Vec::new(),
            settings: Settings::skipped(),
            builder: None,
            origin: None,
            expected: true,
            is_taken: false,
            outputs: vec![OutputSpec {
                layers: Vec::new(),
                deploy_name: name.to_owned(),
                architecture: Some(Architecture::Arm64),
                target: None,
                path: zip.into(),
                folder: folder.map(Into::into),
                foreseen: Vec::new(),
            }],
        }
    }

    fn error(packages: &[PackagePlan]) -> String {
        check(packages).unwrap_err().to_string()
    }

    #[test]
    fn two_zips_at_one_place_are_refused_whatever_the_case_of_their_names() {
        let apart = [
            package("a", "x", "/o/x.zip", None),
            package("a", "y", "/o/y.zip", None),
        ];
        assert!(check(&apart).is_ok());
        let same = [
            package("a", "x", "/o/x.zip", None),
            package("b", "X", "/o/X.zip", None),
        ];
        let message = error(&same);
        assert!(
            message.contains("two zips would be written to `/o/X.zip`"),
            "{message}"
        );
        assert!(
            message.contains("package `a`") && message.contains("package `b`"),
            "{message}"
        );
    }

    #[test]
    fn a_folder_belongs_to_one_package() {
        let folder = |zip: &str, folder: &str| package("a", "x", zip, Some(folder));
        assert!(check(&[folder("/o/x.zip", "/d/x"), folder("/o/y.zip", "/d/y")]).is_ok());
        let nested = [folder("/o/x.zip", "/d"), folder("/o/y.zip", "/d/y")];
        assert!(
            error(&nested).contains("`/d/y` of the binary"),
            "{}",
            error(&nested)
        );
        assert!(error(&nested).contains("would be inside the folder `/d`"));
        let same = [folder("/o/x.zip", "/d"), folder("/o/y.zip", "/D")];
        assert!(error(&same).contains("would hold the files of"));
        let own_zip = [folder("/d/x.zip", "/d")];
        assert!(error(&own_zip).contains("the zip `/d/x.zip` and the folder `/d`"));
    }

    #[test]
    fn a_name_in_the_settings_is_that_of_one_package() {
        let mut packages = [
            package("a", "x", "/o/x.zip", None),
            package("b", "x", "/p/x.zip", None),
        ];
        assert!(check(&packages).is_ok());
        packages[1].settings.name = "x".parse().ok();
        let message = error(&packages);
        assert!(message.ends_with("would be deployed as `x`"), "{message}");
        packages[0].kind = Kind::Extension;
        assert!(check(&packages).is_ok());
    }

    #[test]
    fn the_way_out_names_the_placeholder_that_differs() {
        let same = [
            package("a", "x", "/o/f.zip", None),
            package("a", "y", "/o/f.zip", None),
        ];
        let error = check(&same).unwrap_err();
        assert_eq!(error.help(), ["use the placeholder `{bin}` in the output"]);
    }
}
