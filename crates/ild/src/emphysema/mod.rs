//! Emphysema and its subtypes, told from the density around each site by a trained model.

mod algebra;
mod bins;
mod blend;
mod dense;
mod error;
mod features;
mod format;
mod landmarks;
mod logistic;
mod model;
mod patches;
mod plane;
mod posteriors;
mod response;
mod reticular;
mod score;
mod summed;
mod train;
mod validate;
mod windows;

pub(crate) use blend::Around;
pub use dense::posteriors;
pub use error::Error;
pub use model::Model;
pub use patches::Patches;
pub use posteriors::Posteriors;
pub(crate) use posteriors::{MOST_CLASSES, emphysema};
pub use reticular::reticular_log_odds;
pub use score::Score;
pub use train::train;
pub use validate::{classify, cross_validate, cross_validate_neighbours};
