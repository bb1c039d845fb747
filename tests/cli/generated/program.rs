//! A binary or an example of a generated package.

use super::random::Random;

#[derive(Clone)]
pub(super) struct Program {
    pub(super) name: String,
    pub(super) is_example: bool,
    pub(super) required: Vec<String>,
    pub(super) skip: bool,
    pub(super) is_extension: bool,
    has_cpu: bool,
    /// The compiler refuses it.
    pub(super) is_broken: bool,
    /// Distinguishes one text of the program from another.
    pub(super) mark: u32,
}

impl Program {
    pub(super) fn random(
        random: &mut Random,
        name: String,
        is_example: bool,
        required: &[String],
        is_skipped: bool,
    ) -> Self {
        let skip = random.one_in(6);
        let required = if random.one_in(2) {
            random.some(required, 3)
        } else {
            Vec::new()
        };
        let is_extension = random.one_in(6);
        // Cargo counts the features that dependencies for any target of one build turn on, and a
        // CPU makes it two builds. The tool says which binary is left out because of that.
        let has_cpu = random.one_in(6) && required.is_empty();
        Self {
            name,
            is_example,
            required,
            skip,
            is_extension,
            has_cpu,
            // Cargo would build what is skipped.
            is_broken: !skip && !is_skipped && random.one_in(40),
            mark: 1,
        }
    }

    pub(super) fn path(&self, package: &str) -> String {
        match self {
            Self {
                is_example: true,
                name,
                ..
            } => format!("examples/{name}.rs"),
            Self { name, .. } if name == package => "src/main.rs".to_owned(),
            Self { name, .. } => format!("src/bin/{name}.rs"),
        }
    }

    /// None if Cargo finds it by its path.
    pub(super) fn table(&self, package: &str) -> String {
        if self.required.is_empty() {
            return String::new();
        }
        let kind = if self.is_example { "example" } else { "bin" };
        format!(
            "[[{kind}]]\nname = \"{}\"\npath = \"{}\"\nrequired-features = {:?}\n",
            self.name,
            self.path(package),
            self.required
        )
    }

    pub(super) fn settings(&self) -> String {
        let mut table = format!("[package.metadata.lambda-zip.bin.{}]\n", self.name);
        if self.skip {
            table.push_str("skip = true\n");
        }
        if self.is_extension {
            table.push_str("kind = \"extension\"\n");
        }
        if self.has_cpu {
            table.push_str("cpu = \"lambda\"\n");
        }
        table
    }

    /// The path of the program in its zip.
    pub(super) fn entry(&self) -> String {
        if self.is_extension {
            format!("extensions/{}", self.name)
        } else {
            "bootstrap".to_owned()
        }
    }
}

/// The text of a source file.
pub(super) fn source(mark: u32) -> String {
    format!("// mark: {mark}\nfn main() {{}}\n")
}
