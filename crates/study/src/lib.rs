//! One CT in, its findings out: the order of the steps.
