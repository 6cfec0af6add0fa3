//! DICOM in and out of hilum's vocabulary.
