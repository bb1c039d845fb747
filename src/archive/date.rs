//! The date of entries: always the same, unless `SOURCE_DATE_EPOCH` is set.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use zip::DateTime;

/// The date for a value of `SOURCE_DATE_EPOCH`, in seconds since 1970 in UTC, as defined by
/// <https://reproducible-builds.org/specs/source-date-epoch/>. Without a value, and for earlier
/// dates, it is 1980-01-01, the first day that a zip can have.
///
/// # Errors
/// A message about an invalid value.
pub(crate) fn source_date(value: Option<&str>) -> Result<DateTime, String> {
    let Some(value) = value else {
        return Ok(DateTime::default());
    };
    let wrong = |why: &str| format!("SOURCE_DATE_EPOCH is `{value}`, which is {why}");
    let seconds: i64 = value
        .parse()
        .map_err(|_| wrong("not a number of seconds since 1970"))?;
    let timestamp = Timestamp::from_second(seconds).map_err(|_| wrong("out of range"))?;
    let date = timestamp.to_zoned(TimeZone::UTC).datetime();
    if date.year() < 1980 {
        return Ok(DateTime::default());
    }
    DateTime::try_from(date).map_err(|_| wrong("after 2107, the last year that a zip can have"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_become_a_date_in_utc() {
        let date = source_date(Some("1700000000")).unwrap();
        let shown = (
            date.year(),
            date.month(),
            date.day(),
            date.hour(),
            date.minute(),
        );
        assert_eq!(shown, (2023, 11, 14, 22, 13));
    }

    #[test]
    fn dates_before_1980_become_the_first_day_of_zips() {
        for value in [None, Some("0"), Some("1"), Some("-5")] {
            assert_eq!(source_date(value), Ok(DateTime::default()), "{value:?}");
        }
    }

    #[test]
    fn invalid_values_are_refused() {
        for value in ["", "yesterday", "1.5", "9999999999999", "4354819200"] {
            let error = source_date(Some(value)).unwrap_err();
            assert!(error.contains("SOURCE_DATE_EPOCH"), "{error}");
        }
    }
}
