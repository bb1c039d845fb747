//! The shop is deployed by the clients that its users have, with what `template` prints.

mod aws_cli;
mod cdk;
mod cloudformation;
mod github_actions;
mod mismatch;
mod sam;
mod serverless;
mod terraform;

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::localstack::{LocalStack, Ran};
use crate::parts::{output, part, path_with};
use crate::shop::{Archive, Report, fixture, lambda_zip, run, shop, target_dir};

/// The packages and the template in a folder of their own, and what they are deployed to.
struct Deployment {
    localstack: LocalStack,
    /// Its path has a space and an apostrophe.
    folder: TempDir,
    /// The options that choose the packages.
    options: Vec<String>,
    report: Report,
    /// The digest of the layer that is given by its path, if there is one.
    given: Option<String>,
}

impl Deployment {
    /// Packages of the shop for both architectures, as `options` choose and describe them.
    fn of(options: &[&str]) -> Self {
        Self::in_folder(folder(), options)
    }

    /// Packages of the shop that `options` choose: the functions take the extension `heartbeat` as a
    /// layer, by its name, and another layer by the path of its zip.
    fn with_layers(options: &[&str]) -> Self {
        let folder = folder();
        let given = layer_in(folder.path());
        let layers = ["--layer", "heartbeat", "--layer", LAYER];
        Self {
            given: Some(given),
            ..Self::in_folder(folder, &[options, &layers].concat())
        }
    }

    /// Packages of `orders` that are too large to be uploaded with a call.
    fn of_large() -> Self {
        let folder = folder();
        let random = fs_err::File::open("/dev/urandom").unwrap();
        let mut data = fs_err::File::create(folder.path().join("data")).unwrap();
        io::copy(&mut random.take(DIRECT_UPLOAD), &mut data).unwrap();
        let large = Self::in_folder(folder, &["--bin", "orders", "--include", "data"]);
        assert!(
            large
                .report
                .archives
                .iter()
                .all(|archive| !archive.direct_upload)
        );
        large
    }

    fn in_folder(folder: TempDir, options: &[&str]) -> Self {
        // Everything is compiled once.
        shop();
        let mut options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        // Relative to the folder, as users have it.
        options.extend(["--output", "zips/{bin}-{arch}.zip"].map(str::to_owned));
        let mut command = lambda_zip(&fixture(), &target_dir());
        command.args(&options).args(["--report", "report.json"]);
        let report = run(command.current_dir(folder.path()));
        Self {
            localstack: LocalStack::for_clients_in(folder.path()),
            folder,
            options,
            report,
            given: None,
        }
    }

    /// The output of `template` for these packages, in a file of the folder.
    fn template(&self, kind: &str, options: &[&str], file: &str) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
        command
            .args(["lambda-zip", "template", kind])
            .arg("--manifest-path")
            .arg(fixture().join("Cargo.toml"))
            .arg("--target-dir")
            .arg(target_dir())
            .args(["--arch", "x86_64,arm64", "--locked"])
            .args(&self.options)
            .args(options);
        let text = output(command.current_dir(self.folder.path()));
        fs_err::write(self.folder.path().join(file), text).unwrap();
    }

    fn write(&self, file: &str, text: &str) {
        fs_err::write(self.folder.path().join(file), text).unwrap();
    }

    /// Runs a client in the folder, beside LocalStack.
    fn run(&mut self, command: &[&str], variables: &[(&str, &str)]) -> Ran {
        let mut all = environment();
        all.extend(
            variables
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned())),
        );
        self.localstack.run(command, self.folder.path(), &all)
    }

    /// Runs what builds, which Cargo has to be there for.
    fn build(&self, command: &[&str]) -> String {
        let output = output(
            Command::new("env")
                .args(command)
                .current_dir(self.folder.path())
                .envs(environment()),
        );
        String::from_utf8(output).unwrap()
    }

    /// The output of a client, which succeeds.
    fn client(&mut self, command: &[&str], variables: &[(&str, &str)]) -> String {
        let ran = self.run(command, variables);
        let Ran {
            status,
            stdout,
            stderr,
        } = &ran;
        assert_eq!(*status, 0, "{command:?}:\n{stdout}\n{stderr}");
        // Some say on standard error what they have done.
        format!("{stdout}{stderr}")
    }

    /// Everything is there that the report names, has its digest, and answers.
    fn prove(&mut self) {
        for archive in &self.report.archives {
            if archive.kind == "function" {
                prove_function(&mut self.localstack, archive);
            } else {
                let (name, digest) = (&archive.name, &archive.code_sha256);
                let layer = prove_layer(&mut self.localstack, name, digest);
                assert_eq!(
                    layer["CompatibleArchitectures"],
                    json!([archive.architecture])
                );
            }
        }
        if let Some(digest) = &self.given {
            let name = LAYER.strip_suffix(".zip").unwrap();
            prove_layer(&mut self.localstack, name, digest);
        }
    }

    /// The values that change whenever a function does.
    fn revisions(&mut self) -> Vec<Value> {
        let functions = self.report.archives.iter();
        let functions = functions.filter(|archive| archive.kind == "function");
        let revisions = functions.map(|archive| {
            let call = json!({"FunctionName": archive.name});
            let function = self
                .localstack
                .call("lambda", "get_function_configuration", &call);
            function.unwrap()["RevisionId"].take()
        });
        revisions.collect()
    }

    /// A bucket in S3 for what is deployed.
    fn bucket(&mut self) {
        let bucket = json!({"Bucket": BUCKET});
        self.localstack
            .call("s3", "create_bucket", &bucket)
            .unwrap();
    }
}

const BUCKET: &str = "code";

/// From here on zips go through S3, in bytes.
const DIRECT_UPLOAD: u64 = 50 << 20;

/// The zip of a layer that the shop does not make.
const LAYER: &str = "rates.zip";

/// Makes the layer in `folder`, and returns its digest. No tax is due where it is.
fn layer_in(folder: &Path) -> String {
    fs_err::write(folder.join("none.json"), r#"{"AT": 0}"#).unwrap();
    let mut layer = Command::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    layer
        .args(["lambda-zip", "layer", "rates"])
        .args(["--include", "none.json=config/tax.json"])
        .args(["--output", LAYER, "--message-format", "json"])
        .arg("--manifest-path")
        .arg(fixture().join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target_dir());
    let report = crate::report::read(&output(layer.current_dir(folder)));
    let digest = report["archives"][0]["code_sha256"].as_str();
    digest.unwrap().to_owned()
}

fn folder() -> TempDir {
    let mut folder = tempfile::Builder::new();
    folder.prefix("it's a shop ").tempdir().unwrap()
}

/// The environment of the clients.
fn environment() -> BTreeMap<&'static str, String> {
    let clients = part("clients");
    let node = clients.join("node_modules/.bin");
    let tool = Path::new(env!("CARGO_BIN_EXE_cargo-lambda-zip"));
    let own = [clients.join("bin"), node, tool.parent().unwrap().to_owned()];
    BTreeMap::from([
        ("PATH", path_with(own).into_string().unwrap()),
        // No client reports its use.
        ("SAM_CLI_TELEMETRY", "0".to_owned()),
        ("SLS_TELEMETRY_DISABLED", "1".to_owned()),
        ("CDK_DISABLE_CLI_TELEMETRY", "1".to_owned()),
        ("CHECKPOINT_DISABLE", "1".to_owned()),
    ])
}

fn prove_function(localstack: &mut LocalStack, archive: &Archive) {
    let name = &archive.name;
    let call = json!({"FunctionName": name});
    let function = localstack.call("lambda", "get_function_configuration", &call);
    let function = function.unwrap();
    assert_eq!(function["CodeSha256"], *archive.code_sha256, "{name}");
    assert_eq!(function["Architectures"], json!([archive.architecture]));
    assert_eq!(function["Runtime"], "provided.al2023", "{name}");
    let layers = function["Layers"].as_array().into_iter().flatten();
    let layers = layers.map(|layer| layer["Arn"].as_str().unwrap());
    let layers: Vec<_> = layers.map(|arn| arn.split(':').nth(6).unwrap()).collect();
    let expected = archive.layers.iter().map(|layer| match &layer.name {
        Some(name) => format!("{name}-{}", archive.architecture),
        None => layer.path.file_stem().unwrap().display().to_string(),
    });
    assert_eq!(layers, expected.collect::<Vec<_>>(), "{name}");

    let has_rates = archive.layers.iter().any(|layer| layer.name.is_none());
    let (event, key, expected) = event(&archive.bin, has_rates);
    let call = json!({"FunctionName": name, "Payload": event.to_string()});
    let answer = localstack.call("lambda", "invoke", &call).unwrap();
    let answer = answer["Payload"].as_str().unwrap();
    let answer: Value = serde_json::from_str(answer).unwrap();
    assert_eq!(answer[key], expected, "{name}: {answer}");
    assert_eq!(answer["architecture"], *archive.architecture, "{name}");
}

/// The only version of a layer.
fn prove_layer(localstack: &mut LocalStack, name: &str, digest: &str) -> Value {
    let call = json!({"LayerName": name});
    let versions = localstack.call("lambda", "list_layer_versions", &call);
    let versions = versions.unwrap()["LayerVersions"].take();
    // A deployment that changes nothing publishes no other version.
    assert_eq!(versions.as_array().unwrap().len(), 1, "{versions}");
    let call = json!({"LayerName": name, "VersionNumber": versions[0]["Version"]});
    let layer = localstack.call("lambda", "get_layer_version", &call);
    let layer = layer.unwrap();
    assert_eq!(layer["Content"]["CodeSha256"], digest, "{name}");
    layer
}

/// An event for a function of the shop, and a part of the answer. `invoice` reads the taxes of the
/// layer if it `has_rates`.
fn event(bin: &str, has_rates: bool) -> (Value, &'static str, u32) {
    let lines = json!([{"item": "beans", "quantity": 2}]);
    match bin {
        "orders" => (json!({"order": "o-1", "lines": lines}), "total_cents", 2580),
        "invoice" => (
            json!({"order": "o-2", "lines": lines, "country": "AT"}),
            "gross_cents",
            if has_rates { 2580 } else { 3096 },
        ),
        "refund" => (
            json!({"order": "o-3", "paid_cents": 1000, "returned": lines}),
            "refund_cents",
            1000,
        ),
        _ => panic!("`{bin}` is no function of the shop"),
    }
}
