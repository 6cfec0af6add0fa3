//! Phases by the air in the lungs, where their labels cannot be believed.

use hilum_core::Quality;

/// Phases in the order in which they are to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BreathingOrder {
    /// Places in the list that was given: round the cycle as labelled, or from the greatest volume
    /// to the least.
    pub order: Vec<usize>,
    /// Whether the order is that of the labels.
    pub as_labelled: bool,
    /// What is to be known about it.
    pub quality: Vec<Quality>,
}

/// A rise and fall by this share of the breath is noise of the segmentation.
const NOISE: f64 = 0.1;

/// A breath that moves less than this share of the volume is none.
const STILL: f64 = 0.01;

/// Decides whether phases that are listed in the cyclic order of their labels breathe: their lung
/// volumes (in any unit) then rise to one maximum and fall to one minimum, going round. Turns by
/// less than a tenth of the breath are let pass.
///
/// Where they do, the order stays. Where they do not, the labels lie, and the order is that of
/// falling volume, with the warning `phase_labels`: which phases were breathed in and which out is
/// then not known. Three phases or fewer always rise and fall once. Volumes that differ by less
/// than a hundredth are told as `no_breathing`, and so is a volume that is not finite.
///
/// Cost: `O(n log n)`.
pub fn order_by_volume(volumes: &[f64]) -> BreathingOrder {
    let as_labelled = |quality| BreathingOrder {
        order: (0..volumes.len()).collect(),
        as_labelled: true,
        quality,
    };
    let least = volumes.iter().copied().fold(f64::INFINITY, f64::min);
    let most = volumes.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let finite = volumes.iter().all(|volume| volume.is_finite());
    if !finite || most - least <= STILL * most.abs() {
        let message = format!(
            "lung volumes of {} phases lie between {least:.0} and {most:.0}, wanted a breath of more than {} %; labels are taken as they are",
            volumes.len(),
            100.0 * STILL
        );
        return as_labelled(vec![Quality::warning("no_breathing", message)]);
    }
    let turns = turns(volumes, NOISE * (most - least));
    if turns <= 2 {
        return as_labelled(Vec::new());
    }
    let mut order: Vec<usize> = (0..volumes.len()).collect();
    order.sort_by(|a, b| volumes[*b].total_cmp(&volumes[*a]));
    let message = format!(
        "going round the labels, lung volume turns {turns} times, wanted once up and once down: phases are ordered by volume, from {most:.0} to {least:.0}, and which were breathed in or out is not known"
    );
    let quality = vec![Quality::warning("phase_labels", message)];
    BreathingOrder { order, as_labelled: false, quality }
}

/// How often volume turns between rising and falling on its way round, by more than `noise`.
fn turns(volumes: &[f64], noise: f64) -> usize {
    let count = volumes.len();
    let lowest = (0..count).min_by(|a, b| volumes[*a].total_cmp(&volumes[*b])).unwrap_or(0);
    // From the minimum round to the minimum: the extreme since the last turn moves along.
    let (mut turns, mut rising, mut extreme) = (1, true, volumes[lowest]);
    for n in 1..=count {
        let volume = volumes[(lowest + n) % count];
        let ahead = if rising { volume - extreme } else { extreme - volume };
        if ahead >= 0.0 {
            extreme = volume;
        } else if -ahead > noise {
            turns += 1;
            rising = !rising;
            extreme = volume;
        }
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breath(phases: usize, shift: f64) -> Vec<f64> {
        let angle = |n: usize| std::f64::consts::TAU * (n as f64 / phases as f64 - shift);
        (0..phases).map(|n| 4000.0 + 300.0 * angle(n).cos()).collect()
    }

    #[test]
    fn a_breath_keeps_its_labels_wherever_it_begins() {
        for phases in [2, 3, 4, 5, 8, 10] {
            for shift in [0.0, 0.13, 0.5, 0.77] {
                let found = order_by_volume(&breath(phases, shift));
                assert!(found.as_labelled, "{phases} phases from {shift}");
                assert_eq!(found.order, (0..phases).collect::<Vec<_>>());
                assert_eq!(found.quality, []);
            }
        }
    }

    #[test]
    fn small_turns_are_noise() {
        let mut volumes = breath(10, 0.0);
        volumes[4] -= 45.0;
        assert!(order_by_volume(&volumes).as_labelled);
        volumes[2] -= 400.0;
        assert!(!order_by_volume(&volumes).as_labelled);
    }

    #[test]
    fn exchanged_labels_are_found_and_volume_orders() {
        let mut volumes = breath(6, 0.05);
        volumes.swap(1, 3);
        let found = order_by_volume(&volumes);
        assert!(!found.as_labelled);
        let ordered: Vec<f64> = found.order.iter().map(|n| volumes[*n]).collect();
        assert!(ordered.windows(2).all(|pair| pair[0] >= pair[1]));
        assert_eq!(found.quality[0].code, "phase_labels");
        assert!(found.quality[0].message.contains("turns 4 times"), "{:?}", found.quality);
    }

    #[test]
    fn lungs_that_hold_still_are_told() {
        for volumes in [vec![4000.0, 4001.0, 4000.5], vec![], vec![5.0], vec![f64::NAN, 1.0, 9.0]] {
            let found = order_by_volume(&volumes);
            assert!(found.as_labelled);
            assert_eq!(found.quality[0].code, "no_breathing");
        }
    }
}
