//! The runtime of networks; no other file knows whose it is.

use std::sync::Arc;

use hilum_core::guarded;
use tract_onnx::prelude::{
    DatumExt, DatumType, Framework, InferenceModel, InferenceModelExt, IntoRunnable, TVec, Tensor,
    TractError, TypedModel, TypedRunnableModel, tvec,
};
use tract_onnx::tract_hir::infer::Factoid;
use tract_onnx::tract_hir::internal::DimLike;

use crate::Error;

/// A network made ready for patches of one size.
pub(crate) struct Runtime {
    plan: Arc<TypedRunnableModel>,
    input: TVec<usize>,
    channels: usize,
}

impl Runtime {
    /// Takes an ONNX file as bytes. Weights in files beside it are not looked for.
    ///
    /// # Errors
    ///
    /// [`Error::Network`], [`Error::Input`] or [`Error::Output`].
    pub(crate) fn new(onnx: &[u8], patch: [usize; 3]) -> Result<Self, Error> {
        fenced(|| {
            let input = input_shape(patch);
            let model = tract_onnx::onnx().model_for_read(&mut &*onnx).map_err(unusable)?;
            check_input(&model, &input)?;
            let model = model
                .with_input_fact(0, f32::fact(&input).into())
                .and_then(InferenceModelExt::into_optimized)
                .map_err(unusable)?;
            let channels = channels(&model, &input)?;
            let plan = model.into_runnable().map_err(unusable)?;
            Ok(Self { plan, input, channels })
        })
    }

    /// Number of scores that each voxel gets.
    pub(crate) fn channels(&self) -> usize {
        self.channels
    }

    /// Scores of one patch `[k, j, i]`, as `[channel, k, j, i]`.
    ///
    /// # Errors
    ///
    /// [`Error::Network`] in the runtime's words.
    pub(crate) fn scores(&self, patch: &[f32]) -> Result<Vec<f32>, Error> {
        fenced(|| {
            let tensor = Tensor::from_shape(&self.input, patch).map_err(unusable)?;
            let outputs = self.plan.run(tvec!(tensor.into())).map_err(unusable)?;
            let scores = outputs[0].cast_to::<f32>().map_err(unusable)?;
            let scores = scores.to_plain_array_view::<f32>().map_err(unusable)?;
            Ok(scores.iter().copied().collect())
        })
    }
}

/// `[1, 1, rows, columns]` for one slice, else `[1, 1, slices, rows, columns]`.
fn input_shape(patch: [usize; 3]) -> TVec<usize> {
    let mut shape = tvec!(1, 1);
    shape.extend(patch.into_iter().skip(usize::from(patch[0] == 1)));
    shape
}

/// One input, of the wanted shape as far as the file fixes it.
fn check_input(model: &InferenceModel, wanted: &[usize]) -> Result<(), Error> {
    let refuse = |found| Err(Error::Input { found, wanted: wanted.to_vec() });
    let [input] = model.inputs[..] else {
        return refuse(format!("{} inputs", model.inputs.len()));
    };
    let fact = model.outlet_fact(input).map_err(unusable)?;
    let sizes: Vec<Option<usize>> = fact
        .shape
        .dims()
        .map(|size| size.concretize().and_then(|size| size.to_usize().ok()))
        .collect();
    let alike = sizes.iter().zip(wanted).all(|(size, wanted)| size.is_none_or(|n| n == *wanted));
    let full = fact.shape.is_open() || sizes.len() == wanted.len();
    let kind = fact.datum_type.concretize().unwrap_or(DatumType::F32);
    if alike && full && kind == DatumType::F32 {
        return Ok(());
    }
    let sizes = sizes.iter().map(|size| size.map_or("?".into(), |n| n.to_string()));
    refuse(format!("{kind:?} [{}]", sizes.collect::<Vec<_>>().join(", ")))
}

/// Channels of the first output, which must have the sizes of the input.
fn channels(model: &TypedModel, input: &[usize]) -> Result<usize, Error> {
    let refuse = |found| Err(Error::Output { found, wanted: input[2..].to_vec() });
    let Some(output) = model.outputs.first() else { return refuse("nothing".into()) };
    let shape = &model.outlet_fact(*output).map_err(unusable)?.shape;
    match shape.as_concrete() {
        Some([1, channels @ 1..=255, sizes @ ..]) if *sizes == input[2..] => Ok(*channels),
        _ => refuse(format!("{shape:?}")),
    }
}

/// Refuses instead of panicking: the runtime does that on some broken files.
fn fenced<R>(work: impl FnOnce() -> Result<R, Error>) -> Result<R, Error> {
    guarded(work).unwrap_or_else(|| Err(Error::Network("the runtime broke off on it".into())))
}

/// The runtime's reasons, from the outermost to the innermost.
#[expect(clippy::needless_pass_by_value, reason = "shape of `map_err`")]
fn unusable(error: TractError) -> Error {
    Error::Network(format!("{error:#}"))
}
