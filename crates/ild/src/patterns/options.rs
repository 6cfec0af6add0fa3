//! What may be chosen.

use crate::emphysema::Posteriors;

/// What [`super::classify`] is told beside the scene.
#[derive(Clone, Copy, Debug, Default)]
pub struct PatternOptions<'a> {
    /// What a model trained on patches makes of the same image. Where it is given, emphysema is what
    /// the model and the density together say, and its subtypes are told.
    pub emphysema: Option<&'a Posteriors>,
}
