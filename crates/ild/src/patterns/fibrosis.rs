//! Cysts, nets and haze: which is which, and where sick lung ends.

use hilum_core::{Mask, Volume};
use hilum_kernel::{dilate, open, par};

use crate::patterns::evidence::Evidence;
use crate::patterns::judge::Judge;

/// Radius in mm of a ball that haze in its own right has room for.
const ROOM: f64 = 3.0;
/// How far in mm beside a net its seam lies.
const REACH: f64 = 4.0;

/// At each site.
pub(crate) struct Fibrosis {
    /// Probability of cysts.
    pub(crate) cysts: Volume<f32>,
    /// Probability of a net, should the lung be sick and hold no cysts.
    pub(crate) nets: Volume<f32>,
    /// HU beyond normal at which sick lung ends.
    pub(crate) border: Volume<f32>,
}

impl Fibrosis {
    pub(crate) fn new(evidence: &Evidence, judge: &Judge) -> Self {
        let Evidence { beyond, plateau, grain, closed, mean, climbs } = evidence;
        let walls = par::zip(grain, closed, |grain, closed| [*grain, *closed]);
        let cysts = par::zip(&walls, mean, |walls, mean| judge.cysts(*walls, *mean));
        let nets = par::zip(grain, climbs, |grain, climbs| judge.net(*grain, *climbs));
        let border = par::zip(plateau, &nets, |plateau, net| Judge::border(*plateau, *net));
        let sick = par::zip(beyond, &border, |beyond, border| beyond > border);
        let seam = seam(&sick, &nets);
        let nets = par::zip(&nets, &seam, |net, seam| if *seam { 1.0 } else { *net });
        Self { cysts, nets, border }
    }
}

/// Haze that is thin, and beside a net: at its border a net has few lines and less density. Haze in its own right is as thick
/// as a lobule.
fn seam(sick: &Mask, nets: &Volume<f32>) -> Mask {
    let split = |net: bool| par::zip(sick, nets, move |sick, share| *sick && (*share > 0.5) == net);
    let (haze, nets) = (split(false), split(true));
    let (thick, near) = par::join(|| open(&haze, ROOM), || dilate(&nets, REACH));
    let thin = par::zip(&haze, &thick, |haze, thick| *haze && !thick);
    par::zip(&thin, &near, |thin, near| *thin && *near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hilum_core::Grid;

    #[test]
    fn thin_haze_beside_a_net_belongs_to_it_and_thick_haze_does_not() {
        let grid = Grid::axial([24, 24, 30], [2.0; 3]).expect("sound steps");
        // A net up to the tenth site, haze up to the twelfth; far from it thin haze, and thick haze beside another net.
        let place = |[_, j, i]: [usize; 3]| (j < 12, i);
        let sick = par::map_voxels(&grid, |site| match place(site) {
            (true, i) => i < 12 || (22..24).contains(&i),
            (false, i) => i < 22,
        });
        let nets = par::map_voxels(&grid, |site| if place(site).1 < 10 { 1.0 } else { 0.0 });
        let seam = seam(&sick, &nets);
        assert!(seam.at([12, 5, 11]), "two sites of haze beside a net");
        assert!(!seam.at([12, 5, 22]), "thin haze far away");
        assert!(!seam.at([12, 18, 13]), "twelve sites of haze beside a net");
        assert!(!seam.at([12, 5, 5]) && !seam.at([12, 5, 18]), "nets, and lung that is well");
    }
}
