//! The README, CONTRIBUTING and `docs`: what they show is so.

#[cfg(unix)] // the commands are lines of a shell
mod commands;
mod contents;
#[cfg(unix)] // the commands are lines of a shell
mod workflow;

use std::path::Path;

use fs_err as fs;

/// A file of the documentation.
struct Page {
    path: String,
    text: String,
}

/// A fenced block of code.
struct Block {
    place: String,
    language: String,
    code: String,
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<Page> {
    let docs = ["docs", "docs/deploy"].into_iter().flat_map(|folder| {
        let entries = fs::read_dir(repository().join(folder)).unwrap();
        entries.map(move |entry| {
            let name = entry.unwrap().file_name();
            format!("{folder}/{}", name.to_str().unwrap())
        })
    });
    let mut paths: Vec<String> = docs
        .filter(|path| Path::new(path).extension().is_some_and(|end| end == "md"))
        .collect();
    paths.extend(["README.md".to_owned(), "CONTRIBUTING.md".to_owned()]);
    paths.sort();
    let read = |path: String| {
        let text = fs::read_to_string(repository().join(&path)).unwrap();
        Page { path, text }
    };
    paths.into_iter().map(read).collect()
}

fn page(path: &str) -> String {
    fs::read_to_string(repository().join(path)).unwrap()
}

fn blocks() -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for page in pages() {
        let mut is_open = false;
        for (number, line) in page.text.lines().enumerate() {
            match line.strip_prefix("```") {
                Some(language) if !is_open => blocks.push(Block {
                    place: format!("{}:{}", page.path, number + 1),
                    language: language.to_owned(),
                    code: String::new(),
                }),
                None if is_open => {
                    let block = blocks.last_mut().unwrap();
                    block.code.extend([line, "\n"]);
                    continue;
                }
                None => continue,
                Some(_) => {}
            }
            is_open = !is_open;
        }
        assert!(!is_open, "{} ends in a block of code", page.path);
    }
    blocks
}

/// The block of code that contains `text`.
fn block(text: &str) -> String {
    let mut found = blocks()
        .into_iter()
        .filter(|block| block.code.contains(text));
    found.next().unwrap().code
}

impl Block {
    /// The commands in it, for a shell: each with the lines that continue it.
    fn commands(&self) -> Vec<String> {
        let code = match &*self.language {
            "sh" => self.code.clone(),
            // What follows a `$` is typed, the rest is printed.
            "console" => lines(&self.code, "$ "),
            // The same commands, to a POSIX shell.
            "powershell" => self.code.replace("`\n", "\\\n").replace("$Env:", "$"),
            "make" => lines(&self.code, "\t").replace("$(ARTIFACTS_DIR)", "artifacts"),
            _ => String::new(),
        };
        let joined = code.replace("\\\n", "");
        let commands = joined.lines().filter(|line| !line.trim().is_empty());
        commands.map(str::to_owned).collect()
    }
}

/// The lines that begin with `prefix`, without it.
fn lines(code: &str, prefix: &str) -> String {
    let lines = code.lines().filter_map(|line| line.strip_prefix(prefix));
    lines.flat_map(|line| [line, "\n"]).collect()
}
