//! Findings as JSON, HTML and pictures, tied to the codes of the service.
