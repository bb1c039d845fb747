//! A kind of secret, as one row of a table.

/// A kind of secret and how it is found. A kind is added as a row in [`files`](crate::inspect::secret::files) or
/// [`tokens`](crate::inspect::secret::tokens).
#[derive(Clone, Copy)]
pub(super) struct Rule {
    /// The kind in plain words, with its article.
    pub(super) what: &'static str,
    /// Globs of the paths it is looked for in, in lower case; every file if there are none.
    pub(super) paths: &'static [&'static str],
    /// Glob of the file names it is not looked for in, in lower case.
    pub(super) except: Option<&'static str>,
    /// Texts of which one is in every file with such a secret: they are found fast, and save the
    /// search for the pattern. Without any, the pattern is searched for in every file of `paths`.
    pub(super) keywords: &'static [&'static str],
    /// Regular expression of the secret, or of its first capture group; `None` if the whole file
    /// is secret.
    pub(super) pattern: Option<&'static str>,
    /// Regular expressions of what else has to be in the text. What one captures has to look
    /// random.
    pub(super) beside: &'static [&'static str],
    /// Shannon entropy that the secret has at least, in bits per character. With zero, it only has
    /// to be something else than a placeholder.
    pub(super) entropy: f64,
    /// Decides, by the text after the match, whether it is a secret.
    pub(super) continues: Option<fn(&[u8]) -> bool>,
}

impl Rule {
    const EMPTY: Self = Self {
        what: "",
        paths: &[],
        except: None,
        keywords: &[],
        pattern: None,
        beside: &[],
        entropy: 0.0,
        continues: None,
    };

    /// A secret that is known by its own text, in any file.
    pub(super) const fn token(
        what: &'static str,
        keywords: &'static [&'static str],
        pattern: &'static str,
        entropy: f64,
    ) -> Self {
        Self {
            what,
            keywords,
            pattern: Some(pattern),
            entropy,
            ..Self::EMPTY
        }
    }

    /// A secret in a file that is known by its path.
    pub(super) const fn file(
        what: &'static str,
        paths: &'static [&'static str],
        pattern: Option<&'static str>,
    ) -> Self {
        Self {
            what,
            paths,
            pattern,
            ..Self::EMPTY
        }
    }

    pub(super) const fn within(self, paths: &'static [&'static str]) -> Self {
        Self { paths, ..self }
    }

    pub(super) const fn except(self, glob: &'static str) -> Self {
        Self {
            except: Some(glob),
            ..self
        }
    }

    pub(super) const fn beside(self, beside: &'static [&'static str]) -> Self {
        Self { beside, ..self }
    }

    pub(super) const fn continues(self, decide: fn(&[u8]) -> bool) -> Self {
        Self {
            continues: Some(decide),
            ..self
        }
    }
}
