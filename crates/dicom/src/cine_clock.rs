//! Frames that carry the date and time of their acquisition.

use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;

use crate::attributes::items;
use crate::view::View;

/// Seconds from the first frame to each, from *Frame Acquisition DateTime* or *Frame Reference
/// DateTime* of enhanced files; `None` where the first frame has neither.
pub(crate) fn clock_times(
    object: &InMemDicomObject,
    frames: usize,
) -> Option<Result<Vec<f64>, String>> {
    let found = items(object, tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).len();
    if found != frames {
        return (found > 0).then(|| Err(format!("groups for {found} of {frames} frames")));
    }
    let read = |tag, frame| {
        let text = View::new(object, frame).text(tags::FRAME_CONTENT_SEQUENCE, tag)?;
        Some(moment(&text))
    };
    let tag = [tags::FRAME_ACQUISITION_DATE_TIME, tags::FRAME_REFERENCE_DATE_TIME]
        .into_iter()
        .find(|tag| read(*tag, 0).is_some())?;
    let moments: Option<Vec<(i64, f64)>> = (0..frames).map(|frame| read(tag, frame)?).collect();
    let Some(moments) = moments else { return Some(Err("not for every frame".into())) };
    let (first_day, first) = moments[0];
    let times: Vec<f64> = moments
        .iter()
        .map(|(day, seconds)| (day - first_day) as f64 * 86_400.0 + seconds - first)
        .collect();
    match times.windows(2).position(|pair| pair[1] <= pair[0]) {
        Some(still) => Some(Err(format!("frame {} is not later than the one before", still + 2))),
        None => Some(Ok(times)),
    }
}

/// Day and seconds of the day of `YYYYMMDDHHMMSS.FFFFFF`. An offset from universal time is left
/// out: it is the same for all frames.
pub(crate) fn moment(text: &str) -> Option<(i64, f64)> {
    let text = text.split(['+', '-', '&']).next()?.trim();
    let (date, clock) = text.split_at_checked(8)?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = clock.split('.').next()?;
    if !digits(date) || whole.len() != 6 || !digits(whole) {
        return None;
    }
    let [year, month, day]: [i64; 3] =
        [date[..4].parse().ok()?, date[4..6].parse().ok()?, date[6..].parse().ok()?];
    let [hours, minutes]: [f64; 2] = [clock[..2].parse().ok()?, clock[2..4].parse().ok()?];
    let seconds: f64 = clock[4..].parse().ok()?;
    // Days of the Gregorian calendar, with the year beginning in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day;
    Some((days, 3600.0 * hours + 60.0 * minutes + seconds))
}

#[cfg(test)]
mod tests {
    use super::moment;

    fn apart(a: &str, b: &str) -> f64 {
        let ((day, at), (next, later)) = (moment(a).unwrap(), moment(b).unwrap());
        (next - day) as f64 * 86_400.0 + later - at
    }

    #[test]
    fn time_runs_on_over_midnight_and_the_ends_of_months() {
        assert!((apart("20240101000000.25", "20240101000001.5") - 1.25).abs() < 1e-9);
        assert!((apart("20240228235959.5+0100", "20240229000000.0+0100") - 0.5).abs() < 1e-9);
        assert_eq!(apart("20230228235959", "20230301000000"), 1.0);
        assert_eq!(apart("20001231235959", "20010101000000"), 1.0);
    }

    #[test]
    fn what_is_no_moment_is_none() {
        for text in [
            "",
            "2024",
            "20240101",
            "2024010112",
            "2024010112ab00",
            "2024ä10112000",
            "20240101120000.x",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }
}
