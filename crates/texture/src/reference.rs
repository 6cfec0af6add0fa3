//! Published reference values, and how features compare with them.

use crate::Error;

/// How many teams agreed on a reference value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Consensus {
    /// Fewer than 3, or not said.
    Weak,
    /// 3 to 5.
    Moderate,
    /// 6 to 9.
    Strong,
    /// 10 or more.
    VeryStrong,
}

impl Consensus {
    /// As the tables write it: `3-5`, `6-9`, `≥ 10`, or the words.
    fn parse(text: &str) -> Self {
        match text.trim() {
            "3-5" | "moderate" => Self::Moderate,
            "6-9" | "strong" => Self::Strong,
            "≥ 10" | "≥10" | ">= 10" | ">=10" | "very strong" => Self::VeryStrong,
            _ => Self::Weak,
        }
    }

    /// In the words of the standard.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Moderate => "moderate",
            Self::Strong => "strong",
            Self::VeryStrong => "very strong",
        }
    }
}

/// One row of a reference table.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Which image and configuration: `digital phantom`, `configuration A`.
    pub data_set: String,
    /// Name of the feature in the table: `cm_joint_max_3D_avg`.
    pub tag: String,
    /// Family and name in words.
    pub name: String,
    /// The value, in three significant digits as a rule.
    pub value: f64,
    /// How far from it a match may lie; 0 where all digits must agree.
    pub tolerance: f64,
    /// How many agreed on it.
    pub consensus: Consensus,
}

impl Reference {
    /// Whether a number matches: within the tolerance, or, where that is 0, equal in three
    /// significant digits.
    pub fn is_matched_by(&self, found: f64) -> bool {
        let slack = 1e-9 * self.value.abs();
        let distance = if self.tolerance == 0.0 {
            (found - self.value).abs().min((three_digits(found) - self.value).abs())
        } else {
            (found - self.value).abs()
        };
        distance <= self.tolerance + slack
    }
}

fn three_digits(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// Columns that a table must have.
const COLUMNS: [&str; 7] =
    ["dataset", "family", "feature", "consensus", "reference value", "tolerance", "tag"];

/// Reads a table of the standard, with commas between its columns. Rows without a value, of features
/// that were not standardised, are left out.
///
/// # Errors
///
/// [`Error::Table`] if a column is missing or a number is none.
pub fn parse_references(table: &str) -> Result<Vec<Reference>, Error> {
    let mut lines = table.trim_start_matches('\u{feff}').lines().filter(|l| !l.trim().is_empty());
    let header = cells(lines.next().unwrap_or_default());
    let mut places = [0; COLUMNS.len()];
    for (place, wanted) in places.iter_mut().zip(COLUMNS) {
        let found = header.iter().position(|name| name.trim() == wanted);
        *place = found.ok_or_else(|| Error::Table {
            found: format!("the columns {header:?}"),
            wanted: "dataset, family, feature, consensus, reference value, tolerance and tag",
        })?;
    }
    let rows = lines.map(|line| row(&cells(line), places));
    rows.filter_map(Result::transpose).collect()
}

fn row(cells: &[String], places: [usize; 7]) -> Result<Option<Reference>, Error> {
    let cell = |n: usize| cells.get(places[n]).map_or("", |cell| cell.trim());
    let [data_set, family, feature, consensus, value, tolerance, tag] =
        [0, 1, 2, 3, 4, 5, 6].map(cell);
    if value.is_empty() {
        return Ok(None);
    }
    let number = |text: &str| {
        text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(|| Error::Table {
            found: format!("`{text}` for {tag}"),
            wanted: "a number",
        })
    };
    Ok(Some(Reference {
        data_set: data_set.to_owned(),
        tag: tag.to_owned(),
        name: format!("{family}: {feature}"),
        value: number(value)?,
        tolerance: if tolerance.is_empty() { 0.0 } else { number(tolerance)? },
        consensus: Consensus::parse(consensus),
    }))
}

/// Cells of a line, some of them between quotation marks.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cells.last_mut().expect("never empty").push(c),
        }
    }
    cells
}
