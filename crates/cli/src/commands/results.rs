//! What every study leaves in its folder and on the terminal.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use hilum_core::{Lungs, Severity, Site, Volume};
use hilum_report::{Findings, Pictures};

use crate::args::Global;
use crate::failure::Failure;
use crate::out::Output;
use crate::stdout;

/// Columns that names and codes take on the terminal.
const WIDTH: usize = 21;

/// Stamps findings with the time.
pub fn stamp(findings: &mut Findings) {
    findings.created = Some(humantime::format_rfc3339_seconds(SystemTime::now()).to_string());
}

/// Writes the report, for programs and for people.
pub fn write_report(
    folder: &Path,
    findings: &Findings,
    pictures: &Pictures,
) -> Result<(), Failure> {
    let text = |name: &str, text: String| {
        fs::write(folder.join(name), text)
            .map_err(|error| Failure::unwritable(Path::new(name), &error))
    };
    text("report.json", hilum_report::json(findings)?)?;
    text("report.html", hilum_report::html(findings, Some(pictures))?)
}

/// Writes a label map as `NAME.nii.gz`.
pub fn write_labels(folder: &Path, name: &str, labels: &Volume<u8>) -> Result<(), Failure> {
    Ok(hilum_files::write_labels(folder.join(format!("{name}.nii.gz")), labels)?)
}

/// Puts the folder in its place and says what was asked for; `summary` speaks to people.
pub fn finish(
    output: Output,
    findings: &Findings,
    global: &Global,
    summary: impl FnOnce(),
) -> Result<(), Failure> {
    if global.json {
        stdout::print(&hilum_report::json(findings)?)?;
    }
    output.finish()?;
    if global.verbose {
        for row in &findings.timing {
            eprintln!("{:20} {:5.2} s", row.step, row.seconds);
        }
    }
    if !global.quiet && !global.json {
        summary();
    }
    Ok(())
}

/// Numbers of both lungs, each after its name.
pub fn say_numbers(findings: &Findings, named: &[(&str, &str)]) {
    for (key, name) in named {
        let of = |m: &&hilum_core::Measurement| m.key == *key && m.site == Site::Whole(Lungs::Both);
        if let Some(found) = findings.measurements.iter().find(of) {
            let interval = found
                .interval
                .map_or_else(String::new, |[low, high]| format!(" ({low:.1} to {high:.1})"));
            eprintln!("{name:WIDTH$} {:9.2} {}{interval}", found.value, found.unit.symbol());
        }
    }
}

/// What is to be known before the numbers are read, and where the report lies.
pub fn say_rows(findings: &Findings, out: &Path) {
    for row in findings.quality.iter().filter(|row| row.severity != Severity::Info) {
        eprintln!("{:WIDTH$} {}", row.code, row.message);
    }
    let report = out.join("report.html");
    let use_only = hilum_core::RESEARCH_USE_ONLY;
    eprintln!("{:WIDTH$} {} ({use_only})", "report", report.display());
}
