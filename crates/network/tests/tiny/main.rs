//! Networks so small that their answer is known, made here.
#![cfg(feature = "onnx")]

mod images;
mod neighbours;
mod onnx;
mod operators;
mod pointwise;
mod refusals;
