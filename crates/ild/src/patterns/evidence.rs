//! What the sites show: how much denser than normal they are, how grainy, and how much of them are closed cells of air.

use hilum_core::{Mask, Volume};
use hilum_kernel::{dilate, par};

use crate::patterns::anatomy::Anatomy;
use crate::patterns::cells::Cells;
use crate::patterns::frame::Frame;
use crate::patterns::grain::grain;
use crate::patterns::sites::Sites;

/// Window in mm (standard deviation of a Gaussian) about whose mean the density goes up and down: the meshes of nets and
/// cysts are wider.
const AROUND: f64 = 2.0;
/// Window in mm in which closed cells are gathered: it holds one or two.
const CELLS: f64 = 3.0;
/// Window in mm that holds a few cysts.
const CYSTS: f64 = 4.0;
/// Mean density in HU of a few cysts below which their walls need not be looked for: it is well below that of honeycombing.
const LIGHT: f32 = -800.0;
/// Window in mm over which strength is compared.
const NEAR: f64 = 6.0;
/// HU beyond normal at which lung has lost so much air that more makes no difference: its neighbours are judged by themselves.
const STRONGEST: f32 = 350.0;
/// HU beyond normal at which a site counts in full for the grain of sick lung, and how much one counts that is not sick.
const SICK: f32 = 100.0;
const WELL: f32 = 0.02;
/// Window in mm in which airless lung is near, and the share of it that counts in full: that of a wall of it some 13 mm
/// away.
const CLIMB: f64 = 8.0;
const PART: f32 = 0.05;
/// Share of a full window that must speak.
const LEAST: f32 = 0.01;
/// Width in mm of the edge of airless lung, blur and all.
const EDGE: f64 = 2.5;

/// What is known at each site.
pub(crate) struct Evidence {
    /// Mean density with all lines, without thick vessels, beyond what is normal there, in HU; far below where unknown.
    pub(crate) beyond: Volume<f32>,
    /// How much that is where it is much near by: its mean, each place weighted by itself. Sick lung ends at
    /// a share of that.
    pub(crate) plateau: Volume<f32>,
    /// How much the density of the sick lung around goes up and down: see [`grain`].
    pub(crate) grain: Volume<f32>,
    /// Share of the lung that is air of closed cells: see [`Cells`].
    pub(crate) closed: Volume<f32>,
    /// Mean density in HU, air and walls of a few cysts together.
    pub(crate) mean: Volume<f32>,
    /// Whether airless lung is near, 0 to 1: the density climbs towards it, and that is grain.
    pub(crate) climbs: Volume<f32>,
}

impl Evidence {
    /// Of lung that is not `airless`, whose edge is no line; `normal` is the density of normal lung at each site.
    pub(crate) fn new(
        frame: &Frame,
        sites: &Sites,
        anatomy: &Anatomy,
        (airless, normal): (&Mask, &Volume<f32>),
    ) -> Self {
        let near = dilate(airless, EDGE);
        let clear = par::zip(&anatomy.clear, &near, |clear, near| *clear && !near);
        let (smooth, clear) = (anatomy.smooth.as_slice(), clear.as_slice());
        let [count, mass] = sites.sums(|n, _, [count, mass]| {
            if clear[n] {
                *count += 1.0;
                *mass += smooth[n];
            }
        });
        let around = sites.mean(&mass, &count, AROUND, [LEAST, f32::NAN]);
        let mean = sites.mean(&mass, &count, CYSTS, [LEAST, -1000.0]);
        let cells = Cells::new(frame, anatomy);
        let [squares, closed, lung] =
            sites.sums(|n, site, [squares, closed, inside]: &mut [f32; 3]| {
                let from = smooth[n] - around.as_slice()[site];
                if clear[n] && !from.is_nan() {
                    *squares += from * from;
                }
                *inside += 1.0;
                let closes =
                    mean.as_slice()[site] > LIGHT && cells.holds(n, normal.as_slice()[site]);
                *closed += f32::from(u8::from(closes));
            });
        // Where nothing speaks, nothing is said to be sick: a maximum takes no notice of what is not a number.
        let beyond = par::zip(&around, normal, |around, normal| (around - normal).max(-STRONGEST));
        let strength = par::map(&beyond, |beyond| beyond.clamp(0.0, STRONGEST));
        let weights = par::map(&strength, |strength| (strength / SICK).clamp(WELL, 1.0));
        let powers = par::map(&strength, |strength| strength * strength);
        Self {
            beyond,
            plateau: sites.mean(&powers, &strength, NEAR, [0.0, 0.0]),
            grain: grain(sites, &around, [&squares, &count, &mass], &weights),
            closed: sites.mean(&closed, &lung, CELLS, [LEAST, 0.0]),
            mean,
            climbs: climbs(sites, airless),
        }
    }
}

/// Whether airless lung is so near that the density climbs towards it, 0 to 1.
fn climbs(sites: &Sites, airless: &Mask) -> Volume<f32> {
    let airless = airless.as_slice();
    let [drowned] = sites.sums(|n, _, [drowned]| *drowned += f32::from(u8::from(airless[n])));
    let share = sites.mean(&drowned, &sites.sizes(), CLIMB, [LEAST, 0.0]);
    par::map(&share, |share| (share / PART).clamp(0.0, 1.0))
}
