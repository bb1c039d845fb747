//! LocalStack, which refuses what AWS's Lambda refuses, in the words that its makers
//! have recorded from AWS.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use crate::architecture::Architecture;
use crate::parts::{part, program, repository};

/// A running LocalStack, with nothing in it but what a test brings. It ends when dropped.
pub(crate) struct LocalStack {
    process: Child,
    calls: ChildStdin,
    answers: BufReader<ChildStdout>,
    log: NamedTempFile,
    /// How many functions and layers there are, of which each needs a name.
    named: u32,
}

/// What AWS would return, or why it would not.
pub(crate) type Answer = Result<Value, Refusal>;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Refusal {
    code: String,
    pub(crate) message: String,
}

/// The result of a client that ran beside LocalStack.
#[derive(Debug, Deserialize)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A function that is to be created.
pub(crate) struct Function<'a> {
    pub(crate) code: Value,
    pub(crate) architectures: &'a [&'a str],
    /// Versions of layers, as they were published.
    pub(crate) layers: &'a [Value],
}

/// A zip that is sent with the call itself.
pub(crate) fn upload(zip: &Path) -> Value {
    json!({"ZipFile": {"file": zip}})
}

impl LocalStack {
    /// LocalStack alone, for calls.
    pub(crate) fn start() -> Self {
        Self::beside(None)
    }

    /// LocalStack for clients that work in `folder`, which they may write to.
    pub(crate) fn for_clients_in(folder: &Path) -> Self {
        Self::beside(Some(folder))
    }

    /// It has a network of its own, in which nothing else is: it would look for
    /// AWS and for its makers. So would the clients.
    fn beside(folder: Option<&Path>) -> Self {
        let qemu = Architecture::ALL.into_iter().filter_map(|architecture| {
            let qemu = architecture.qemu()?;
            Some((
                architecture.name(),
                qemu.into_os_string().into_string().unwrap(),
            ))
        });
        let qemu: BTreeMap<&str, String> = qemu.collect();
        let python = part("localstack/pins.txt").with_file_name("bin/python");
        let log = NamedTempFile::new().unwrap();
        let mut command = Command::new(program("bwrap"));
        command
            .args(["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"])
            // What it keeps is gone when it ends.
            .args(["--tmpfs", "/tmp", "--setenv", "HOME", "/tmp"])
            .args(["--unsetenv", "TMPDIR", "--unsetenv", "XDG_CACHE_HOME"])
            // The packages may be in there, too.
            .arg("--ro-bind")
            .args([repository(), repository()]);
        if let Some(folder) = folder {
            command.arg("--bind").args([folder, folder]);
        }
        let mut process = command
            .args(["--unshare-net", "--unshare-pid", "--unshare-ipc"])
            .args(["--die-with-parent", "--new-session"])
            .arg(python)
            .arg(repository().join("tests/real/localstack.py"))
            .env("EMULATOR", part("aws-lambda-rie"))
            .env("QEMU", json!(qemu).to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log.reopen().unwrap())
            .spawn()
            .unwrap();
        Self {
            calls: process.stdin.take().unwrap(),
            answers: BufReader::new(process.stdout.take().unwrap()),
            process,
            log,
            named: 0,
        }
    }

    pub(crate) fn create_function(&mut self, function: &Function<'_>) -> Answer {
        let call = json!({
            "FunctionName": self.new_name(),
            "Runtime": "provided.al2023",
            "Handler": "bootstrap",
            "Role": "arn:aws:iam::000000000000:role/function",
            "Code": function.code,
            "Architectures": function.architectures,
            "Layers": function.layers,
        });
        self.call("lambda", "create_function", &call)
    }

    /// Publishes a layer for one architecture.
    pub(crate) fn publish_layer(&mut self, zip: &Path, architecture: &str) -> Answer {
        let call = json!({
            "LayerName": self.new_name(),
            "Content": upload(zip),
            "CompatibleArchitectures": [architecture],
        });
        self.call("lambda", "publish_layer_version", &call)
    }

    /// Puts a zip into S3, for Lambda to take it from there.
    pub(crate) fn put_into_s3(&mut self, zip: &Path) -> Value {
        let (bucket, key) = (self.new_name(), "function.zip");
        self.call("s3", "create_bucket", &json!({"Bucket": bucket}))
            .unwrap();
        let object = json!({"Bucket": bucket, "Key": key, "Body": {"file": zip}});
        self.call("s3", "put_object", &object).unwrap();
        json!({"S3Bucket": bucket, "S3Key": key})
    }

    pub(crate) fn call(&mut self, service: &str, operation: &str, with: &Value) -> Answer {
        let call = json!({"service": service, "operation": operation, "with": with});
        self.ask(&call)
    }

    /// Runs a client in `folder`, with what else its environment has.
    pub(crate) fn run(
        &mut self,
        command: &[&str],
        folder: &Path,
        variables: &BTreeMap<&str, String>,
    ) -> Ran {
        let call = json!({"run": command, "in": folder, "variables": variables});
        self.ask(&call)
    }

    fn ask<T: DeserializeOwned>(&mut self, call: &Value) -> T {
        // If it has ended, there is no answer to it either.
        let _ = writeln!(self.calls, "{call}");
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer)
            .unwrap_or_else(|error| panic!("no answer to {call}, {error}: {answer:?}"))
    }

    fn new_name(&mut self) -> String {
        self.named += 1;
        format!("number-{}", self.named)
    }
}

impl Drop for LocalStack {
    fn drop(&mut self) {
        // Everything in there ends with bubblewrap.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if thread::panicking() {
            let log = fs_err::read_to_string(self.log.path()).unwrap_or_default();
            #[expect(
                clippy::print_stderr,
                reason = "shown with the failure that it explains"
            )]
            {
                eprintln!("--- LocalStack's log\n{log}---");
            }
        }
    }
}

/// An answer as the table has it.
pub(crate) fn in_words(answer: &Answer) -> String {
    match answer {
        Ok(_) => "takes it".to_owned(),
        Err(refusal) => format!("`{}: {}`", refusal.code, refusal.message),
    }
}
