//! What is expected and what is seen, brought together.

use hilum_core::{Ct, LabelMap, Lung, Mask};
use hilum_kernel::par;
use nalgebra::Point3;
use ndarray::Array2;

use crate::error::Error;
use crate::fissures::{Evidence, GAP, find, measured};
use crate::lobes::bronchi::{Bronchus, crossings};
use crate::lobes::complete::{SEEN, complete};
use crate::lobes::fissure::Fissure;
use crate::lobes::outlines::distance_at;
use crate::lobes::prior::{Prior, STEP};
use crate::lobes::sheet::Sheet;

/// A fissure as it went into the map.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Solved {
    pub(crate) sheet: Sheet,
    /// Nodes in the lung (for the horizontal fissure above the oblique one).
    pub(crate) inside: Array2<bool>,
    /// How sure each node was seen, 0 to 1; all 0 where nothing was looked for or believed.
    pub(crate) seen: Array2<f32>,
    /// Share of the nodes in the lung that were seen.
    pub(crate) completeness: f64,
}

/// Nodes that are surer count as seen.
const SURE: f32 = 0.3;
/// Nodes that are less sure tell nothing.
const FAINT: f32 = 0.02;
/// Where less than this share of a fissure is seen, what is seen counts no more than [`HINT`].
const BELIEVED: f64 = 0.15;
/// What a gap between vessels is worth.
const HINT: f32 = GAP;
/// Neighbouring nodes tell much the same: their variance grows by the number in a patch of this
/// width in mm.
const PATCH: f64 = 12.0;
/// Standard deviation in mm of the place at which a bronchus keeps a fissure.
const BRONCHUS: f64 = 4.0;
/// Share of a fissure that, once seen, makes bronchi dispensable.
const HALF: f64 = 0.5;
/// Rounds in which bronchi push.
const PUSHES: usize = 3;
/// Rounds in which nodes that do not fit lose weight, and deviations at which they have lost half.
const ROUNDS: usize = 4;
const OUTLYING: f64 = 4.0;

/// The fissures of the lungs that are there. Without an image it is the expectation.
///
/// What a first look finds of one fissure moves the expectation of all; the second look is around
/// that, where more of them is within reach, and alone decides.
pub(crate) fn search(
    ct: Option<&Ct>,
    lungs: &LabelMap<Lung>,
    bronchi: &[Bronchus],
    vessels: Option<&Mask>,
) -> Result<Vec<Solved>, Error> {
    let mut prior = Prior::of(lungs)?;
    let size = prior.size;
    let place = |bronchus: &Bronchus| Bronchus { point: size.point(bronchus.point), ..*bronchus };
    let bronchi: Vec<Bronchus> = bronchi.iter().map(place).collect();
    let before = prior.expectation();
    push(&mut prior, &bronchi, &[]);
    let evidence = ct.map(|ct| measured(ct, lungs, vessels, &bronchi, size)).transpose()?;
    let mut sheets = around(&prior);
    if evidence.is_some() {
        let first = solve(&mut prior, evidence.as_ref(), &sheets);
        sheets = around(&prior);
        prior.expect(before);
        push(&mut prior, &bronchi, &first);
    }
    let solved = solve(&mut prior, evidence.as_ref(), &sheets);
    let in_patient = |solved: Solved| Solved { sheet: size.in_patient(&solved.sheet), ..solved };
    Ok(solved.into_iter().map(in_patient).collect())
}

/// The sheets around which fissures are looked for.
fn around(prior: &Prior) -> [Option<Sheet>; 3] {
    Fissure::ALL.map(|fissure| prior.sheet(fissure))
}

/// Looks around sheets, oblique ones first and the horizontal one once the oblique ones were seen.
fn solve(
    prior: &mut Prior,
    evidence: Option<&Evidence>,
    around: &[Option<Sheet>; 3],
) -> Vec<Solved> {
    let [right, horizontal, left] = around;
    let look = |prior: &Prior, sheet: &Option<Sheet>, below: Option<&Sheet>| {
        sheet.as_ref().map(|sheet| Look::new(prior, evidence, sheet, below))
    };
    let (right, left) = par::join(|| look(prior, right, None), || look(prior, left, None));
    for look in [&right, &left].into_iter().flatten() {
        look.tell(prior);
    }
    let right = right.and_then(|look| look.solve(prior));
    let left = left.and_then(|look| look.solve(prior));
    let below = right.as_ref().map(|solved| &solved.sheet);
    let horizontal = look(prior, horizontal, below);
    if let Some(look) = &horizontal {
        look.tell(prior);
    }
    let horizontal = horizontal.and_then(|look| look.solve(prior));
    [right, horizontal, left].into_iter().flatten().collect()
}

/// Moves the expectation so that bronchi lie in their lobes. Fissures of which half was seen need no
/// bronchi, and one of a wrong name would only mislead.
fn push(prior: &mut Prior, bronchi: &[Bronchus], solved: &[Solved]) {
    let is_seen = |fissure: &Fissure| {
        solved.iter().any(|one| one.sheet.fissure() == *fissure && one.completeness >= HALF)
    };
    for _ in 0..PUSHES {
        let mut places = Vec::new();
        let unseen = Fissure::ALL.into_iter().filter(|fissure| !is_seen(fissure));
        for sheet in unseen.filter_map(|fissure| prior.sheet(fissure)) {
            let crossings = crossings(&sheet, bronchi);
            let deviation = BRONCHUS * (crossings.len() as f64).sqrt().max(1.0);
            places.extend(crossings.into_iter().map(|p| (sheet.fissure(), p, deviation)));
        }
        if places.is_empty() {
            return;
        }
        prior.see(&places);
    }
}

/// What a look at the image around an expected sheet gave.
struct Look {
    found: Sheet,
    inside: Array2<bool>,
    seen: Array2<f32>,
    completeness: f64,
}

impl Look {
    fn new(
        prior: &Prior,
        evidence: Option<&Evidence>,
        expected: &Sheet,
        below: Option<&Sheet>,
    ) -> Self {
        let Some(evidence) = evidence else {
            let seen = Array2::zeros(expected.shape());
            let inside = inside(prior, expected, below);
            return Self { found: expected.clone(), inside, seen, completeness: 0.0 };
        };
        let found = find(evidence, expected, below);
        let inside = inside(prior, &found.sheet, below);
        let mut look = Self { found: found.sheet, inside, seen: found.seen, completeness: 0.0 };
        look.completeness = look.share();
        if look.completeness < BELIEVED {
            look.seen.mapv_inplace(|sure| sure.min(HINT));
        }
        look
    }

    /// Share of the nodes in the lung that were seen.
    fn share(&self) -> f64 {
        let nodes = self.inside.iter().zip(&self.seen).filter(|(inside, _)| **inside);
        let (mut all, mut seen) = (0.0, 0.0);
        for (_, sure) in nodes {
            all += 1.0;
            seen += f64::from(u8::from(*sure > SURE));
        }
        if all > 0.0 { seen / all } else { 0.0 }
    }

    /// Brings the expectation up to date with what was seen. Nodes that do not fit the others weigh
    /// less from round to round: a scar is not a fissure.
    fn tell(&self, prior: &mut Prior) {
        let nodes: Vec<([usize; 2], f32)> = self
            .seen
            .indexed_iter()
            .filter(|((a, b), sure)| **sure > FAINT && self.inside[[*a, *b]])
            .map(|((a, b), sure)| ([a, b], *sure))
            .collect();
        if nodes.is_empty() {
            return;
        }
        let fissure = self.found.fissure();
        let mut trust = vec![1.0; nodes.len()];
        let before = prior.expectation();
        for _ in 0..ROUNDS {
            let places: Vec<(Fissure, Point3<f64>, f64)> = nodes
                .iter()
                .zip(&trust)
                .map(|((node, sure), trust)| {
                    // Faint answers err by more, and with more of their neighbours.
                    let sure = f64::from(*sure);
                    let deviation = (PATCH / sure) / STEP * (SEEN / sure) / f64::sqrt(*trust);
                    (fissure, self.found.node(*node), deviation)
                })
                .collect();
            prior.expect(before.clone());
            prior.see(&places);
            let Some(expected) = prior.sheet(fissure) else { return };
            for ((node, _), trust) in nodes.iter().zip(&mut trust) {
                let apart = expected.above(self.found.node(*node)) / OUTLYING;
                *trust = (1.0 / (1.0 + apart * apart)).max(1e-3);
            }
        }
    }

    /// The sheet: what was seen, else what is expected now.
    fn solve(self, prior: &Prior) -> Option<Solved> {
        let expected = prior.sheet(self.found.fissure())?;
        let sheet = complete(&self.found, &self.seen, &expected);
        let Self { inside, seen, completeness, .. } = self;
        Some(Solved { sheet, inside, seen, completeness })
    }
}

/// The nodes of a sheet that lie in its lung, and above the oblique fissure if that is given.
fn inside(prior: &Prior, sheet: &Sheet, below: Option<&Sheet>) -> Array2<bool> {
    let lung = prior.outlines.side(sheet.fissure().side());
    Array2::from_shape_fn(sheet.shape(), |(a, b)| {
        let p = sheet.node([a, b]);
        let is_above = below.is_none_or(|oblique| oblique.above(p) > 0.0);
        is_above && lung.is_some_and(|lung| distance_at(lung, p).0 < 0.0)
    })
}
