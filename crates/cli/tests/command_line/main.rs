//! The built `hilum` command, from outside.

mod ild;
mod networks;
#[cfg(feature = "onnx")]
#[path = "../../../network/tests/tiny/onnx.rs"]
#[allow(dead_code, reason = "the tests beside it use all of it")]
mod onnx;
mod refusals;
mod results;
mod support;
