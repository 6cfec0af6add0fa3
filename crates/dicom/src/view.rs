//! What one frame of a file says, wherever the file says it.

use dicom_core::Tag;
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use dicom_object::mem::InMemElement;

use crate::attributes::{element_numbers, element_text, item, items};

/// Attributes as one frame sees them: its own functional group, the shared one, the top level.
pub(crate) struct View<'a> {
    object: &'a InMemDicomObject,
    own: Option<&'a InMemDicomObject>,
    shared: Option<&'a InMemDicomObject>,
}

impl<'a> View<'a> {
    pub(crate) fn new(object: &'a InMemDicomObject, frame: usize) -> Self {
        let own = items(object, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(frame);
        Self { object, own, shared: item(object, tags::SHARED_FUNCTIONAL_GROUPS_SEQUENCE) }
    }

    fn element(&self, group: Tag, tag: Tag) -> Option<&'a InMemElement> {
        let within = |macros: Option<&'a InMemDicomObject>| item(macros?, group)?.get(tag);
        within(self.own).or_else(|| within(self.shared)).or_else(|| self.object.get(tag))
    }

    pub(crate) fn text(&self, group: Tag, tag: Tag) -> Option<String> {
        element_text(self.element(group, tag)?)
    }

    pub(crate) fn numbers<const N: usize>(&self, group: Tag, tag: Tag) -> Option<[f64; N]> {
        element_numbers(self.element(group, tag)?)?.try_into().ok()
    }

    pub(crate) fn all_numbers(&self, group: Tag, tag: Tag) -> Option<Vec<f64>> {
        element_numbers(self.element(group, tag)?)
    }

    pub(crate) fn number(&self, group: Tag, tag: Tag) -> Option<f64> {
        element_numbers(self.element(group, tag)?)?.first().copied()
    }
}
