//! Edits of a workspace.

use super::program::Program;
use super::random::Random;
use super::workspace::Workspace;

/// Changes something, and says what.
pub(super) fn edit(workspace: &mut Workspace, random: &mut Random) -> &'static str {
    let index = random.below(workspace.packages.len());
    match random.below(14) {
        0 => {
            toggle(&mut workspace.includes, "gen");
            return "the workspace's include";
        }
        1 => {
            let level = random.pick(&["fast", "default", "best"]);
            workspace.compression = Some(level);
            return "the compression";
        }
        kind @ 2..7 if !workspace.packages[index].programs.is_empty() => {
            return edit_program(workspace, index, kind, random);
        }
        _ => {}
    }
    let package = &mut workspace.packages[index];
    match random.below(8) {
        0 => {
            package.mark += 1;
            "the library"
        }
        1 => {
            package.input = package.input.map_or(Some(1), |input| Some(input + 1));
            "the input of the build script"
        }
        2 => {
            package.input = match package.input {
                Some(_) => None,
                None => Some(1),
            };
            "the build script"
        }
        3 => {
            let size = package.data.values().map(String::len).sum::<usize>();
            package
                .data
                .insert("a.txt".to_owned(), format!("edit {size}"));
            "an included file"
        }
        4 => {
            if package.data.remove("b.txt").is_none() {
                package.data.insert("b.txt".to_owned(), "new".to_owned());
            }
            "the list of included files"
        }
        5 => {
            toggle(&mut package.includes, "data");
            "the package's include"
        }
        6 => {
            let all: Vec<String> = package.features.keys().cloned().collect();
            let features = all
                .into_iter()
                .filter(|name| name != "default")
                .collect::<Vec<_>>();
            let features = random.some(&features, 2);
            package.features.insert("default".to_owned(), features);
            "the default features"
        }
        _ => {
            let number = package.programs.len();
            let name = format!("{}-new-{number}", package.name);
            let skip = package.skip;
            if package.programs.iter().all(|program| program.name != name) {
                package
                    .programs
                    .push(Program::random(random, name, false, &[], skip));
            }
            "a new program"
        }
    }
}

fn edit_program(
    workspace: &mut Workspace,
    index: usize,
    kind: usize,
    random: &mut Random,
) -> &'static str {
    let package = &mut workspace.packages[index];
    let number = random.below(package.programs.len());
    let program = &mut package.programs[number];
    match kind {
        2 => {
            program.mark += 1;
            "the source of a program"
        }
        3 => {
            program.skip = !program.skip;
            "a skip"
        }
        4 => {
            program.is_extension = !program.is_extension;
            "the kind of a program"
        }
        5 => {
            program.mark += 1;
            program.is_broken = !program.is_broken;
            "whether a program compiles"
        }
        _ => {
            package.programs.remove(number);
            "a program that is no more"
        }
    }
}

fn toggle(list: &mut Vec<String>, element: &str) {
    match list.iter().position(|other| other == element) {
        Some(position) => drop(list.remove(position)),
        None => list.push(element.to_owned()),
    }
}
