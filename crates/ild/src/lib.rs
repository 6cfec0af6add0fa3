//! Interstitial lung disease on CT: patterns, their extent and distribution, what they fit, with
//! evidence.

pub mod emphysema;

mod assess;
mod classified;
mod error;
mod patterns;
mod rounding;
mod sides;

pub use assess::{
    ATS_2018, Abstention, Assessment, Bronchus, Categorised, Category, Change, Criterion, Evidence,
    FREQUENCIES, Facts, Frequency, GOH, IMPORTANT, Judged, Number, PROGRESSION, PriorExtent,
    Quantity, REPEATABILITY, Rule, Rules, Stage, Staging, Status, Subtype, Verdict, Wanted, When,
    Withholds, assess, band, categorise, change, staging, subtypes,
};
pub use classified::Classified;
pub use error::Error;
pub use patterns::{PatternOptions, Scene, classify};
