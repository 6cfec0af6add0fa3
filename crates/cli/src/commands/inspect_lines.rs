//! What `hilum inspect` prints for people.

use hilum_core::{Quality, Sharpness};
use hilum_dicom::{Analysis, Breath, LoadOptions, Scan, Series, Summary};

/// Columns to fill where the terminal does not say how many it has.
const USUAL_WIDTH: usize = 80;

/// The series of a scan, what each can serve, what is taken for density and why.
pub fn of(scan: &Scan, options: LoadOptions, verbose: bool) -> Vec<String> {
    let width = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let width = width.unwrap_or(USUAL_WIDTH).max(40);
    let mut page = Page { width, options, lines: Vec::new() };
    let chosen = hilum_dicom::choose(scan, None);
    for series in scan.series() {
        let taken = chosen.as_ref().is_ok_and(|choice| std::ptr::eq(choice.series, series));
        let possible = scan.why_not_with(series, Analysis::Density, &options).is_empty();
        page.series(scan, series, taken && possible);
    }
    for breath in hilum_dicom::phases(scan) {
        page.breath(&breath);
    }
    for pair in hilum_dicom::pairs(scan) {
        let [inspiration, expiration] =
            [pair.inspiration, pair.expiration].map(|series| series.summary().number);
        page.item(
            "",
            "pair",
            &format!("[{inspiration}] in inspiration, [{expiration}] in expiration"),
        );
    }
    match chosen.map(|choice| choice.quality()) {
        Ok(Some(row)) => page.item("", "density", &row.message),
        Ok(None) => {}
        Err(error) => page.item("", "density", &error.to_string()),
    }
    page.passed_over(scan, verbose);
    page.lines
}

/// Lines that are broken between words.
struct Page {
    width: usize,
    options: LoadOptions,
    lines: Vec<String>,
}

impl Page {
    /// A name in a column of its own, and what is to be said of it.
    fn item(&mut self, indent: &str, name: &str, said: &str) {
        let mut line = format!("{indent}{name:8}");
        let hang = line.chars().count();
        let mut empty = true;
        for word in said.split(' ') {
            if !empty && line.chars().count() + 1 + word.chars().count() > self.width {
                self.lines.push(std::mem::replace(&mut line, " ".repeat(hang)));
            }
            line.push(' ');
            line.push_str(word);
            empty = false;
        }
        self.lines.push(line);
    }

    fn series(&mut self, scan: &Scan, series: &Series, taken: bool) {
        let summary = series.summary();
        let modality = summary.acquisition.modality.as_deref().unwrap_or("unknown modality");
        let description = summary.acquisition.description.as_deref().unwrap_or("no description");
        let mark = if taken { "  <- taken for density" } else { "" };
        self.lines.push(format!("[{}] {modality} \"{description}\"{mark}", summary.number));
        for (name, said) in facts(summary) {
            if !said.is_empty() {
                self.item("    ", name, &said);
            }
        }
        let verdicts = verdicts(scan, series, self.options);
        let served = verdicts.iter().filter(|(_, why)| why.is_empty());
        let served: Vec<String> = served.map(|(analysis, _)| named(*analysis)).collect();
        if !served.is_empty() {
            self.item("    ", "serves", &served.join(", "));
        }
        let mut name = "not";
        for (why, analyses) in by_reason(&verdicts) {
            self.item(
                "    ",
                std::mem::take(&mut name),
                &format!("{}: {why}", analyses.join(", ")),
            );
        }
        for check in checks(series, self.options) {
            self.item("    ", "note", &format!("{}: {}", check.code, check.message));
        }
    }

    fn breath(&mut self, breath: &Breath<'_>) {
        let phases: Vec<String> = breath
            .phases
            .iter()
            .map(|phase| format!("[{}] {}", phase.series.summary().number, phase.label))
            .collect();
        let phases = phases.join(", ");
        let found = format!("{} phases by {}: {phases}", breath.phases.len(), breath.labelled_by);
        let aside = breath.set_aside.iter();
        let aside =
            aside.map(|(one, what)| format!("[{}] {what}, set aside", one.summary().number));
        let why_not = breath.why_not.iter().map(|reason| format!("not comparable: {reason}"));
        let said: Vec<String> = std::iter::once(found).chain(aside).chain(why_not).collect();
        self.item("", "4D-CT", &said.join("; "));
    }

    fn passed_over(&mut self, scan: &Scan, verbose: bool) {
        let passed_over = scan.unread();
        if !passed_over.is_empty() {
            let (count, of) = (passed_over.len(), scan.files());
            self.lines.push(format!("{count} of {of} files are not images of a series"));
        }
        for file in passed_over.iter().filter(|file| verbose || file.is_damaged()) {
            self.lines.push(format!("    {}: {}", file.file(), file.reason()));
        }
    }
}

/// What is known of a series, under names.
fn facts(summary: &Summary) -> [(&'static str, String); 4] {
    let acquisition = &summary.acquisition;
    let mut size = vec![format!("{} × {}×{}", summary.slices, summary.rows, summary.columns)];
    size.extend(summary.pixel_spacing_mm.map(|[rows, columns]| match summary.slice_step_mm {
        Some(step) => format!("{columns:.3}×{rows:.3}×{step:.2} mm"),
        None => format!("{columns:.3}×{rows:.3} mm"),
    }));
    size.extend(acquisition.slice_thickness_mm.map(|mm| format!("slices {mm} mm thick")));
    size.extend(summary.orientation.map(str::to_owned));
    let scanner = [&acquisition.manufacturer, &acquisition.model];
    let scanner: Vec<&str> = scanner.into_iter().flatten().map(String::as_str).collect();
    let mut made = vec![scanner.join(" ")];
    made.extend(acquisition.kvp.map(|kv| format!("{kv} kV")));
    made.extend(acquisition.kernel.as_ref().map(|kernel| {
        let sharpness = match acquisition.sharpness() {
            Sharpness::Soft => " (soft)",
            Sharpness::Medium => " (medium)",
            Sharpness::Sharp => " (sharp)",
            Sharpness::Unknown => "",
        };
        format!("kernel {kernel}{sharpness}")
    }));
    made.extend(acquisition.contrast_agent().map(|agent| format!("contrast {agent}")));
    made.extend(summary.phase.map(|phase| format!("phase {phase}")));
    made.retain(|text| !text.is_empty());
    let mut names = vec![format!("series …{}", end(&summary.series_uid))];
    names.push(format!("study …{}", end(&summary.study_uid)));
    let frame = summary.frame_of_reference_uid.as_deref();
    names.extend(frame.map(|uid| format!("frame of reference …{}", end(uid))));
    names.extend(summary.part.clone());
    let stored = format!("{}, {}", summary.image_type.join("\\"), summary.transfer_syntax);
    [
        ("size", size.join(", ")),
        ("made", made.join(", ")),
        ("uid", names.join(", ")),
        ("stored", stored.trim_start_matches(", ").to_owned()),
    ]
}

/// Enough of a UID to tell it from others.
fn end(uid: &str) -> &str {
    let start = uid.char_indices().rev().nth(7).map_or(0, |(start, _)| start);
    &uid[start..]
}

fn named(analysis: Analysis) -> String {
    analysis.key().replace("_ct", " CT").replace('_', " ")
}

/// All analyses, each with the reasons why a series cannot serve it.
pub fn verdicts(
    scan: &Scan,
    series: &Series,
    options: LoadOptions,
) -> Vec<(Analysis, Vec<String>)> {
    let verdict = |analysis| (analysis, scan.why_not_with(series, analysis, &options));
    Analysis::ALL.map(verdict).into()
}

/// Reasons in the order in which they turn up, each with the analyses that it stands against.
fn by_reason(verdicts: &[(Analysis, Vec<String>)]) -> Vec<(String, Vec<String>)> {
    let mut reasons: Vec<(String, Vec<String>)> = Vec::new();
    for (analysis, why) in verdicts.iter().filter(|(_, why)| !why.is_empty()) {
        let why = why.join("; ");
        match reasons.iter_mut().find(|(known, _)| *known == why) {
            Some((_, analyses)) => analyses.push(named(*analysis)),
            None => reasons.push((why, vec![named(*analysis)])),
        }
    }
    reasons
}

/// What geometry and acquisition mean for density, for a series that can be measured.
pub fn checks(series: &Series, options: LoadOptions) -> Vec<Quality> {
    let Ok((grid, mut rows)) = series.geometry_with(&options) else { return Vec::new() };
    rows.extend(hilum_density::check_acquisition(&grid, &series.summary().acquisition));
    rows
}
