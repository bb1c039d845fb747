//! Any bytes, checked as a package and as a layer: there is always a verdict, soon and in little
//! memory, which the limits of the fuzzer watch over.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|zip: &[u8]| {
    cargo_lambda_zip::check_zip(zip);
});
