//! Chest phantoms with exact truth.
