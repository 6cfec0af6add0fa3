//! The lungs cut into zones: thirds, rind and core, lobes.

use hilum_core::{Grid, LabelMap, Lobe, Lung, Lungs, Mask, Partition, Region, Site, Third, Volume};
use hilum_kernel::par;

use crate::error::Error;
use crate::rind::core;
use crate::thirds::{Thirds, ThirdsBy};
use crate::thorax::Thorax;

/// Cuts the lungs into disjoint parts from which every region is put together: whole lungs,
/// thirds, rind and core, lobes where they are given, and the trachea's lumen away from its wall.
///
/// The rind is what lies at most `rind_depth` mm below the surface of its own lung; the cut face of
/// a lung that goes on beyond the image is not its surface.
///
/// Cost: `O(n)` for `n` voxels, whatever the depth.
///
/// # Errors
///
/// [`Error::Domain`] if the lobes lie on another grid.
///
/// # Panics
///
/// If `rind_depth` is negative or not finite.
pub fn partition(
    thorax: &Thorax,
    lobes: Option<&LabelMap<Lobe>>,
    thirds: ThirdsBy,
    rind_depth: f64,
) -> Result<Partition, Error> {
    cut(&thorax.lungs, &thorax.vessels, lobes, thirds, rind_depth)
}

/// The same over the anatomical lungs, dense lung taken in: the domain of interstitial disease.
///
/// # Errors
///
/// As [`partition`].
///
/// # Panics
///
/// As [`partition`].
pub fn anatomical_partition(
    thorax: &Thorax,
    lobes: Option<&LabelMap<Lobe>>,
    thirds: ThirdsBy,
    rind_depth: f64,
) -> Result<Partition, Error> {
    cut(&thorax.anatomical, &thorax.vessels, lobes, thirds, rind_depth)
}

fn cut(
    lungs: &LabelMap<Lung>,
    vessels: &Mask,
    lobes: Option<&LabelMap<Lobe>>,
    thirds: ThirdsBy,
    rind_depth: f64,
) -> Result<Partition, Error> {
    let lungs = lungs.labels();
    if let Some(lobes) = lobes {
        lungs.grid().require_same(lobes.grid(), "the lobe map")?;
    }
    let core = core(lungs, rind_depth);
    let thirds = Thirds::of(lungs, thirds);
    let lobes = lobes.map(LabelMap::labels);
    let parts = Parts { lungs, vessels, core: &core, thirds: &thirds, lobes };
    Ok(Partition::new(parts.number(), sites(lobes.is_some()), self::vessels()))
}

/// What a voxel's part number is made of.
struct Parts<'a> {
    lungs: &'a Volume<u8>,
    vessels: &'a Mask,
    core: &'a Mask,
    thirds: &'a Thirds,
    lobes: Option<&'a Volume<u8>>,
}

/// Properties of a part in the lungs; its number is made of them, digit by digit.
#[derive(Clone, Copy)]
struct Part {
    vessel: bool,
    core: bool,
    third: u8,
    left: bool,
    lobe: u8,
}

impl Part {
    const COUNT: u8 = 2 * 2 * 3 * 2 * 6;
    /// The lumen of the trachea.
    const TRACHEA: u8 = Self::COUNT + 1;

    fn number(self) -> u8 {
        let digits = self.left as u8 + 2 * self.lobe;
        1 + self.vessel as u8 + 2 * (self.core as u8 + 2 * (self.third + 3 * digits))
    }

    fn of(number: u8) -> Self {
        let n = number - 1;
        Self {
            vessel: n % 2 == 1,
            core: n / 2 % 2 == 1,
            third: n / 4 % 3,
            left: n / 12 % 2 == 1,
            lobe: n / 24,
        }
    }

    fn is_in(self, lungs: Lungs) -> bool {
        match lungs {
            Lungs::Both => true,
            Lungs::Right => !self.left,
            Lungs::Left => self.left,
        }
    }
}

impl Parts<'_> {
    fn number(&self) -> Volume<u8> {
        let grid = self.lungs.grid();
        let [_, rows, columns] = grid.shape();
        let trachea = Wall::of(grid);
        let mut numbers = Volume::filled(grid, 0);
        par::for_each_slice(&mut numbers, |k, slice| {
            for (n, number) in slice.iter_mut().enumerate() {
                let voxel = [k, n / columns, n % columns];
                let place = k * rows * columns + n;
                *number = match Lung::from_label(self.lungs.as_slice()[place]) {
                    Some(lung @ (Lung::Right | Lung::Left)) => {
                        self.part(lung, voxel, place).number()
                    }
                    Some(Lung::Airway) if trachea.is_far(self.lungs, voxel) => Part::TRACHEA,
                    Some(Lung::Airway) | None => 0,
                };
            }
        });
        numbers
    }

    fn part(&self, lung: Lung, voxel: [usize; 3], place: usize) -> Part {
        Part {
            vessel: self.vessels.as_slice()[place],
            core: self.core.as_slice()[place],
            third: self.thirds.at(voxel) as u8,
            left: lung == Lung::Left,
            lobe: self.lobes.map_or(0, |lobes| lobes.as_slice()[place]),
        }
    }
}

/// Keeps the lumen's edge out of what is measured as the trachea's air.
struct Wall {
    steps: [usize; 3],
}

/// Distance in mm from the wall from which on lumen holds nothing but air.
const EDGE: f64 = 2.5;

impl Wall {
    fn of(grid: &Grid) -> Self {
        Self { steps: grid.spacing().map(|mm| (EDGE / mm).ceil() as usize) }
    }

    /// Says whether the voxels [`EDGE`] away along each axis are lumen as well.
    fn is_far(&self, lungs: &Volume<u8>, voxel: [usize; 3]) -> bool {
        let shape = lungs.grid().shape();
        (0..3).all(|axis| {
            let (mut below, mut above) = (voxel, voxel);
            above[axis] += self.steps[axis];
            let Some(lower) = voxel[axis].checked_sub(self.steps[axis]) else { return false };
            below[axis] = lower;
            above[axis] < shape[axis]
                && [below, above].iter().all(|v| lungs.at(*v) == Lung::Airway.label())
        })
    }
}

/// Each region with the parts that make it up.
fn sites(lobes: bool) -> Vec<(Site, Vec<u8>)> {
    let numbers = if lobes { Part::COUNT } else { Part::COUNT / 6 };
    let parts = |inside: &dyn Fn(Part) -> bool| -> Vec<u8> {
        (1..=numbers).filter(|n| inside(Part::of(*n))).collect()
    };
    let mut sites = Vec::new();
    for lungs in Lungs::ALL {
        sites.push((Site::Whole(lungs), parts(&|part| part.is_in(lungs))));
    }
    for lobe in Lobe::ALL.iter().filter(|_| lobes) {
        sites.push((Site::Lobe(*lobe), parts(&|part| part.lobe == lobe.label())));
    }
    for lungs in Lungs::ALL {
        for third in Third::ALL {
            let inside = |part: Part| part.is_in(lungs) && part.third == third as u8;
            sites.push((Site::Third(lungs, third), parts(&inside)));
        }
    }
    for lungs in Lungs::ALL {
        sites.push((Site::Rind(lungs), parts(&|part| part.is_in(lungs) && !part.core)));
        sites.push((Site::Core(lungs), parts(&|part| part.is_in(lungs) && part.core)));
    }
    sites.push((Site::Trachea, vec![Part::TRACHEA]));
    sites
}

/// The parts that are vessel.
fn vessels() -> Vec<u8> {
    (1..=Part::COUNT).filter(|n| Part::of(*n).vessel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_number_says_what_it_is_made_of() {
        for number in 1..=Part::COUNT {
            assert_eq!(Part::of(number).number(), number);
        }
    }

    #[test]
    fn thirds_and_rind_with_core_put_each_lung_together_again() {
        let sites = sites(true);
        let parts = |site: Site| {
            sites.iter().find(|(s, _)| *s == site).map(|(_, parts)| parts.clone()).unwrap()
        };
        for lungs in Lungs::ALL {
            let mut thirds: Vec<u8> =
                Third::ALL.iter().flat_map(|third| parts(Site::Third(lungs, *third))).collect();
            thirds.sort_unstable();
            assert_eq!(thirds, parts(Site::Whole(lungs)));
            let mut depths = parts(Site::Rind(lungs));
            depths.extend(parts(Site::Core(lungs)));
            depths.sort_unstable();
            assert_eq!(depths, parts(Site::Whole(lungs)));
        }
    }
}
