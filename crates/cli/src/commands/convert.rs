//! `hilum convert`: one series as a volume file.

use std::ffi::OsStr;
use std::path::Path;

use crate::args::{Convert, Global};
use crate::failure::Failure;
use crate::input;
use crate::out::Output;
use crate::progress::Progress;
use crate::stdout;

/// Writes a CT in HU, fractions kept, geometry exact.
pub fn convert(args: &Convert, global: &Global) -> Result<(), Failure> {
    require_one_file(&args.out)?;
    let output = Output::file(&args.out, args.force)?;
    let progress = Progress::new(global);
    let input = input::read(&args.ct, global, &progress)?;
    progress.show("writing", 0, 1);
    hilum_files::write_ct(output.path(), &input.ct)?;
    output.finish()?;
    drop(progress);
    if global.json {
        let fractional = input.ct.exact().is_some();
        let shape = input.ct.grid().shape();
        stdout::print(
            &serde_json::json!({ "file": args.out, "shape": shape, "fractional": fractional })
                .to_string(),
        )?;
    } else if !global.quiet {
        eprintln!("wrote `{}`", args.out.display());
    }
    Ok(())
}

/// Formats that keep header and voxels apart would leave two files, one of them under a name
/// that the header does not know.
fn require_one_file(path: &Path) -> Result<(), Failure> {
    hilum_files::Format::of(path)?;
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default().to_lowercase();
    let whole = match extension.as_str() {
        "mhd" => "mha",
        "nhdr" => "nrrd",
        _ => return Ok(()),
    };
    Err(Failure::new(
        format!("`.{extension}` is a header without voxels, wanted one file that holds both"),
        format!("write `{}`", path.with_extension(whole).display()),
    ))
}
