//! Rounding of numbers that are not negative: without a call for every voxel.

/// The nearest whole number, halves upwards, at most 255.
pub(crate) fn nearest(number: f32) -> u8 {
    let below = number as u8;
    below.saturating_add(u8::from(number - f32::from(below) >= 0.5))
}

/// The least whole number that is not below, at most 255.
pub(crate) fn ceiling(number: f32) -> u8 {
    let below = number as u8;
    below.saturating_add(u8::from(f32::from(below) < number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_as_the_standard_library_rounds_them() {
        for n in 0..4000_u16 {
            let exact = f32::from(n) / 8.0;
            for number in [exact, exact.next_down().max(0.0), exact.next_up()] {
                assert_eq!(nearest(number), number.round() as u8, "{number}");
                assert_eq!(ceiling(number), number.ceil() as u8, "{number}");
            }
        }
    }
}
