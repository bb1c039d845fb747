//! Templates and zips that cannot be read, and code that is not a zip here.

use super::{assert_unchecked, check, folder, in_format, report, sam};

#[test]
fn code_that_is_no_zip_here_is_listed() {
    let folder = folder();
    folder.write("source/main.rs", "");
    let with = |code: &str| sam(&format!("Runtime: provided.al2023\n{code}"));
    for (code, reason) in [
        ("CodeUri: source", "a folder"),
        ("CodeUri: s3://bucket/orders.zip", "in S3"),
        ("CodeUri: {Bucket: b, Key: k}", "in S3"),
        (
            "CodeUri: !Sub '${AWS::Region}.zip'",
            "only a deploy resolves `CodeUri`",
        ),
        ("InlineCode: 'exit 1'", "in the template"),
        ("PackageType: Image\nImageUri: x", "a container image"),
        ("Timeout: 3", "has no `CodeUri`"),
    ] {
        assert_unchecked(&folder, &with(code), reason);
    }
    let built = "Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Metadata: {BuildMethod: makefile}
    Properties: {CodeUri: source, Handler: bootstrap, Runtime: provided.al2023}";
    assert_unchecked(&folder, built, "`sam build` makes the code");
    for (resource, reason) in [
        (
            "Type: AWS::Lambda::Function\n    Properties: {Code: {ZipFile: x}, Handler: h, Runtime: r, Role: o}",
            "in the template",
        ),
        (
            "Type: AWS::Lambda::Function\n    Properties: {Code: {S3Bucket: b, S3Key: k}, Handler: h, Runtime: r, Role: o}",
            "in S3",
        ),
        (
            "Type: AWS::Serverless::Application\n    Properties: {Location: a.yaml}",
            "--template",
        ),
        ("Type: My::Own::Thing::MODULE", "expands the module"),
    ] {
        let transform = "Transform: AWS::Serverless-2016-10-31";
        let template = format!("{transform}\nResources:\n  It:\n    {resource}\n");
        assert_unchecked(&folder, &template, reason);
    }
    let template = "Transform: [AWS::Serverless-2016-10-31, OurMacro]\nResources: {}";
    assert_unchecked(&folder, template, "the macro `OurMacro`");
    let outcome = check(&folder, "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}");
    outcome
        .exits(0)
        .says("Not checked template.yaml:1: it has no function");
}

#[test]
fn a_missing_zip_is_an_error_at_its_line_and_others_are_checked() {
    let folder = folder();
    let template = "Transform: AWS::Serverless-2016-10-31
Resources:
  Gone:
    Type: AWS::Serverless::Function
    Properties: {Handler: bootstrap, Runtime: provided.al2023, CodeUri: gone.zip}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: bootstrap, Runtime: provided.al2023, CodeUri: x86.zip}
";
    check(&folder, template)
        .exits(3)
        .says("the zip `gone.zip` of `Gone` in template.yaml:5 does not exist")
        .says("Checked x86 x86_64");
    in_format(&folder, "github")
        .exits(3)
        .prints("::error file=template.yaml,line=5::the zip `gone.zip`");
}

#[test]
fn what_is_no_template_is_an_error_with_its_line() {
    let folder = folder();
    for (template, place, message) in [
        ("a: [b", "template.yaml:", "the template is not YAML"),
        ("", "template.yaml:1:1", "the template is empty"),
        ("Outputs: {}", "template.yaml:1:1", "has no `Resources`"),
        ("Resources: [x]", "template.yaml:1:12", "not a map"),
        (
            "Resources:\n  A: !Reff X",
            "template.yaml:2:6",
            "did you mean `!Ref`?",
        ),
        (
            "Resources:\n  A: 1\n  A: 2",
            "template.yaml:3:3",
            "the key `A` is there twice",
        ),
        (
            "Resources: &a {A: *a}",
            "template.yaml:1:19",
            "inside of the value",
        ),
        (
            "Resources: {}\n---\nResources: {}",
            "template.yaml:2:1",
            "a second document",
        ),
        ("? [a]\n: b", "template.yaml:", "a key is not a text"),
    ] {
        let outcome = check(&folder, template);
        outcome.exits(2).says(message).says(place);
        let report = report(&folder, template);
        let error = &report["errors"][0];
        assert!(error["line"].as_u64() >= Some(1), "{error}");
    }
    let nested = |levels: usize| format!("Resources: {}{}", "[".repeat(levels), "]".repeat(levels));
    check(&folder, &nested(70))
        .exits(2)
        .says("nested deeper than 64");
    check(&folder, &nested(5000))
        .exits(2)
        .says("template.yaml:1:");
    let mut laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..15 {
        let before = n - 1;
        let four = vec![format!("*a{before}"); 4].join(", ");
        laughs.extend([format!("a{n}: &a{n} !Join ['', [{four}]]\n")]);
    }
    let template = "Resources: {F: {Type: 'AWS::Lambda::Function', Properties: {Code: *a14, Handler: h, \
                    Runtime: r, Role: o}}}";
    assert_unchecked(&folder, &format!("{laughs}{template}"), "`Code`");
    folder.write("large.yaml", " ".repeat(2 * 1024 * 1024 + 1));
    folder
        .run(&["check", "--template", "large.yaml"])
        .exits(2)
        .says("larger than 2.0 MiB");
    folder.write("binary.yaml", [b'a', b'\n', 0xff]);
    folder
        .run(&["check", "--template", "binary.yaml"])
        .exits(2)
        .says("not UTF-8 (line 2)");
    #[cfg(unix)]
    {
        folder.add_pipe("pipe.yaml");
        folder
            .run(&["check", "--template", "pipe.yaml"])
            .exits(2)
            .says("not a regular file");
    }
    folder
        .run(&["check", "--template", "."])
        .exits(2)
        .says("is a folder");
    folder
        .run(&["check", "--template", "none.yaml"])
        .exits(3)
        .says("the template `")
        .says("none.yaml` does not exist");
}
