//! Body, airways and lungs on CT.
