//! The JSON Schema of the report.

/// The schema, which a test makes from the types of the report.
pub(crate) const SCHEMA: &str = include_str!("../../docs/report.schema.json");

#[cfg(test)]
mod tests {
    use std::path::Path;

    use fs_err as fs;
    use schemars::Schema;
    use schemars::generate::SchemaSettings;
    use schemars::transform::RecursiveTransform;
    use serde_json::Value;

    use super::SCHEMA;
    use crate::report::model::Report;

    const ID: &str = concat!(
        env!("CARGO_PKG_REPOSITORY"),
        "/raw/main/docs/report.schema.json"
    );

    /// Descriptions are the documentation of Rust types, where `null` is `None`.
    fn in_words_of_json(schema: &mut Schema) {
        let Some(Value::String(text)) = schema.get_mut("description") else {
            return;
        };
        *text = text.replace("`None`", "`null`").replace('\n', " ");
    }

    #[test]
    fn the_schema_in_the_documentation_is_that_of_the_types() {
        let settings = SchemaSettings::draft2020_12().for_serialize();
        let settings = settings.with_transform(RecursiveTransform(in_words_of_json));
        let mut schema = settings.into_generator().into_root_schema_for::<Report>();
        schema.insert("$id".to_owned(), ID.into());
        schema.insert("title".to_owned(), "Report of cargo lambda-zip".into());
        let expected = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
        if std::env::var_os("UPDATE_DOCS").is_some_and(|value| value == "1") {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json");
            fs::write(path, expected).unwrap();
            return;
        }
        assert_eq!(
            SCHEMA, expected,
            "docs/report.schema.json is out of date; regenerate it with\n    \
             UPDATE_DOCS=1 cargo test --lib report::schema\n"
        );
    }
}
