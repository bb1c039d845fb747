//! The `cargo lambda-zip` executable: parse, run, report the error, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    cargo_lambda_zip::main(std::env::args_os())
}
