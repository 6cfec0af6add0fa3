//! Convolutional filters: other libraries, closed forms, invariants, refusals.

mod closed_form;
mod invariants;
mod oracles;
mod refusals;
mod support;
