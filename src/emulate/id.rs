//! Unique identifiers.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// Hexadecimal digits that are different in each call.
fn digits() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let time = SystemTime::now().duration_since(UNIX_EPOCH);
    let time = time.unwrap_or_default().as_nanos();
    let seed = format!("{} {time} {count}", std::process::id());
    blake3::hash(seed.as_bytes()).to_hex().to_string()
}

/// A UUID of version 4.
pub(super) fn uuid() -> String {
    let d = digits();
    format!(
        "{}-{}-4{}-a{}-{}",
        &d[..8],
        &d[8..12],
        &d[12..15],
        &d[15..18],
        &d[18..30]
    )
}

/// A value for X-Ray, of an invocation that is not traced.
pub(super) fn trace() -> String {
    let d = digits();
    format!(
        "Root=1-{}-{};Parent={};Sampled=0",
        &d[..8],
        &d[8..32],
        &d[32..48]
    )
}

/// The name of a log stream.
pub(super) fn log_stream() -> String {
    let date = jiff::Timestamp::now().strftime("%Y/%m/%d");
    format!("{date}/[$LATEST]{}", &digits()[..32])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_differ_and_have_the_form_of_a_uuid() {
        let (one, other) = (uuid(), uuid());
        assert_ne!(one, other);
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
        assert!(log_stream().contains("/[$LATEST]"));
    }
}
