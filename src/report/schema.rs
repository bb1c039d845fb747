//! The JSON Schema of the report.

/// The schema, which a test makes from the types of the report.
pub(crate) const SCHEMA: &str = include_str!("../../docs/report.schema.json");

/// Holds the schema `written` of a document, which is in `docs/FILE`, against the type of the
/// document. `test` is the filter for the test that calls this.
#[cfg(test)]
#[track_caller]
pub(crate) fn assert_schema<T: schemars::JsonSchema>(
    file: &str,
    title: &str,
    written: &str,
    test: &str,
) {
    use schemars::Schema;
    use schemars::generate::SchemaSettings;
    use schemars::transform::RecursiveTransform;
    use serde_json::Value;

    const FOLDER: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/raw/main/docs");

    /// Descriptions are the documentation of Rust types, where `null` is `None`.
    fn in_words_of_json(schema: &mut Schema) {
        let Some(Value::String(text)) = schema.get_mut("description") else {
            return;
        };
        *text = text.replace("`None`", "`null`").replace('\n', " ");
    }

    let settings = SchemaSettings::draft2020_12().for_serialize();
    let settings = settings.with_transform(RecursiveTransform(in_words_of_json));
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("$id".to_owned(), format!("{FOLDER}/{file}").into());
    schema.insert("title".to_owned(), title.into());
    let expected = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
    if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
        let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
        fs_err::write(docs.join(file), expected).unwrap();
        return;
    }
    assert_eq!(
        written, expected,
        "docs/{file} is out of date; regenerate it with\n    UPDATE_DOCS=1 cargo test --lib {test}\n"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Report;

    #[test]
    fn the_schema_in_the_documentation_is_that_of_the_types() {
        let title = "Report of cargo lambda-zip";
        assert_schema::<Report>("report.schema.json", title, SCHEMA, "report::schema");
    }
}
