//! NIfTI, MetaImage and NRRD in and out of hilum's vocabulary.
