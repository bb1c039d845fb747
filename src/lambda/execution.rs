//! The execution environment of a function: its phases, their limits, and its variables.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::bytes::MIB;

/// The longest init phase. A function that is not ready then is started again for its first
/// invocation, under the timeout of the function.
///
/// Source: the Lambda developer guide, "Understanding the Lambda execution environment lifecycle".
pub(crate) const INIT: Duration = Duration::from_secs(10);

/// The longest shutdown phase of a function with extensions. There is none without extensions.
///
/// Source: as above.
pub(crate) const SHUTDOWN: Duration = Duration::from_secs(2);

/// The part of the shutdown phase that the runtime has after SIGTERM, before extensions are told.
///
/// Source: `runtimeDeadlineShare` of AWS's Runtime Interface Emulator, which is 0.3.
pub(crate) const RUNTIME_SHUTDOWN: Duration = Duration::from_millis(600);

/// The size that an event of a synchronous invocation must stay below, in bytes.
///
/// Source: the message of Lambda, `Request must be smaller than 6291456 bytes for the InvokeFunction
/// operation`.
pub(crate) const EVENT_LIMIT: u64 = 6 * MIB;

/// The most bytes of an answer.
///
/// Source: the message of AWS's Runtime Interface Emulator, `Response payload size exceeded maximum
/// allowed payload size (6291556 bytes).`
pub(crate) const PAYLOAD: u64 = 6 * MIB + 100;

/// The timeouts that a function can have, in seconds.
///
/// Source: the Lambda API, `CreateFunction`, `Timeout`.
pub(crate) const TIMEOUTS: RangeInclusive<u64> = 1..=900;

/// The memory that a function can have, in MiB, which AWS calls MB.
///
/// Source: the Lambda API, `CreateFunction`, `MemorySize`.
pub(crate) const MEMORY: RangeInclusive<u64> = 128..=10_240;

/// The last bytes of the log that come with an answer.
///
/// Source: the Lambda API, `Invoke`, `LogType`: the last 4 KB.
pub(crate) const LOG_TAIL: usize = 4096;

/// The variables that users cannot set, since Lambda sets them.
///
/// Source: the Lambda developer guide, "Defined runtime environment variables". Region and
/// credentials are reserved too, but a local run has none of its own.
pub(crate) const RESERVED: [&str; 11] = [
    "_HANDLER",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

/// The variables that a function has and its extensions do not have. The same is true of all whose
/// names begin with `_`.
///
/// Source: the Lambda developer guide, "Lambda Extensions API".
pub(crate) const NOT_OF_EXTENSIONS: [&str; 7] = [
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_XRAY_CONTEXT_MISSING",
    "AWS_XRAY_DAEMON_ADDRESS",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];

/// The user and the group that run functions. Source: `id` in a function.
pub(crate) const USER: &str = "993";
/// As [`USER`].
pub(crate) const GROUP: &str = "990";
