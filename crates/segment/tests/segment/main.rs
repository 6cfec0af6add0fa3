//! Lungs against phantoms with exact truth, against closed forms and against public data.

mod airways;
mod given;
mod mishaps;
mod order;
mod phantom;
mod public_data;
mod refusals;
mod scheme;
mod support;
mod variants;
mod vessels;
mod zones;
