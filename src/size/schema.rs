//! The JSON Schema of the document of `size`.

/// The schema, which a test makes from the types of the document.
pub(crate) const SCHEMA: &str = include_str!("../../docs/size.schema.json");

#[cfg(test)]
mod tests {
    use super::SCHEMA;
    use crate::report::assert_schema;
    use crate::size::Document;

    #[test]
    fn the_schema_in_the_documentation_is_that_of_the_types() {
        assert_schema::<Document>(
            "size.schema.json",
            "Sizes of cargo lambda-zip",
            SCHEMA,
            "size::schema",
        );
    }
}
