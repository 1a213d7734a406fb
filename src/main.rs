//! The command `loggia`.

use std::process::ExitCode;

fn main() -> ExitCode {
    loggia::cli::run()
}
