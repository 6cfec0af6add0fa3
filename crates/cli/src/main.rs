//! The `hilum` command: arguments, files, progress, exit codes, hints.
//!
//! Data go to standard output, all else to standard error. The exit status is
//! 0 when done, 1 when refused or failed with a reason, 2 for wrong usage.

// A binary has no public interface: `pub` marks what a module offers to its siblings.
#![allow(unreachable_pub)]

mod args;
mod commands;
mod failure;
mod input;
mod out;
mod progress;
mod stdout;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use failure::Failure;

fn main() -> ExitCode {
    let args = Args::parse();
    hilum_core::quiet_guarded();
    match hilum_kernel::par::on_threads(args.global.threads, || run(&args)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            failure.print();
            ExitCode::from(1)
        }
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let global = &args.global;
    match &args.command {
        Command::Demo(demo) => commands::demo(demo, global),
        Command::Phantom(phantom) => commands::phantom(phantom, global),
        Command::Inspect(inspect) => commands::inspect(inspect, global),
        Command::Convert(convert) => commands::convert(convert, global),
        Command::Density(density) => commands::density(density, global),
        Command::Ild(ild) => commands::ild(ild, global),
        Command::Bench(bench) => commands::bench(bench, global),
    }
}
