//! When in the breath an image was taken, as makers write it.

use std::fmt;

/// A place in the breath.
///
/// How makers write it is from memory and from public collections (not checked against their
/// conformance statements).
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum PhaseLabel {
    /// Time in the cycle in per cent of it; by custom 0 is full inspiration.
    Percent(f64),
    /// Depth of the breath in per cent of full inspiration, on the way in or out.
    Depth {
        /// 100 is full inspiration, 0 full expiration.
        percent: f64,
        /// On the way in.
        inhaling: bool,
    },
    /// Number in a list of phases.
    Position(u32),
    /// Time since the trigger in ms.
    Delay(f64),
    /// Breath held after breathing in.
    Inspiration,
    /// Breath held after breathing out.
    Expiration,
}

/// Words before a per cent sign that make it the strength of a reconstruction or a heart phase.
const NOT_BREATH: [&str; 16] = [
    "ASIR", "ASIRV", "V", "SS", "AR", "ADMIRE", "SAFIRE", "IDOSE", "DLIR", "BLEND", "ZOOM", "IR",
    "AIDR", "DIASTOLE", "SYSTOLE", "RR",
];
/// Words before a number of a list.
const LISTED: [&str; 4] = ["PHASE", "PHASES", "PH", "BIN"];
/// Words before a percentage without its sign: `CT_50`, `T50`, `Gated 50`, `4D_50`.
const GATED: [&str; 6] = ["CT", "T", "GATED", "RESP", "D", "GATE"];

impl PhaseLabel {
    /// The phase that a description or a comment names: `0%`, `T=50%`, `Gated, 50.0%`, `EX 0.0%`,
    /// `100% In`, `Phase 3`, `CT_50`, `INSPIRATION`. A percentage with its sign goes first.
    pub fn of_words(words: &str) -> Option<Self> {
        let words = words.to_uppercase();
        let numbers = numbers(&words);
        let signed = numbers.iter().find_map(Number::signed);
        signed.or_else(|| numbers.iter().find_map(Number::bare)).or_else(|| held(&words))
    }

    /// Place in the cycle, to be ordered by: within one kind of label, from full inspiration
    /// through expiration and back, as far as the label is to be believed.
    pub fn in_cycle(self) -> f64 {
        match self {
            Self::Percent(percent) => percent,
            Self::Depth { percent, inhaling: false } => (100.0 - percent) / 2.0,
            Self::Depth { percent, inhaling: true } => (50.0 + percent / 2.0) % 100.0,
            Self::Position(place) => f64::from(place),
            Self::Delay(ms) => ms,
            Self::Inspiration => 0.0,
            Self::Expiration => 50.0,
        }
    }
}

impl fmt::Display for PhaseLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent} %"),
            Self::Depth { percent, inhaling: true } => write!(f, "{percent} % in"),
            Self::Depth { percent, inhaling: false } => write!(f, "{percent} % out"),
            Self::Position(place) => write!(f, "{place}"),
            Self::Delay(ms) => write!(f, "{ms} ms"),
            Self::Inspiration => f.write_str("inspiration"),
            Self::Expiration => f.write_str("expiration"),
        }
    }
}

/// What several phases were put together to, where a description says so.
pub(crate) fn combined(words: &str) -> Option<&'static str> {
    let words = words.to_uppercase();
    let is = |names: &[&str]| split(&words).any(|word| names.contains(&word));
    if is(&["AVERAGE", "AVG", "AVE", "AVEIP", "AIP", "MEAN"]) {
        return Some("an average");
    }
    is(&["MIP", "MINIP", "MIPS"]).then_some("a projection of extremes")
}

/// A number with what stands around it.
struct Number<'a> {
    value: f64,
    /// The word before it.
    before: &'a str,
    /// What follows, blanks left out.
    after: &'a str,
}

impl Number<'_> {
    /// A percentage with its sign.
    fn signed(&self) -> Option<PhaseLabel> {
        let behind = self.after.strip_prefix('%')?;
        if !(0.0..=100.0).contains(&self.value) || NOT_BREATH.contains(&self.before) {
            return None;
        }
        let next = split(behind).next().unwrap_or_default();
        let inhaling = direction(self.before).or_else(|| direction(next));
        let percent = self.value;
        Some(inhaling.map_or(PhaseLabel::Percent(percent), |inhaling| PhaseLabel::Depth {
            percent,
            inhaling,
        }))
    }

    /// A number that its word makes a phase, unless a unit follows.
    fn bare(&self) -> Option<PhaseLabel> {
        let whole = self.value.fract() == 0.0 && (0.0..=100.0).contains(&self.value);
        let unit = self.after.starts_with(|c: char| c.is_alphabetic() || c == '%');
        if !whole || unit {
            return None;
        }
        if LISTED.contains(&self.before) {
            return Some(PhaseLabel::Position(self.value as u32));
        }
        let tens = self.value % 10.0 == 0.0;
        (tens && GATED.contains(&self.before)).then_some(PhaseLabel::Percent(self.value))
    }
}

fn direction(word: &str) -> Option<bool> {
    match word {
        "IN" | "INH" | "INSP" | "INHALE" | "INHALATION" | "INSPIRATION" => Some(true),
        "EX" | "EXH" | "EXP" | "EXHALE" | "EXHALATION" | "EXPIRATION" => Some(false),
        _ => None,
    }
}

fn held(words: &str) -> Option<PhaseLabel> {
    let begins =
        |names: &[&str]| split(words).any(|word| names.iter().any(|name| word.starts_with(name)));
    let is = |names: &[&str]| split(words).any(|word| names.contains(&word));
    match (
        begins(&["INSPI", "INHAL"]) || is(&["INSP", "TLC"]),
        begins(&["EXPIR", "EXHAL"]) || is(&["EXP", "EXPI", "FRC"]),
    ) {
        (true, false) => Some(PhaseLabel::Inspiration),
        (false, true) => Some(PhaseLabel::Expiration),
        _ => None,
    }
}

/// Runs of letters.
fn split(words: &str) -> impl Iterator<Item = &str> {
    words.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty())
}

fn numbers(words: &str) -> Vec<Number<'_>> {
    let mut numbers = Vec::new();
    let mut at = 0;
    while let Some(start) = words[at..].find(|c: char| c.is_ascii_digit()).map(|n| n + at) {
        let digit = |c: char| c.is_ascii_digit() || c == '.';
        let end = words[start..].find(|c| !digit(c)).map_or(words.len(), |n| n + start);
        let text = words[start..end].trim_end_matches('.');
        if let Ok(value) = text.parse() {
            let before = words[..start].trim_end_matches([' ', '_', '=', ',', ':', '-', '~']);
            let from = before.char_indices().rev().take_while(|(_, c)| c.is_alphabetic()).last();
            let before = from.map_or("", |(from, _)| &before[from..]);
            numbers.push(Number { value, before, after: words[end..].trim_start() });
        }
        at = end;
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::PhaseLabel::{Delay, Depth, Expiration, Inspiration, Percent, Position};
    use super::*;

    #[test]
    fn what_makers_write_is_read() {
        let out = |percent| Depth { percent, inhaling: false };
        let inward = |percent| Depth { percent, inhaling: true };
        for (words, wanted) in [
            ("0%", Percent(0.0)),
            ("T=50%", Percent(50.0)),
            ("Gated, 50.0%", Percent(50.0)),
            ("P4^P100^S100^I0, Gated, 30.0%", Percent(30.0)),
            ("Thorax 4D  B30f 70 % resp", Percent(70.0)),
            ("EX 0.0%", out(0.0)),
            ("4DCT 25% Ex", out(25.0)),
            ("100% In", inward(100.0)),
            ("RESP 75% INH 2.0", inward(75.0)),
            ("Phase 3", Position(3)),
            ("phase_10", Position(10)),
            ("BIN-7", Position(7)),
            ("CT_50", Percent(50.0)),
            ("T00", Percent(0.0)),
            ("4D_90", Percent(90.0)),
            ("ASIR 40% CT_20", Percent(20.0)),
            ("INSP_STD_JHU_COPD", Inspiration),
            ("Thorax in Inspiration 1.0 B31f", Inspiration),
            ("HRCT EXP 10mm", Expiration),
            ("Exhalation", Expiration),
        ] {
            assert_eq!(PhaseLabel::of_words(words), Some(wanted), "{words}");
        }
    }

    #[test]
    fn other_numbers_and_words_are_no_phase() {
        for words in [
            "",
            "CHEST 1.25mm ASIR 40%",
            "AR40 SS50%",
            "CT 5mm",
            "CT 50 mm",
            "THORAX 120%",
            "Lung 2.0 B70f",
            "BestDiast RR 70%",
            "insp/exp protocol",
            "expanded field",
            "Ü%3é 5.5.5%",
        ] {
            assert_eq!(PhaseLabel::of_words(words), None, "{words}");
        }
    }

    #[test]
    fn labels_go_round_from_full_inspiration() {
        let way = |labels: &[PhaseLabel]| {
            labels.windows(2).all(|pair| pair[0].in_cycle() < pair[1].in_cycle())
        };
        let depth = |percent, inhaling| Depth { percent, inhaling };
        assert!(way(&[
            depth(100.0, true),
            depth(75.0, false),
            depth(0.0, false),
            depth(25.0, true)
        ]));
        assert!(way(&[Percent(0.0), Percent(50.0), Percent(90.0)]));
        assert!(way(&[Delay(0.0), Delay(400.0)]) && way(&[Position(1), Position(2)]));
        assert!(way(&[Inspiration, Expiration]));
    }

    #[test]
    fn averages_and_projections_are_named() {
        assert_eq!(combined("4D AVE-IP"), Some("an average"));
        assert_eq!(combined("Average CT"), Some("an average"));
        assert_eq!(combined("MIP 4D"), Some("a projection of extremes"));
        assert_eq!(combined("MinIP"), Some("a projection of extremes"));
        assert_eq!(combined("average-sized gated 10%"), Some("an average"));
        assert_eq!(combined("Thorax AVENTIS"), None);
    }
}
