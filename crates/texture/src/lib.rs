//! Features of the Image Biomarker Standardisation Initiative (IBSI) on regions of an image.
