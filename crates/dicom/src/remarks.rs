//! What is to be known of the numbers of a series.

use std::ops::RangeInclusive;

use hilum_core::{Hu, Quality};

use crate::frame::Opened;
use crate::message::agreeing;
use crate::slice::Slice;

pub(crate) fn rescale_row(slices: &[&Slice]) -> Option<Quality> {
    let without = slices.iter().filter(|slice| !slice.rescale.given).count();
    (without > 0).then(|| {
        let message = format!(
            "{without} of {} slices {} not say how stored numbers become HU; taken as slope 1 and intercept 0 where absent",
            slices.len(),
            agreeing(without, "does", "do")
        );
        Quality::warning("rescale_missing", message)
    })
}

pub(crate) fn lossy_row(slices: &[&Slice]) -> Option<Quality> {
    let lossy = slices.iter().filter(|slice| slice.header.lossy).count();
    (lossy > 0).then(|| {
        let message = format!(
            "{lossy} of {} slices {} compressed with loss, which changes CT numbers",
            slices.len(),
            agreeing(lossy, "was", "were")
        );
        Quality::warning("lossy_compression", message)
    })
}

pub(crate) fn repaired_row(opened: &Opened, slices: &[&Slice]) -> Option<Quality> {
    let repaired = opened.repaired();
    (repaired > 0).then(|| {
        let message = format!(
            "{repaired} of {} slices gave a wrong length of the last part of their compressed stream; read to the end of it instead",
            slices.len()
        );
        Quality::warning("repaired_streams", message)
    })
}

/// CT numbers that stand for "not measured". Where slices declare different ones, all that lie
/// between the least and the greatest do, as long as no tissue or air does.
pub(crate) fn padding(slices: &[&Slice]) -> (Option<RangeInclusive<i16>>, Option<Quality>) {
    let mut found: Option<(i16, i16)> = None;
    for slice in slices {
        let Some(ends) = slice.padding else { continue };
        let [a, b] = ends.map(|end| Hu::nearest(end as f32).0);
        let (least, most) = found.unwrap_or((a.min(b), a.max(b)));
        found = Some((least.min(a).min(b), most.max(a).max(b)));
    }
    let Some((least, most)) = found else { return (None, None) };
    // Air in a noisy lung reaches down to here.
    let near_air = most >= -1200;
    let row = near_air.then(|| {
        let message = format!(
            "padding is declared as {least} to {most} HU, where measured air may lie too; such voxels count as not measured"
        );
        Quality::warning("padding_near_air", message)
    });
    (Some(least..=most), row)
}
