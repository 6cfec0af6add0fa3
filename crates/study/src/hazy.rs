//! A second look at lungs that are hazy nearly all over.

use hilum_core::{Ct, Hu, LabelMap, Lung, Region, Volume};
use hilum_kernel::{Components, Connectivity, gaussian, open, par};

/// Hazy lung, in HU, and what an outline takes for lung instead. Fat and what is denser stay as they are.
const HAZY: [f64; 2] = [-300.0, -150.0];
const AERATED: f64 = -750.0;
/// Blur in mm: noise in fat does not look like lung then.
const BLUR: f64 = 1.0;

/// The same prism of a slice as if its hazy lung held air: densities between air and fat are spread towards air, so
/// that what tells lungs from wall and bowel by their air finds them.
///
/// Pure gas and the wall are as before, and with them what tells bowel from lung.
pub(crate) fn aired(ct: &Ct) -> Ct {
    let blurred = gaussian(&par::map(ct.hu(), |hu| f32::from(hu.0)), BLUR);
    let hu: Volume<Hu> = par::zip(ct.hu(), &blurred, |hu, blurred| {
        let measured = ct.is_measured(*hu);
        if measured { Hu(spread(f64::from(*blurred)).round() as i16) } else { *hu }
    });
    Ct::new(hu).with_padding(ct.padding().cloned())
}

/// Share of the depth of the body that either lung reaches over: beside the heart about half and more, at the
/// base, behind the liver, a third and less.
const DEEP: f64 = 0.45;
/// Sheets thinner than twice this (mm) are table and clothes, not body.
const SHEET: f64 = 3.0;

/// Says whether both lungs of a slice lie beside the heart, and not behind liver and spleen, where hazy
/// lung cannot be told from what lies beside it.
pub(crate) fn beside_the_heart(lungs: &LabelMap<Lung>, ct: &Ct) -> bool {
    let tissue = open(&par::map(ct.hu(), |hu| *hu > TISSUE), SHEET);
    let pieces = Components::by_slice(&tissue, Connectivity::Faces);
    let largest = (1..=pieces.count()).max_by_key(|piece| pieces.sizes()[piece - 1]);
    let Some(largest) = largest else { return false };
    let body = depth(ct, |pixel| pieces.at(pixel) as usize == largest);
    [Lung::Right, Lung::Left]
        .into_iter()
        .all(|side| depth(ct, |pixel| lungs.labels().at(pixel) == side.label()) >= DEEP * body)
}

/// Tissue is denser. Lung, air, bedding are not.
const TISSUE: Hu = Hu(-500);

/// How far pixels reach from front to back, in mm.
fn depth(ct: &Ct, inside: impl Fn([usize; 3]) -> bool) -> f64 {
    let [_, rows, columns] = ct.grid().shape();
    let pixels = (0..rows * columns).map(|n| [0, n / columns, n % columns]);
    let places = pixels.filter(|pixel| inside(*pixel)).map(|pixel| ct.grid().centre(pixel).y);
    let ends =
        places.fold([f64::INFINITY, f64::NEG_INFINITY], |[low, high], y| [low.min(y), high.max(y)]);
    (ends[1] - ends[0]).max(0.0)
}

/// Linear from air to the border of hazy lung, and from there to fat.
fn spread(hu: f64) -> f64 {
    let [hazy, fat] = HAZY;
    let between =
        |low: f64, high: f64, from: f64, to: f64| from + (hu - low) / (high - low) * (to - from);
    if hu >= fat || hu <= -1000.0 {
        hu
    } else if hu >= hazy {
        between(hazy, fat, AERATED, fat)
    } else {
        between(-1000.0, hazy, -1000.0, AERATED)
    }
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn densities_keep_their_order_and_air_and_wall_stay() {
        let values: Vec<f64> = (-1100..100).map(|hu| spread(f64::from(hu))).collect();
        assert!(values.windows(2).all(|pair| pair[0] < pair[1]));
        for stays in [-1050.0, -1000.0, -150.0, 40.0] {
            assert_eq!(spread(stays), stays);
        }
        assert_eq!(spread(-300.0), -750.0);
    }
}
