//! Cysts, nets and haze: which is which, and where sick lung ends.

use hilum_core::{Mask, Volume};
use hilum_kernel::{close, dilate, open, par};

use crate::patterns::evidence::Evidence;
use crate::patterns::judge::Judge;

/// Radius in mm of a ball that haze in its own right has room for.
const ROOM: f64 = 3.0;
/// How far in mm beside a net its seam lies.
const REACH: f64 = 4.0;
/// Half of the width in mm of what is grainy between the lines of a net and belongs to it, though it weighs no more than
/// normal lung: its widest meshes (chosen on phantoms to tune on).
const MESH: f64 = 4.0;
/// By how many HU the border lies below what is found in such a mesh.
const SURE: f32 = 20.0;

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
        let lines = par::zip(grain, &nets, |grain, net| [*grain, *net]);
        let border = par::zip(plateau, &lines, |plateau, lines| judge.border(*plateau, *lines));
        let border = whole(beyond, &border, &nets);
        let sick = par::zip(beyond, &border, |beyond, border| beyond > border);
        let seam = seam(&sick, &nets);
        let nets = par::zip(&nets, &seam, |net, seam| if *seam { 1.0 } else { *net });
        Self { cysts, nets, border }
    }
}

/// The border, let down where grainy lung lies between the lines of a net: a net is lines and meshes, and meshes may be
/// wider than the window in which lung is weighed.
fn whole(beyond: &Volume<f32>, border: &Volume<f32>, nets: &Volume<f32>) -> Volume<f32> {
    let sick = par::zip(beyond, border, |beyond, border| beyond > border);
    let lines = par::zip(&sick, nets, |sick, net| *sick && *net > 0.5);
    let inside = par::zip(&close(&lines, MESH), nets, |inside, net| *inside && *net > 0.5);
    let within = par::zip(&inside, beyond, |inside, beyond| inside.then_some(beyond - SURE));
    par::zip(border, &within, |border, within| within.map_or(*border, |most| border.min(most)))
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
    fn a_mesh_belongs_to_its_net_and_a_gap_of_smooth_lung_does_not() {
        let grid = Grid::axial([16; 3], [2.0; 3]).expect("sound steps");
        // Two sheets, 6 mm of lung between them that weighs no more than normal lung; half of it is not grainy.
        let beyond =
            par::map_voxels(&grid, |[_, _, i]| if [5, 9].contains(&i) { 200.0 } else { 0.0 });
        let nets = par::map_voxels(&grid, |[k, _, _]| if k < 8 { 1.0 } else { 0.0 });
        let border = whole(&beyond, &Volume::filled(&grid, 150.0), &nets);
        assert!(border.at([4, 8, 7]) < beyond.at([4, 8, 7]), "between the sheets");
        assert!(border.at([4, 8, 5]) < beyond.at([4, 8, 5]), "a sheet");
        assert!(border.at([4, 8, 2]) > 149.0, "beside them");
        assert!(border.at([12, 8, 7]) > 149.0, "smooth lung");
    }

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
