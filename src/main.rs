//! The command `loggia`.

use std::process::ExitCode;

/// Pages are made of many small strings, on several threads; the allocator of the C library spends a fifth of a page's time on
/// them, and gives memory back late.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    loggia::cli::run()
}
