//! Findings as JSON, HTML and pictures, tied to the codes of the service.
//!
//! [`Findings`] hold what a run has to say. [`json`] writes them for programs, [`html`] for
//! physicians; [`Pictures`] are made from the image itself, slice by slice.
//!
//! Nothing here measures, and nothing here diagnoses: a published range beside a number is a
//! range with its source, and every page says *research use only*.

mod analysis;
mod billing;
mod classification;
mod document;
mod earlier;
mod embedded;
mod error;
mod findings;
mod fits;
mod gauge;
mod histogram;
mod layout;
mod names;
mod numbers;
mod page;
mod parameter;
mod pictures;
mod plot;
mod provenance;
mod references;
mod services;
mod study;
mod summary;
mod tables;

pub use analysis::Analysis;
pub use billing::{Billing, Candidate, Condition, State};
pub use classification::{
    ADJUNCT, AbstentionRow, ChangeReport, ChangeRow, Classification, Confidence, CriterionRow,
    Named, StagingRow, SubtypeRow,
};
pub use document::{SCHEMA, VERSION, json};
pub use earlier::{Earlier, EarlierMeasurement, earlier};
pub use error::Error;
pub use findings::{Clusters, CtRelation, Findings, SeriesRole, SeriesUsed, Timing};
pub use histogram::Histogram;
pub use layout::SIGNIFICANT_DIGITS;
pub use page::html;
pub use parameter::{Choice, Parameter};
pub use pictures::{Frame, PictureOptions, Pictures, Stack, Still, View};
pub use services::{DATA_VERSION, Requirement, SERVICES, SOURCES, Service};
pub use study::Study;
