//! Runs the command line and turns its result into an exit status.

use std::process::ExitCode;

/// Tables come and go in pieces of megabytes: this allocator keeps them for the next, where the system's gives each back
/// and has every page of the next one cleared anew.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cxm::cli::main()
}
