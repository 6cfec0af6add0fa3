//! Names of the branches, from where they come out and where they lead.

use nalgebra::Point3;

use super::label::AirwayLabel;
use super::tree::AirwayTree;

/// A branch with less tree in mm behind it takes part in no decision.
const TWIG: f64 = 18.0;
/// Places must differ by so many mm to tell branches apart.
const APART: f64 = 8.0;
/// Share of the way down that the middle lobe's bronchus goes forward, at least.
const FORWARD: f64 = 0.5;

/// Writes labels into the tree: of trachea, main and lobar bronchi, each where it is certain.
///
/// Trachea: the root. Main bronchi: its two great children, the right one to the patient's right. On
/// the right, the upper lobe's is the first great child whose tree lies higher than the other's; the
/// other is the intermediate bronchus, of which the middle lobe's is the great child with the
/// foremost tree. On the left, the upper lobe's leads higher and farther to the front than
/// the lower lobe's.
pub(crate) fn name(tree: &mut AirwayTree) {
    if tree.branches().is_empty() {
        return;
    }
    let reach = Reach::of(tree);
    let mut labels = vec![None; tree.branches().len()];
    let carina = run(tree, &reach, 0, AirwayLabel::Trachea, &mut labels);
    if let [a, b] = reach.great(tree, carina)[..] {
        let apart = reach.middle(a).x - reach.middle(b).x;
        if apart.abs() >= 4.0 * APART {
            let (right, left) = if apart < 0.0 { (a, b) } else { (b, a) };
            name_right(tree, &reach, right, &mut labels);
            name_left(tree, &reach, left, &mut labels);
        }
    }
    for (branch, label) in tree.branches_mut().iter_mut().zip(labels) {
        branch.label = label;
    }
}

type Labels = Vec<Option<AirwayLabel>>;

/// Labels a branch, and what goes on from it as long as no other great branch leaves. Returns the
/// last of them.
fn run(
    tree: &AirwayTree,
    reach: &Reach,
    first: usize,
    label: AirwayLabel,
    labels: &mut Labels,
) -> usize {
    let mut here = first;
    loop {
        labels[here] = Some(label);
        match reach.great(tree, here)[..] {
            [only] => here = only,
            _ => return here,
        }
    }
}

fn name_right(tree: &AirwayTree, reach: &Reach, main: usize, labels: &mut Labels) {
    let end = run(tree, reach, main, AirwayLabel::RightMain, labels);
    let mut great = reach.great(tree, end);
    great.sort_by(|a, b| reach.middle(*b).z.total_cmp(&reach.middle(*a).z));
    let [upper, intermediate] = great[..] else { return };
    if reach.middle(upper).z - reach.middle(intermediate).z < APART {
        return;
    }
    labels[upper] = Some(AirwayLabel::RightUpper);
    let end = run(tree, reach, intermediate, AirwayLabel::Intermediate, labels);
    let mut great = reach.great(tree, end);
    great.sort_by(|a, b| reach.middle(*a).y.total_cmp(&reach.middle(*b).y));
    let [middle, lower, ..] = great[..] else { return };
    if reach.middle(lower).y - reach.middle(middle).y < APART || !is_forward(tree, reach, middle) {
        return;
    }
    labels[middle] = Some(AirwayLabel::RightMiddle);
    great[1..].iter().for_each(|branch| labels[*branch] = Some(AirwayLabel::RightLower));
}

/// Whether the tree of a branch lies farther in front of where that comes out than [`FORWARD`] times as it lies
/// below. The middle lobe's does; the medial basal segment's, foremost of the lower lobe, does not.
fn is_forward(tree: &AirwayTree, reach: &Reach, branch: usize) -> bool {
    let Some(mouth) = tree.branches()[branch].centreline.first() else { return false };
    let away = reach.middle(branch) - mouth;
    -away.y >= FORWARD * -away.z
}

fn name_left(tree: &AirwayTree, reach: &Reach, main: usize, labels: &mut Labels) {
    let end = run(tree, reach, main, AirwayLabel::LeftMain, labels);
    // Up and to the front, as the oblique fissure parts the lobes.
    let rank = |branch: usize| reach.middle(branch).z - reach.middle(branch).y;
    let mut great = reach.great(tree, end);
    great.sort_by(|a, b| rank(*b).total_cmp(&rank(*a)));
    let [upper, lower] = great[..] else { return };
    if rank(upper) - rank(lower) < 2.0 * APART {
        return;
    }
    labels[upper] = Some(AirwayLabel::LeftUpper);
    labels[lower] = Some(AirwayLabel::LeftLower);
    name_lingula(tree, reach, upper, labels);
}

/// The lingula's is the lower of the two great children of the left upper lobe's.
fn name_lingula(tree: &AirwayTree, reach: &Reach, upper: usize, labels: &mut Labels) {
    let end = run(tree, reach, upper, AirwayLabel::LeftUpper, labels);
    let mut great = reach.great(tree, end);
    great.sort_by(|a, b| reach.middle(*a).z.total_cmp(&reach.middle(*b).z));
    let [lingula, other] = great[..] else { return };
    if reach.middle(other).z - reach.middle(lingula).z >= 2.0 * APART {
        labels[lingula] = Some(AirwayLabel::Lingula);
    }
}

/// How much tree hangs on each branch, and where its middle is.
struct Reach {
    length: Vec<f64>,
    middle: Vec<Point3<f64>>,
}

impl Reach {
    fn of(tree: &AirwayTree) -> Self {
        let branches = tree.branches();
        let mut length = vec![0.0; branches.len()];
        let mut sum = vec![Point3::origin(); branches.len()];
        for (n, branch) in branches.iter().enumerate().rev() {
            for point in &branch.centreline {
                sum[n] += point.coords;
                length[n] += 1.0;
            }
            if let Some(parent) = branch.parent {
                let (own, many) = (sum[n], length[n]);
                sum[parent] += own.coords;
                length[parent] += many;
            }
        }
        let middle = sum.iter().zip(&length).map(|(sum, n)| sum / f64::max(*n, 1.0)).collect();
        Self { length, middle }
    }

    /// The children that lead on to more than twigs.
    fn great(&self, tree: &AirwayTree, branch: usize) -> Vec<usize> {
        tree.children(branch).filter(|child| self.length[*child] >= TWIG).collect()
    }

    fn middle(&self, branch: usize) -> Point3<f64> {
        self.middle[branch]
    }
}
