//! Measures lungs on CT: from DICOM to a report whose numbers anyone can derive again.
//!
//! This crate is the front door. The vocabulary ([`Grid`], [`Volume`], [`Ct`], [`Measurement`] …)
//! stands at its root; each module is one crate of the workspace:
//!
//! | module | answers |
//! |---|---|
//! | [`dicom`] | which series lie here, and what does this one show in HU? |
//! | [`files`] | the same for NIfTI, MetaImage and NRRD, in and out |
//! | [`segment`] | where are the lungs, right and left, their thirds, rind and core? |
//! | [`density`] | how dense are they, how much of them is low in attenuation? |
//! | [`texture`] | what does a region look like, in the features of the IBSI? |
//! | [`ild`] | which patterns of disease, how much of each, what does it fit? |
//! | [`report`] | how does a physician read this, and how does a program? |
//! | [`kernel`] | the numerics under all of them, parallel and deterministic |
//!
//! # From a folder to a number
//!
//! ```no_run
//! use hilum::{Lungs, Site, density, dicom, segment};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let scan = dicom::scan("folder".as_ref(), &|_, _| {})?;
//! let ct = dicom::choose(&scan, None)?.load(&|_, _| {})?.ct;
//! let thorax = segment::thorax(&ct, &segment::Options::default())?;
//! let partition = segment::partition(&thorax, None, segment::ThirdsBy::Volume, 10.0)?;
//! let measured = density::measure(&ct, &partition, &density::Options::default())?;
//! let laa = measured.value("laa_950", Site::Whole(Lungs::Both));
//! # let _ = laa;
//! # Ok(())
//! # }
//! ```
//!
//! Everything here is for research use only.

pub use hilum_core::*;
pub use hilum_density as density;
pub use hilum_dicom as dicom;
pub use hilum_files as files;
pub use hilum_ild as ild;
pub use hilum_kernel as kernel;
pub use hilum_report as report;
pub use hilum_segment as segment;
pub use hilum_texture as texture;
