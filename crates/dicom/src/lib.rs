//! DICOM in and out of hilum's vocabulary.
//!
//! [`scan`] reads the headers under a path and sorts them into [`Series`], [`choose`] takes the
//! one to be measured, [`Series::load`] makes a CT of it:
//!
//! ```no_run
//! # fn main() -> Result<(), hilum_dicom::Error> {
//! let scan = hilum_dicom::scan("folder".as_ref(), &|_, _| {})?;
//! let loaded = hilum_dicom::choose(&scan, None)?.load(&|_, _| {})?;
//! println!("{:?} voxels", loaded.ct.grid().shape());
//! # Ok(())
//! # }
//! ```
//!
//! Runs of fluoroscopy go the same way: [`choose_cine`], then [`Series::load_cine`].
//!
//! # Conventions
//!
//! - Positions come from *Image Position (Patient)* along the normal of the slices, never from
//!   the slice thickness or the order of files.
//! - CT numbers are stored numbers times slope plus intercept, slice by slice.
//! - No error and no list names a patient. [`Identity`] holds who and when, and prints nothing.

mod acquisition;
mod analysis;
mod attributes;
mod between;
mod breath;
mod breathing_order;
mod choose;
mod cine;
mod cine_choose;
mod cine_clock;
mod cine_eligible;
mod cine_field;
mod cine_intensity;
mod cine_run;
mod cine_table;
mod cine_times;
mod codec;
mod codestream;
mod cosine_jpeg;
mod dataset;
mod decimal;
mod directory;
mod elements;
mod eligible;
mod encapsulated;
mod error;
mod frame;
mod geometry;
mod group;
mod guard;
mod header;
mod huffman;
mod identity;
mod image;
mod inverse_cosine;
mod jpeg;
mod jpeg_2000;
mod jpeg_ls;
mod library;
mod load;
mod lossless_jpeg;
mod made_up;
mod message;
mod object;
mod opening;
mod options;
mod orientation;
mod parts;
mod phase_label;
mod preference;
mod projection;
mod projection_tags;
mod remarks;
mod run_length;
mod scan;
mod series;
mod single;
mod slice;
mod source;
mod spacing;
mod stack;
mod stored;
mod table;
mod uid;
mod view;
mod walk;
mod write;
mod write_cine;

pub use analysis::Analysis;
pub use breath::{Breath, Pair, Phase, pairs, phases};
pub use breathing_order::{BreathingOrder, order_by_volume};
pub use choose::{Choice, choose};
pub use cine::{CineFacts, LoadedCine};
pub use cine_choose::choose_cine;
pub use error::Error;
pub use guard::quiet_decoders;
pub use identity::{Identity, ImageReference};
pub use image::Image;
pub use load::Loaded;
pub use options::{LoadOptions, Uneven};
pub use phase_label::PhaseLabel;
pub use scan::{Progress, Scan, scan};
pub use series::{Series, Summary, Unread};
pub use single::choose_slice;
pub use uid::uid;
pub use write::{Export, write_series};
pub use write_cine::write_cine;
