//! Facts about executables.

mod executable;
