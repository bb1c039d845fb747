//! The terminal: status lines and colours.

mod progress;
mod status;
