//! The terminal: status lines and colours.

mod status;
