//! Pi10: the wall of an idealised bronchus of 10 mm inner perimeter.

use super::label::AirwayLabel;
use super::tree::{AirwayTree, WallFigures};

/// Inner perimeters in mm of the branches that take part.
pub(crate) const PERIMETERS: [f64; 2] = [6.0, 20.0];
/// Least number of branches.
pub(crate) const LEAST: usize = 8;
/// The idealised bronchus, mm.
const TEN: f64 = 10.0;

/// Square root of the area of the wall at 10 mm, with what belongs to it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pi10 {
    /// Square root of the wall's area in mm.
    pub(crate) value: f64,
    /// Where the true line lies at 10 mm with 95 % confidence.
    pub(crate) interval: [f64; 2],
}

/// The branches beyond the main bronchi whose wall was measured and whose perimeter fits.
pub(crate) fn branches(tree: &AirwayTree) -> Vec<WallFigures> {
    let central = |label: Option<AirwayLabel>| {
        matches!(label, Some(AirwayLabel::Trachea | AirwayLabel::RightMain | AirwayLabel::LeftMain))
    };
    let beyond = tree.branches().iter().filter(|b| b.generation >= 2 && !central(b.label));
    let [low, high] = PERIMETERS;
    beyond.filter_map(|b| b.wall).filter(|w| (low..=high).contains(&w.perimeter_mm)).collect()
}

/// Least squares of the root of the wall's area on the inner perimeter, at 10 mm; `None` with too few
/// branches or all of one calibre.
pub(crate) fn pi10(walls: &[WallFigures]) -> Option<Pi10> {
    if walls.len() < LEAST {
        return None;
    }
    let count = walls.len() as f64;
    let pairs: Vec<[f64; 2]> =
        walls.iter().map(|w| [w.perimeter_mm, w.wall_area_mm2.sqrt()]).collect();
    let [x, y] = [0, 1].map(|n| pairs.iter().map(|pair| pair[n]).sum::<f64>() / count);
    let sxx: f64 = pairs.iter().map(|p| (p[0] - x).powi(2)).sum();
    let sxy: f64 = pairs.iter().map(|p| (p[0] - x) * (p[1] - y)).sum();
    if sxx < 1.0 {
        return None;
    }
    let slope = sxy / sxx;
    let value = y + slope * (TEN - x);
    let residual = |p: &[f64; 2]| (p[1] - y - slope * (p[0] - x)).powi(2);
    let variance = pairs.iter().map(residual).sum::<f64>() / (count - 2.0);
    let error = (variance * (1.0 / count + (TEN - x).powi(2) / sxx)).sqrt();
    let half = student(count - 2.0) * error;
    Some(Pi10 { value, interval: [value - half, value + half] })
}

/// The 97.5 % quantile of Student's distribution (expansion in 1/n, right to 0.01 from 6 on).
pub(crate) fn student(freedom: f64) -> f64 {
    let z = 1.959_964_f64;
    let [z3, z5, z7] = [3, 5, 7].map(|power| z.powi(power));
    z + (z3 + z) / (4.0 * freedom)
        + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * freedom.powi(2))
        + (3.0 * z7 + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * freedom.powi(3))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(perimeter: f64, area: f64) -> WallFigures {
        WallFigures {
            lumen_diameter_mm: perimeter / std::f64::consts::PI,
            lumen_area_mm2: perimeter * perimeter / (4.0 * std::f64::consts::PI),
            perimeter_mm: perimeter,
            wall_area_mm2: area,
            thickness_mm: 1.0,
            wall_percent: 50.0,
            sections: 5,
        }
    }

    #[test]
    fn a_line_is_read_at_ten_millimetres() {
        let root = |perimeter: f64| 1.2 + 0.25 * perimeter;
        let walls: Vec<WallFigures> =
            (6..16).map(f64::from).map(|p| wall(p, root(p) * root(p))).collect();
        let found = pi10(&walls).unwrap();
        assert!((found.value - 3.7).abs() < 1e-9);
        assert!(found.interval[1] - found.interval[0] < 1e-6);
    }

    #[test]
    fn few_branches_have_no_line() {
        assert_eq!(pi10(&[wall(8.0, 10.0); 7]), None);
        assert_eq!(pi10(&[wall(8.0, 10.0); 20]), None);
    }

    #[test]
    fn quantiles_are_those_of_tables() {
        for (freedom, wanted) in [(6.0, 2.447), (10.0, 2.228), (30.0, 2.042)] {
            assert!((student(freedom) - wanted).abs() < 0.012, "{freedom}: {}", student(freedom));
        }
    }
}
