//! Density of the lung: histogram metrics and low-attenuation clusters.
