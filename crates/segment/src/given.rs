//! Lungs that the user brings, made into the same thing as lungs that were found.

use hilum_core::{Ct, Hu, LabelMap, Lung, Mask, Quality, Region, Volume};
use hilum_kernel::par;

use crate::body::padding;
use crate::checks::{Evidence, checks};
use crate::coarse::Coarse;
use crate::error::Error;
use crate::pieces::pieces;
use crate::sides::is_lung;
use crate::split::{Parting, split};
use crate::thorax::{Thorax, threshold};
use crate::upright::Upright;

/// How the volume is named in messages.
const ROLE: &str = "the given lung mask";

/// Takes the user's lungs instead of looking for them.
///
/// `labels` are 1 right lung, 2 left lung and, where wanted, 3 trachea and main bronchi; or one
/// number, whichever it is, for both lungs, which are then told apart by where they lie in the patient.
/// What is inside of the mask is taken as it is: nothing is closed in, cut off or looked for.
/// Both maps of the result are the mask; `vessels` is what is denser than half-way between lung
/// and soft tissue.
///
/// Cost: `O(n)` for `n` voxels.
///
/// # Errors
///
/// [`Error::Domain`] if the mask lies on another grid than the image or holds other numbers,
/// [`Error::EmptyMask`] if it holds none.
pub fn given_lungs(ct: &Ct, labels: &Volume<u8>) -> Result<Thorax, Error> {
    ct.require_same(labels.grid(), ROLE)?;
    let upright = Upright::of(ct.grid());
    let hu = upright.stand(ct.hu());
    let labels = upright.stand(labels);
    let labels = Volume::from_vec(upright.grid().clone(), labels.as_slice().to_vec())?;
    let coarse = Coarse::of(&hu, upright.grid());
    let (lungs, parting) = match numbers(&labels)[..] {
        [] => return Err(Error::EmptyMask { role: ROLE }),
        [_] => halves(&labels, &coarse),
        _ => (LabelMap::<Lung>::new(labels)?.into_labels(), Parting::Apart),
    };
    let sides = coarse.majority(&lungs);
    let limit = threshold(&sides, &coarse.hu);
    let vessels = par::zip(&lungs, &hu, |label, hu| is_lung(*label) && *hu >= limit);
    let evidence = Evidence {
        padded: &padding(&coarse),
        sides: &sides,
        lungs: &lungs,
        anatomical: &lungs,
        parting: single(&lungs).unwrap_or(parting),
        airway: None,
        refused: 0.0,
        beside: 0.0,
    };
    let mut quality = checks(&evidence);
    quality.retain(|row| row.code != "trachea_not_found");
    quality.extend(swapped(&sides, &coarse.hu));
    let lungs = LabelMap::new(upright.lay(lungs))?;
    Ok(Thorax { anatomical: lungs.clone(), lungs, vessels: upright.lay(vessels), quality })
}

/// The numbers other than 0 that occur, rising.
fn numbers(labels: &Volume<u8>) -> Vec<u8> {
    let mut seen = [false; 256];
    labels.as_slice().iter().for_each(|label| seen[usize::from(*label)] = true);
    (1..=255).filter(|n| seen[usize::from(*n)]).collect()
}

/// A binary mask with its two sides told apart.
///
/// Blocks that are mostly mask are parted first; the remaining ones join the side that they touch,
/// over the thinnest of what lies between.
fn halves(mask: &Volume<u8>, coarse: &Coarse) -> (Volume<u8>, Parting) {
    let most = par::map(&coarse.majority(mask), |label| *label > 0);
    let none = Mask::filled(coarse.grid(), false);
    let (sides, parting) = split(&most, &none, &coarse.hu);
    let any = coarse.any(mask);
    let markers = par::map(&sides, |side| u32::from(*side));
    let height = par::map(&coarse.hu, |hu| hu.0);
    let basins = hilum_kernel::watershed(&height, &markers, Some(&any));
    let (alone, described) = lonely(&any, &basins, &coarse.hu);
    let middle = centre(&sides);
    let sides = par::map_voxels(coarse.grid(), |voxel| match basins.at(voxel) {
        0 => match alone.at(voxel) {
            0 => 0,
            n => side(described[n as usize - 1], middle),
        },
        basin => basin as u8,
    });
    (coarse.spread(mask, &sides), parting)
}

/// Pieces of the mask that no basin reached, with their places along `i`.
fn lonely(any: &Mask, basins: &Volume<u32>, hu: &Volume<Hu>) -> (Volume<u32>, Vec<f64>) {
    let alone = par::zip(any, basins, |any, basin| *any && *basin == 0);
    let (components, pieces) = pieces(&alone, hu, Hu(-1000));
    (components.labels(), pieces.iter().map(|piece| piece.centre[2]).collect())
}

/// Half-way between the centres of both sides along `i`, or the centre of the only one.
fn centre(sides: &Volume<u8>) -> f64 {
    let of = |lung: Lung| {
        let places = sides.as_slice().iter().enumerate();
        let columns = sides.grid().shape()[2];
        let own =
            places.filter(|(_, side)| **side == lung.label()).map(|(n, _)| (n % columns) as u64);
        let (count, sum) = own.fold((0_u64, 0_u64), |(count, sum), i| (count + 1, sum + i));
        (count > 0).then(|| sum as f64 / count as f64)
    };
    match (of(Lung::Right), of(Lung::Left)) {
        (Some(right), Some(left)) => right.midpoint(left),
        (Some(right), None) => right + f64::from(u16::MAX),
        (None, Some(left)) => left - f64::from(u16::MAX),
        (None, None) => sides.grid().shape()[2] as f64 / 2.0,
    }
}

fn side(place: f64, middle: f64) -> u8 {
    if place < middle { Lung::Right.label() } else { Lung::Left.label() }
}

/// The only lung of a map, if there is only one.
fn single(lungs: &Volume<u8>) -> Option<Parting> {
    match numbers(lungs).into_iter().filter(|n| is_lung(*n)).collect::<Vec<_>>()[..] {
        [n] => Lung::from_label(n).map(Parting::Single),
        _ => None,
    }
}

/// A row if the labels call the left lung right.
fn swapped(sides: &Volume<u8>, hu: &Volume<Hu>) -> Option<Quality> {
    let centre = |lung: Lung| {
        let own = par::map(sides, |side| *side == lung.label());
        let (_, pieces) = pieces(&own, hu, Hu(-1000));
        pieces
            .into_iter()
            .max_by(|a, b| a.millilitres.total_cmp(&b.millilitres))
            .map(|piece| piece.centre[2])
    };
    let (right, left) = (centre(Lung::Right)?, centre(Lung::Left)?);
    (right > left).then(|| {
        Quality::warning(
            "lungs_swapped",
            "what the given mask calls the right lung (1) lies to the left of what it calls the left (2); the labels were kept, check them and the mask's orientation",
        )
    })
}
