//! A CT from wherever it lies.

use std::path::Path;

use hilum_core::{Acquisition, Ct, Quality};
use hilum_dicom::Loaded;
use hilum_files::Format;
use hilum_report::{SeriesRole, SeriesUsed, Study};

use crate::args::{CtPath, Global};
use crate::failure::Failure;
use crate::progress::Progress;

/// A CT with what its files say about it.
pub struct Input {
    /// The image.
    pub ct: Ct,
    /// How it was made, as the report lists it.
    pub series: SeriesUsed,
    /// Whose it is.
    pub study: Study,
    /// What was found while reading.
    pub quality: Vec<Quality>,
}

/// Reads the CT that the user means.
pub fn read(at: &CtPath, global: &Global, progress: &Progress) -> Result<Input, Failure> {
    if is_volume(&at.path) {
        return read_volume(&at.path);
    }
    let scan =
        hilum_dicom::scan(&at.path, &|done, of| progress.show("looking for series", done, of))?;
    if global.verbose {
        progress.suspend(|| {
            for file in scan.unread() {
                eprintln!("passed over: {}: {}", file.file(), file.reason());
            }
        });
    }
    let chosen = hilum_dicom::choose(&scan, at.series.as_deref())?;
    if !global.quiet {
        progress.suspend(|| say(&chosen));
    }
    let options = at.uneven.options();
    let loaded =
        chosen.load_with(&options, &|done, of| progress.show("reading slices", done, of))?;
    Ok(input(loaded))
}

/// Reads the one slice that the user means.
pub fn read_slice(at: &CtPath, global: &Global, progress: &Progress) -> Result<Input, Failure> {
    if is_volume(&at.path) {
        return read_volume(&at.path);
    }
    let scan =
        hilum_dicom::scan(&at.path, &|done, of| progress.show("looking for a slice", done, of))?;
    let chosen = hilum_dicom::choose_slice(&scan, at.series.as_deref())?;
    if !global.quiet {
        progress.suspend(|| eprintln!("slice {}", chosen.label()));
    }
    Ok(input(chosen.load_slice()?))
}

fn input(loaded: Loaded) -> Input {
    let count = loaded.identity.images.len();
    let acquired = loaded.identity.series_date.as_deref().map(iso_date);
    Input {
        series: SeriesUsed {
            uid: loaded.identity.series_uid.clone(),
            source: Some(format!("DICOM, {count} {}", if count == 1 { "slice" } else { "slices" })),
            acquired,
            ..used(&loaded.ct, loaded.acquisition)
        },
        study: study(&loaded.identity),
        ct: loaded.ct,
        quality: loaded.quality,
    }
}

/// What was taken, and what was not.
fn say(chosen: &hilum_dicom::Choice<'_>) {
    eprintln!("series {}", chosen.series.label());
    for (other, why) in &chosen.passed_over {
        eprintln!("    before {}: {why}", other.label());
    }
}

/// Says whether a path names a volume file rather than DICOM.
pub fn is_volume(path: &Path) -> bool {
    path.is_file() && Format::of(path).is_ok()
}

fn read_volume(path: &Path) -> Result<Input, Failure> {
    let ct = hilum_files::read(path)?;
    let series = SeriesUsed {
        source: Some(format!("{:?}", Format::of(path)?)),
        ..used(&ct, Acquisition::default())
    };
    Ok(Input { ct, series, study: Study::default(), quality: Vec::new() })
}

fn used(ct: &Ct, acquisition: Acquisition) -> SeriesUsed {
    SeriesUsed {
        role: SeriesRole::ChestCt,
        acquisition,
        shape: ct.grid().shape(),
        spacing: ct.grid().spacing(),
        ..SeriesUsed::default()
    }
}

fn study(identity: &hilum_dicom::Identity) -> Study {
    Study {
        patient_name: identity.patient_name.as_deref().map(readable_name),
        patient_id: identity.patient_id.clone(),
        birth_date: identity.birth_date.as_deref().map(iso_date),
        sex: identity.sex.clone(),
        uid: identity.study_uid.clone(),
        accession: identity.accession_number.clone(),
        date: identity.study_date.as_deref().map(iso_date),
        description: identity.study_description.clone(),
        institution: identity.institution.clone(),
        ordering_physician: identity.referring_physician.as_deref().map(readable_name),
        ..Study::default()
    }
}

/// `Family^Given^Middle` as people read it: `Family, Given Middle`.
fn readable_name(name: &str) -> String {
    let alphabetic = name.split('=').next().unwrap_or(name);
    let mut parts = alphabetic.split('^').map(str::trim);
    let family = parts.next().unwrap_or_default();
    let given: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    if given.is_empty() { family.to_owned() } else { format!("{family}, {}", given.join(" ")) }
}

/// `20261121` as `2026-11-21`; anything else as it is.
fn iso_date(date: &str) -> String {
    match (date.len() == 8 && date.is_ascii(), date) {
        (true, date) => format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..]),
        (false, date) => date.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_dates_are_written_for_people() {
        assert_eq!(readable_name("Doe^Jane^Q"), "Doe, Jane Q");
        assert_eq!(readable_name("Doe"), "Doe");
        assert_eq!(readable_name("Yamada^Tarou=山田^太郎"), "Yamada, Tarou");
        assert_eq!(iso_date("20261121"), "2026-11-21");
        assert_eq!(iso_date("2026"), "2026");
    }
}
