//! The trachea: a round hole that goes on from slice to slice.

use hilum_core::{Hu, Mask};
use hilum_kernel::{Components, Connectivity, par};

use crate::body::Body;
use crate::coarse::Coarse;
use crate::window::Window;

/// Lumen reads below this in block means.
const LUMEN: Hu = Hu(-700);
/// Cross-section of a trachea in mm², from a child's to a wide one.
const AREA: [f64; 2] = [40.0, 800.0];
/// Longest over shortest side of a cross-section.
const ASPECT: f64 = 2.2;
/// Share of its box that a round cross-section fills (a disk: 0.79).
const FILL: f64 = 0.5;
/// How far the centre may move in mm from slice to slice, and more for each mm between slices.
const SHIFT: [f64; 2] = [3.0, 0.6];
/// Largest ratio of areas of neighbouring cross-sections.
const AREA_RATIO: f64 = 2.5;
/// A chain of cross-sections must be this long in mm to be a trachea.
const LENGTH: f64 = 20.0;

/// A cross-section in a slice of the coarse grid.
#[derive(Clone)]
pub(crate) struct Section {
    pub(crate) window: Window,
    area: f64,
    /// Length in mm of the chain that ends here, counted from above.
    length: f64,
    above: Option<usize>,
}

/// The cross-sections of the trachea from the top of the image (or the larynx) to the carina.
///
/// Of all chains of round holes, the longest whose lower end lies in the upper two thirds of
/// `lungs`, the box of the largest piece of air. Gas in the colon can be as round and as long,
/// but lies below; gas in the oesophagus makes short chains.
pub(crate) fn trachea(coarse: &Coarse, body: &Body, lungs: &Window) -> Option<Vec<Section>> {
    let lumen = par::zip(&coarse.hu, &body.inside, |hu, inside| *inside && *hu < LUMEN);
    let sections = chained(round_holes(&lumen), coarse.grid().spacing());
    let lowest = lungs[0].start + lungs[0].len() / 3;
    let middle = lungs[0].start + lungs[0].len() / 2;
    let good = |section: &&Section| section.length >= LENGTH && section.window[0].start >= lowest;
    let best = sections
        .iter()
        .filter(good)
        .filter(|section| top(&sections, section) >= middle)
        .fold(None, |best: Option<&Section>, section| match best {
            Some(best) if best.length >= section.length => Some(best),
            _ => Some(section),
        })?;
    Some(chain(&sections, best))
}

/// Round holes of a trachea's size, from the top slice down.
fn round_holes(lumen: &Mask) -> Vec<Section> {
    let [_, dj, di] = lumen.grid().spacing();
    let holes = Components::by_slice(lumen, Connectivity::Faces);
    let mut sections: Vec<Section> = holes
        .boxes()
        .iter()
        .zip(holes.sizes())
        .filter_map(|(window, size)| {
            let (height, width) = (window[1].len() as f64 * dj, window[2].len() as f64 * di);
            let area = *size as f64 * dj * di;
            let round = height.max(width) <= ASPECT * height.min(width)
                && area >= FILL * height * width
                && (AREA[0]..=AREA[1]).contains(&area);
            round.then(|| Section { window: window.clone(), area, length: 0.0, above: None })
        })
        .collect();
    sections.sort_by_key(|section| std::cmp::Reverse(section.window[0].start));
    sections
}

/// Links each section to the one above it with the longest chain.
fn chained(mut sections: Vec<Section>, spacing: [f64; 3]) -> Vec<Section> {
    let reach = SHIFT[0] + SHIFT[1] * spacing[0];
    let mut first = 0;
    for n in 0..sections.len() {
        let k = sections[n].window[0].start;
        while sections[first].window[0].start > k + 1 {
            first += 1;
        }
        let mut above: Option<usize> = None;
        for m in first..n {
            let longer = above.is_none_or(|a| sections[m].length > sections[a].length);
            if longer && follows(&sections[m], &sections[n], spacing, reach) {
                above = Some(m);
            }
        }
        sections[n].length = spacing[0] + above.map_or(0.0, |a| sections[a].length);
        sections[n].above = above;
    }
    sections
}

fn follows(above: &Section, below: &Section, spacing: [f64; 3], reach: f64) -> bool {
    let middle = |range: &std::ops::Range<usize>| (range.start + range.end) as f64 / 2.0;
    let apart =
        |axis: usize| (middle(&above.window[axis]) - middle(&below.window[axis])) * spacing[axis];
    let ratio = above.area.max(below.area) / above.area.min(below.area);
    above.window[0].start == below.window[0].start + 1
        && apart(1).hypot(apart(2)) <= reach
        && ratio <= AREA_RATIO
}

/// Slice of the topmost section of a chain.
fn top(sections: &[Section], section: &Section) -> usize {
    section.above.map_or(section.window[0].start, |above| top(sections, &sections[above]))
}

/// A chain from its top to `last`.
fn chain(sections: &[Section], last: &Section) -> Vec<Section> {
    let mut chain = vec![last.clone()];
    while let Some(above) = chain[chain.len() - 1].above {
        chain.push(sections[above].clone());
    }
    chain.reverse();
    chain
}
