//! The shells of one wave so far, and whether it is out in the open.

use super::front::Limits;

/// Mean share of walled directions in sound shells, beyond the least of a voxel.
const MORE: f32 = 0.05;
/// Shells over which areas are averaged. The first of a wave are no whole fronts.
const WINDOW: usize = 3;

/// Areas and walls of the shells so far.
#[derive(Default)]
pub(crate) struct Record {
    pub(crate) areas: Vec<f64>,
    shares: Vec<f32>,
    /// Least mean area of a few shells, with the number of the last of them.
    least: Option<f64>,
}

impl Record {
    pub(crate) fn enter(&mut self, area: f64, share: f32) {
        self.areas.push(area);
        self.shares.push(share);
    }

    /// The number of sound shells, if the front has burst.
    pub(crate) fn burst(&mut self, limits: &Limits) -> Option<usize> {
        let count = self.areas.len();
        if count == 0 {
            return None;
        }
        let recent = &self.areas[count.saturating_sub(WINDOW)..];
        let mean = recent.iter().sum::<f64>() / recent.len() as f64;
        let shares = &self.shares[count.saturating_sub(WINDOW)..];
        let share = shares.iter().sum::<f32>() / shares.len() as f32;
        let least = self.least.map_or(mean, |least| least.min(mean));
        self.least = (count >= WINDOW).then_some(least);
        let grown = count > WINDOW && mean > limits.growth * least;
        let open = share < limits.walled + MORE;
        if !(grown || mean > limits.area || open) {
            return None;
        }
        let sound = self.areas.iter().rposition(|area| *area <= 1.3 * least).unwrap_or(0);
        Some(if open { sound.min(count.saturating_sub(WINDOW)) } else { sound })
    }
}
