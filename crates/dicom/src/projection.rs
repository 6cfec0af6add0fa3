//! Source and detector of a C-arm, from its angles and distances.

use hilum_core::{Anchor, Projection, Quality};
use nalgebra::{Point3, Vector3};

use crate::projection_tags::Tags;

/// Angles of the first and the last frame may differ by this much (degrees) in a still view.
const STILL: f64 = 0.1;
/// Distances and a magnification that differ by more than this share contradict each other.
const AGREES: f64 = 0.02;

/// The projection about the isocentre, with a row for each thing that was taken for granted; or
/// one row that says why there is none.
pub(crate) fn projection(tags: &Tags) -> (Option<Projection>, Vec<Quality>) {
    match build(tags) {
        Ok((projection, rows)) => (Some(projection), rows),
        Err(reason) => (None, vec![Quality::warning("projection_unknown", reason)]),
    }
}

fn build(tags: &Tags) -> Result<(Projection, Vec<Quality>), String> {
    let mut rows = Vec::new();
    let angles = angles(tags)?;
    if let Some(what) = tags.varies {
        return Err(format!("{what} changes during the run, wanted a still view"));
    }
    let (source_detector, source_isocentre) = distances(tags, &mut rows)?;
    let magnification = source_detector / source_isocentre;
    let pitch = pitch(tags, magnification, &mut rows)?;
    if let Some(how) = &tags.turned {
        return Err(format!(
            "the picture was {how} after acquisition, wanted it as the detector saw it"
        ));
    }
    let [towards, along_row, down_column] = directions(angles);
    let middle = towards * (source_detector - source_isocentre);
    let half = [tags.rows, tags.columns].map(|count| (count as f64 - 1.0) / 2.0);
    let corner = middle - down_column * (half[0] * pitch[0]) - along_row * (half[1] * pitch[1]);
    let source = Point3::origin() - towards * source_isocentre;
    let axes = [down_column, along_row];
    let projection = Projection::new(source, Point3::from(corner), axes, pitch, Anchor::Isocentre)
        .map_err(|error| error.to_string())?;
    rows.extend(assumed(tags));
    Ok((projection, rows))
}

/// Unit vectors in LPS: from the source to the detector, along a row, down a column.
///
/// At 0/0 the patient faces the detector; the primary angle grows towards the patient's left, the
/// secondary towards the head (PS3.3 C.8.7.5.1.2). Rows run to the viewer's right for a viewer at
/// the detector who looks towards the source with the patient's head up.
pub(crate) fn directions([primary, secondary]: [f64; 2]) -> [Vector3<f64>; 3] {
    let ((sin_a, cos_a), (sin_b, cos_b)) = (primary.sin_cos(), secondary.sin_cos());
    [
        Vector3::new(sin_a * cos_b, -cos_a * cos_b, sin_b),
        Vector3::new(cos_a, sin_a, 0.0),
        Vector3::new(sin_a * sin_b, -cos_a * sin_b, -cos_b),
    ]
}

/// Primary and secondary angle in radians, the same for all frames.
fn angles(tags: &Tags) -> Result<[f64; 2], String> {
    let [Some(primary), Some(secondary)] = tags.angles else {
        let said = |angle: Option<f64>| angle.map_or("none".into(), |angle| format!("{angle}°"));
        let [primary, secondary] = tags.angles.map(said);
        return Err(format!(
            "positioner angles: primary {primary}, secondary {secondary}, wanted both"
        ));
    };
    if primary.abs() > 180.0 || secondary.abs() > 90.0 {
        return Err(format!(
            "positioner angles {primary}° and {secondary}°, wanted up to ±180° and ±90°"
        ));
    }
    if tags.sweep.is_none_or(|sweep| sweep > STILL) {
        let sweep =
            tags.sweep.map_or("by an unknown angle".into(), |sweep| format!("by {sweep:.1}°"));
        return Err(format!("the positioner turns {sweep} during the run, wanted a still view"));
    }
    Ok([primary, secondary].map(f64::to_radians))
}

/// Distances from the source to the detector and to the isocentre in mm.
fn distances(tags: &Tags, rows: &mut Vec<Quality>) -> Result<(f64, f64), String> {
    let positive = |mm: &f64| *mm > 0.0;
    let detector = tags.source_detector.filter(positive);
    let isocentre = tags.source_isocentre.filter(positive);
    let magnification = tags.magnification.filter(|m| *m > 1.0);
    let (detector, isocentre) = match (detector, isocentre, magnification) {
        (Some(detector), Some(isocentre), told) => {
            if let Some(told) = told
                && (told * isocentre / detector - 1.0).abs() > AGREES
            {
                let message = format!(
                    "magnification {told} is told, the distances {detector} and {isocentre} mm say {:.3}; the distances are taken",
                    detector / isocentre
                );
                rows.push(Quality::warning("magnification_disagrees", message));
            }
            (detector, isocentre)
        }
        (Some(detector), None, Some(m)) => {
            rows.push(from_magnification("isocentre", detector / m, m));
            (detector, detector / m)
        }
        (None, Some(isocentre), Some(m)) => {
            rows.push(from_magnification("detector", isocentre * m, m));
            (isocentre * m, isocentre)
        }
        _ => {
            let said = |mm: Option<f64>| mm.map_or("none".into(), |mm| format!("{mm} mm"));
            return Err(format!(
                "distance from the source to the detector {}, to the patient {}, wanted both, or one and the magnification",
                said(tags.source_detector),
                said(tags.source_isocentre)
            ));
        }
    };
    if isocentre >= detector {
        return Err(format!(
            "the patient is {isocentre} mm from the source, the detector {detector} mm, wanted the detector farther"
        ));
    }
    Ok((detector, isocentre))
}

fn from_magnification(what: &str, mm: f64, magnification: f64) -> Quality {
    let message = format!(
        "distance from the source to the {what} taken as {mm:.1} mm from the estimated magnification {magnification}"
    );
    Quality::warning("distance_from_magnification", message)
}

/// Distance of rows and of columns on the detector in mm.
fn pitch(tags: &Tags, magnification: f64, rows: &mut Vec<Quality>) -> Result<[f64; 2], String> {
    let positive = |pitch: &[f64; 2]| pitch.iter().all(|mm| *mm > 0.0);
    if let Some(pitch) = tags.imager_spacing.filter(positive) {
        return Ok(pitch);
    }
    let Some(spacing) = tags.pixel_spacing.filter(positive) else {
        return Err("no pixel size, wanted Imager Pixel Spacing".into());
    };
    let message = format!(
        "no Imager Pixel Spacing; Pixel Spacing of {}×{} mm is taken as that at the isocentre, {magnification:.3} times as much on the detector",
        spacing[0], spacing[1]
    );
    rows.push(Quality::warning("pixel_size_at_isocentre", message));
    Ok(spacing.map(|mm| mm * magnification))
}

/// What every projection here takes for granted.
fn assumed(tags: &Tags) -> Vec<Quality> {
    let mut rows = vec![
        Quality::info(
            "isocentre_unplaced",
            "the projection is known about the isocentre; where that lies in the patient is not told",
        ),
        Quality::info(
            "central_ray_assumed",
            "the central ray is taken to meet the middle of the picture, head up, without turn about the ray",
        ),
    ];
    if !tags.isocentre_named {
        let message =
            "the distance from the source to the patient is taken as that to the isocentre";
        rows.push(Quality::info("isocentre_distance_assumed", message));
    }
    rows
}
