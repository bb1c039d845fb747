//! AWS's Runtime Interface Emulator, which starts a package as Lambda does and
//! says of a bad one what Lambda would say.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::architecture::Architecture;
use crate::failure::Failure;
use crate::http;
use crate::parts::part;
use crate::sandbox::Sandbox;
use crate::unpack::{Unpack, unpack};

/// The ports of the emulator.
const INVOCATIONS: u16 = 8080;
const RUNTIME_API: u16 = 9001;

const INVOKE: &str = "/2015-03-31/functions/function/invocations";
const PATIENCE: Duration = Duration::from_secs(30);

/// What the emulator says when it panics since a program ended before it had noted that
/// it had started it: a race of its own (`handleProcessExit` in its `rapid/shutdown.go`),
/// which it loses the more often the busier the machine is.
const LOST_RACE: &str = "Unable to find an exitedChannel for";
const TRIES: usize = 20;

/// A package as it would be deployed.
pub(crate) struct Package {
    architecture: Architecture,
    zip: PathBuf,
    layers: Vec<PathBuf>,
    unpack: Unpack,
    mounts: Vec<(PathBuf, String)>,
    /// In seconds, if it is not the emulator's own.
    timeout: Option<u64>,
}

impl Package {
    pub(crate) fn new(architecture: Architecture, zip: &Path) -> Self {
        Self {
            architecture,
            zip: zip.to_owned(),
            layers: Vec::new(),
            unpack,
            mounts: Vec::new(),
            timeout: None,
        }
    }

    /// Gives the function a timeout in seconds.
    pub(crate) fn timeout(mut self, seconds: u64) -> Self {
        self.timeout = Some(seconds);
        self
    }

    /// Adds a layer. Later layers overwrite earlier ones, as on Lambda.
    pub(crate) fn layer(mut self, zip: &Path) -> Self {
        self.layers.push(zip.to_owned());
        self
    }

    /// Has everything unpacked by something else than the tests' own reader.
    pub(crate) fn unpacked_by(mut self, unpack: Unpack) -> Self {
        self.unpack = unpack;
        self
    }

    /// Adds a file of this machine to what Lambda has, at `place` below the root: what
    /// the function needs of Lambda's own files.
    pub(crate) fn mount(mut self, file: &Path, place: &str) -> Self {
        self.mounts.push((file.to_owned(), place.to_owned()));
        self
    }
}

/// A running emulator with a package in it. It ends when dropped.
pub(crate) struct Emulator {
    sandbox: Sandbox,
    process: Child,
    host: Ipv4Addr,
}

impl Emulator {
    /// Unpacks the package and waits until the emulator can be called. The
    /// package itself is started by the first invocation.
    pub(crate) fn start(package: &Package) -> Self {
        Self::try_start(package)
            .unwrap_or_else(|log| panic!("the emulator did not start\n--- its log\n{log}---"))
    }

    /// The same of a package that the emulator itself may stumble over. What it says then
    /// is returned.
    pub(crate) fn try_start(package: &Package) -> Result<Self, String> {
        let mut sandbox = Sandbox::new(package.architecture);
        for (file, place) in &package.mounts {
            sandbox.mount(file, place);
        }
        if let Some(seconds) = package.timeout {
            sandbox.set("AWS_LAMBDA_FUNCTION_TIMEOUT", seconds.to_string());
        }
        sandbox.unpack(package.unpack, &package.zip, "var/task");
        for layer in &package.layers {
            sandbox.unpack(package.unpack, layer, "opt");
        }
        sandbox.adapt_programs();

        let host = own_address();
        let mut emulator = Self {
            process: spawn(&sandbox, host),
            sandbox,
            host,
        };
        if emulator.listens() {
            Ok(emulator)
        } else {
            Err(emulator.log())
        }
    }

    /// Sends the function an event, and returns what it answers.
    pub(crate) fn invoke(&mut self, event: &Value) -> Result<Value, Failure> {
        let body = self.post(&event.to_string());
        if body.is_empty() {
            let failure = Failure::logged(&self.log());
            return Err(failure.expect("the log says why there is no answer"));
        }
        let answer = serde_json::from_str(&body)
            .unwrap_or_else(|error| panic!("the answer is not JSON, {error}: {body}"));
        match Failure::answered(&answer) {
            Some(failure) => Err(failure),
            None => Ok(answer),
        }
    }

    /// Posts an event, to a new emulator as often as one falls over its own feet: that
    /// says nothing of the package.
    pub(crate) fn post(&mut self, event: &str) -> String {
        let address = SocketAddr::from((self.host, INVOCATIONS));
        for _ in 0..TRIES {
            match http::post(address, INVOKE, event) {
                Ok(body) => return body,
                Err(error) => assert!(
                    self.log().contains(LOST_RACE),
                    "failed to invoke the function: {error}"
                ),
            }
            self.restart();
        }
        panic!("the emulator fell {TRIES} times over a program that ends at once");
    }

    fn restart(&mut self) {
        self.end();
        self.process = spawn(&self.sandbox, self.host);
        assert!(self.listens(), "the emulator does not start again");
    }

    /// What the emulator, the function and its extensions have printed so far.
    pub(crate) fn log(&self) -> String {
        let bytes = fs_err::read(self.sandbox.log()).unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Waits until the log contains `text`: extensions work beside the function,
    /// and may be later than its answer.
    pub(crate) fn wait_for(&self, text: &str) {
        let start = Instant::now();
        while !self.log().contains(text) {
            assert!(start.elapsed() < PATIENCE, "the log does not say {text:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until it listens, to functions too, or has ended.
    fn listens(&mut self) -> bool {
        let start = Instant::now();
        while [INVOCATIONS, RUNTIME_API]
            .iter()
            .any(|&port| TcpStream::connect((self.host, port)).is_err())
        {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            assert!(start.elapsed() < PATIENCE, "the emulator does not listen");
            thread::sleep(Duration::from_millis(10));
        }
        true
    }

    fn end(&mut self) {
        // Everything in the sandbox ends with bubblewrap.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.end();
        if thread::panicking() {
            #[expect(
                clippy::print_stderr,
                reason = "shown with the failure that it explains"
            )]
            {
                eprintln!("--- the emulator's log\n{}---", self.log());
            }
        }
    }
}

/// Starts the emulator on what is in the sandbox, with a new log.
fn spawn(sandbox: &Sandbox, host: Ipv4Addr) -> Child {
    let log = fs_err::File::create(sandbox.log()).unwrap();
    sandbox
        .command(&part("aws-lambda-rie"))
        .args([
            "--runtime-interface-emulator-address",
            &format!("{host}:{INVOCATIONS}"),
        ])
        .args(["--runtime-api-address", &format!("{host}:{RUNTIME_API}")])
        .stdin(Stdio::null())
        .stdout(log.file().try_clone().unwrap())
        .stderr(log.into_file())
        .spawn()
        .unwrap()
}

/// A loopback address for one emulator alone, so that no other program here
/// has its ports. One test run starts several hundred emulators, so the count takes 16 bits.
fn own_address() -> Ipv4Addr {
    static COUNT: AtomicU16 = AtomicU16::new(1);
    let [.., low] = process::id().to_be_bytes();
    loop {
        let [first, second] = COUNT.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let address = Ipv4Addr::new(127, low | 0x80, first, second);
        if TcpStream::connect((address, INVOCATIONS)).is_err() {
            return address;
        }
    }
}
