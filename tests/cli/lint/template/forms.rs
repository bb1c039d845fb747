//! The forms that CloudFormation and SAM require.

use super::{assert_fits, check, folder, results, sam};

/// A SAM template of one function, whose parts are replaced.
fn template() -> String {
    sam("Runtime: provided.al2023\nArchitectures: [arm64]\nCodeUri: arm.zip")
}

#[track_caller]
fn assert_refused(template: &str, message: &str) {
    let folder = folder();
    let (lints, _) = results(&folder, template);
    assert!(
        lints.iter().any(|lint| lint == "template-mismatch"),
        "{template}"
    );
    check(&folder, template).exits(1).says(message);
}

#[test]
fn a_resource_depends_on_others_by_their_names() {
    let with = |others: &str| {
        template().replace(
            "    Properties",
            &format!("    DependsOn: {others}\n    Properties"),
        )
    };
    for wrong in [
        "{a: b}",
        "[{a: b}]",
        "[[Orders]]",
        "!Ref Orders",
        "",
        "[null]",
    ] {
        let why = "has a `DependsOn` that is not the name of a resource: CloudFormation refuses";
        assert_refused(&with(wrong), why);
    }
    assert_refused(
        &with("3"),
        "refers to `3`, which is no resource of the template",
    );
    for own in ["Orders", "[Orders]"] {
        assert_refused(&with(own), "`Orders` in template.yaml:5 depends on itself");
    }
    let topic = "  Topic: {Type: 'AWS::SNS::Topic'}\n";
    for right in ["Topic", "[Topic]", "[]"] {
        assert_fits(&folder(), &format!("{}{topic}", with(right)));
    }
}

#[test]
fn a_resource_is_a_map_with_a_type_and_properties() {
    let kind = |kind: &str| template().replace("AWS::Serverless::Function", kind);
    for wrong in ["3", "[x]", "{a: b}", "!Ref Kind", ""] {
        assert_refused(&kind(wrong), "has no type of CloudFormation as `Type`");
    }
    for (wrong, right) in [
        ("AWS::Serverless::Functoin", "AWS::Serverless::Function"),
        ("AWS::Lambda::Functions", "AWS::Lambda::Function"),
        ("AWS::Lambda::Layerversion", "AWS::Lambda::LayerVersion"),
    ] {
        assert_refused(&kind(wrong), "which does not exist: CloudFormation refuses");
        assert_refused(&kind(wrong), &format!("help: write `Type: {right}`"));
    }
    let head = "Resources:\n  Topic: {Type: 'AWS::SNS::Topic'}\n  Orders: ";
    for wrong in ["[a]", "x", ""] {
        assert_refused(&format!("{head}{wrong}\n"), "is not a map");
    }
    assert_refused(&format!("{head}{{Properties: {{}}}}\n"), "as `Type`");
    for wrong in ["[a]", "x", ""] {
        let function = format!("{{Type: 'AWS::Lambda::Function', Properties: {wrong}}}");
        assert_refused(&format!("{head}{function}\n"), "has no map as `Properties`");
    }
}

#[test]
fn a_property_has_its_form() {
    for (property, form) in [
        ("Handler: {a: b}", "no text as `Handler`"),
        ("Runtime: [a]", "no text as `Runtime`"),
        ("PackageType: [Zip]", "no text as `PackageType`"),
        ("Architectures: {a: b}", "no list as `Architectures`"),
        (
            "Architectures: [{a: b}]",
            "no list of texts as `Architectures`",
        ),
        ("Layers: [{a: b}]", "no list of texts as `Layers`"),
        ("Layers: [[a]]", "no list of texts as `Layers`"),
        ("Layers:", "no value for `Layers`"),
        ("Architectures:", "no value for `Architectures`"),
        (
            "Architecture: [arm64]",
            "the property `Architecture`, which does not exist",
        ),
        (
            "handler: bootstrap",
            "the property `handler`, which does not exist",
        ),
        (
            "CodeUri: [arm.zip]",
            "neither a path nor `Bucket` and `Key` as `CodeUri`",
        ),
        (
            "CodeUri: {Bucket: b}",
            "neither a path nor `Bucket` and `Key` as `CodeUri`",
        ),
        (
            "CodeUri: {S3Bucket: b, S3Key: k}",
            "neither a path nor `Bucket` and `Key`",
        ),
    ] {
        let (name, _) = property.split_once(':').unwrap();
        let lines: Vec<String> = template()
            .lines()
            .filter(|line| !line.trim().starts_with(&format!("{name}:")))
            .map(str::to_owned)
            .collect();
        let template = format!("{}\n      {property}\n", lines.join("\n"));
        assert_refused(&template, &format!("has {form}"));
    }
    let of_cloudformation = |code: &str, role: &str| {
        format!(
            "Resources:\n  Orders:\n    Type: AWS::Lambda::Function\n    Properties: {{Code: {code}, \
             Handler: bootstrap, Runtime: provided.al2023, Architectures: [arm64]{role}}}\n"
        )
    };
    for wrong in ["{}", "{S3Bucket: b}", "{Bucket: b, Key: k}"] {
        let template = of_cloudformation(wrong, ", Role: r");
        assert_refused(
            &template,
            "neither a path nor `S3Bucket` and `S3Key` as `Code`",
        );
    }
    assert_fits(&folder(), &of_cloudformation("arm.zip", ", Role: r"));
    let template = of_cloudformation("arm.zip", "");
    assert_refused(&template, "has no `Role`, which CloudFormation requires");
}

#[test]
fn a_zip_needs_a_handler_and_a_runtime_wherever_it_is() {
    for code in ["CodeUri: s3://bucket/x.zip", "InlineCode: x"] {
        let template = sam(&format!("{code}\nRuntime: nodejs22.x"));
        assert_refused(
            &template.replace("Handler: bootstrap", "Timeout: 3"),
            "has no `Handler`, which Lambda requires of a zip",
        );
        assert_refused(
            &sam(code),
            "has no `Runtime`, which Lambda requires of a zip",
        );
    }
    let global = sam("CodeUri: s3://bucket/x.zip").replace(
        "Resources:",
        "Globals: {Function: {Runtime: nodejs22.x}}\nResources:",
    );
    check(&folder(), &global).exits(0).says("its code is in S3");
}

#[test]
fn globals_have_the_sections_and_properties_of_sam() {
    let with = |globals: &str| format!("Globals: {globals}\n{}", template());
    for wrong in ["[a]", "x", "", "{}"] {
        assert_refused(&with(wrong), "is not a map with a section: SAM refuses");
    }
    for (wrong, why) in [
        (
            "{Functions: {Timeout: 3}}",
            "the section `Functions`, which does not exist",
        ),
        ("{Function: [a]}", "no map as `Function`"),
        ("{Function: }", "no map as `Function`"),
        (
            "{Function: {FunctionName: x}}",
            "`FunctionName` for functions",
        ),
        (
            "{Function: {PackageType: Zip}}",
            "`PackageType` for functions",
        ),
        (
            "{Function: {Layer: [x]}}",
            "the property `Layer`, which does not exist",
        ),
    ] {
        assert_refused(&with(wrong), &format!("has {why}"));
    }
    let right =
        "{Function: {Timeout: 3, Tags: {a: b}}, Api: {Name: x}, HttpApi: {FailOnWarnings: true}}";
    assert_fits(&folder(), &with(right));
}
