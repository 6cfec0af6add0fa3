//! The built `hilum` command, from outside.

mod refusals;
mod results;
mod support;
