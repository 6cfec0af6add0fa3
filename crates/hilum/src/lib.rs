//! hilum.
