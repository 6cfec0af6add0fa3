//! Where disease lies in the patients with interstitial disease, and how it is built.

use hilum_core::Lung;

use crate::chest::Chest;
use crate::form::Form;
use crate::ild::IldKind;
use crate::lesion::{Disease, Lesion};
use crate::random::Stream;

const SIDES: [(Lung, f64); 2] = [(Lung::Right, -1.0), (Lung::Left, 1.0)];

/// Makes a healthy patient sick; `number` tells patients of a kind apart.
pub(crate) fn sick(kind: IldKind, chest: Chest, number: u64, stream: Stream) -> Chest {
    let between = |n: u64, low: f64, high: f64| stream.between(n, low, high);
    let traction = between(0, 1.8, 2.6);
    match kind {
        IldKind::Uip => {
            let lesions = [fibrosis(stream), honeycombs(stream)].concat();
            shrunken(Chest { traction, lesions, ..chest })
        }
        IldKind::Probable => shrunken(Chest { lesions: fibrosis(stream), traction, ..chest }),
        IldKind::Nsip => shrunken(Chest {
            lesions: haze(stream),
            traction: 1.0 + 0.6 * (traction - 1.0),
            ..chest
        }),
        IldKind::Op => Chest { lesions: patches(stream), ..chest },
        IldKind::Hp => Chest { lesions: mosaic(stream), ..chest },
        IldKind::Emphysema => Chest { lesions: emphysema(number, stream), ..chest },
        IldKind::Combined => {
            let lesions = [emphysema(number, stream), fibrosis(stream)].concat();
            Chest { traction, lesions, ..chest }
        }
        IldKind::Healthy => healthy(chest, number, stream),
    }
}

/// Fibrosis pulls the diaphragm up and makes what is left denser.
fn shrunken(mut chest: Chest) -> Chest {
    chest.build.domes = chest.build.domes.map(|mm| mm + 8.0);
    chest.parenchyma += 12.0;
    chest
}

fn healthy(mut chest: Chest, number: u64, stream: Stream) -> Chest {
    match number {
        0 => chest.dependent = stream.between(1, 70.0, 140.0),
        1 => {
            chest.bronchial_walls = stream.between(1, 1.7, 2.3);
            chest.dependent = 50.0;
        }
        _ => {
            chest.build.domes = chest.build.domes.map(|mm| mm + 28.0);
            chest.build.proportions[1] *= 0.93;
            chest.parenchyma = stream.between(1, -790.0, -740.0);
            chest.gravity = 0.5;
            chest.dependent = 60.0;
        }
    }
    chest
}

/// Places at both sides alike, but not the same.
fn both(
    stream: Stream,
    place: impl Fn(Lung, Stream, &dyn Fn([f64; 3]) -> [f64; 3]) -> Vec<Lesion>,
) -> Vec<Lesion> {
    let sides = SIDES.into_iter().zip(0..);
    sides
        .flat_map(|((lung, side), n)| {
            place(lung, stream.within(n), &|[x, y, z]: [f64; 3]| [side * x, y, z])
        })
        .collect()
}

/// A net at the bases beneath the pleura, with thin outposts above.
fn fibrosis(stream: Stream) -> Vec<Lesion> {
    let hu = stream.between(40, -150.0, -20.0);
    let form = Form::Net {
        cell: stream.between(41, 4.0, 7.0),
        wall: stream.between(42, 0.6, 0.95),
        ground: stream.between(43, -790.0, -720.0),
    };
    let height = stream.between(44, 75.0, 105.0);
    let depth = stream.between(45, 16.0, 26.0);
    both(stream.within(46), |lung, own, at| {
        let jitter = |n: u64, mm: f64| own.between(n, -mm, mm);
        let base = [at([108.0, 75.0, -140.0 + jitter(0, 10.0)]), [82.0, 98.0, height]];
        let axilla =
            [at([115.0, 5.0 + jitter(1, 15.0), -15.0 + jitter(2, 15.0)]), [50.0, 45.0, 40.0]];
        let net = |place| Lesion::ellipsoid(Disease::Reticulation, lung, place, hu).formed(form);
        vec![
            net(base).to_depth(depth + jitter(3, 3.0)).in_lobules(0.85),
            net(axilla).to_depth(9.0).in_lobules(0.6),
        ]
    })
}

/// Layers of cysts at the very bases.
fn honeycombs(stream: Stream) -> Vec<Lesion> {
    let form = Form::Cysts {
        cell: stream.between(50, 4.5, 8.0),
        wall: stream.between(51, 1.1, 1.8),
        layers: 2 + (stream.bits(52) % 2) as usize,
    };
    let height = stream.between(53, 42.0, 62.0);
    both(stream.within(54), |lung, own, at| {
        let shift = |n: u64, mm: f64| own.between(n, -mm, mm);
        let place =
            [at([90.0, 65.0 + shift(0, 8.0), -140.0 + shift(1, 12.0)]), [95.0, 75.0, height]];
        vec![Lesion::ellipsoid(Disease::Honeycombing, lung, place, 0.0).formed(form)]
    })
}

/// Haze with a fine net in it, clear of the pleura.
fn haze(stream: Stream) -> Vec<Lesion> {
    let hu = stream.between(60, -650.0, -520.0);
    let form = Form::Net {
        cell: stream.between(61, 3.2, 4.6),
        wall: stream.between(62, 0.5, 0.75),
        ground: hu - 30.0,
    };
    let sparing = stream.between(63, 5.0, 8.0);
    let height = stream.between(64, 60.0, 80.0);
    both(stream.within(65), |lung, own, at| {
        let z = -130.0 + own.between(0, -8.0, 8.0);
        let (wide, narrow) = ([75.0, 70.0, height], [62.0, 60.0, 0.8 * height]);
        let glass = Lesion::ellipsoid(Disease::GroundGlass, lung, [at([75.0, 45.0, z]), wide], hu);
        let place = [at([78.0, 50.0, z - 5.0]), narrow];
        let net = Lesion::ellipsoid(Disease::Reticulation, lung, place, -120.0).formed(form);
        vec![glass.spared(sparing), net.spared(sparing)]
    })
}

/// Patches of airless lung near the pleura, each in a seam of haze.
fn patches(stream: Stream) -> Vec<Lesion> {
    const PLACES: [[f64; 3]; 5] = [
        [105.0, 60.0, -110.0],
        [110.0, -20.0, -60.0],
        [80.0, 85.0, -40.0],
        [75.0, 65.0, 30.0],
        [95.0, -45.0, -120.0],
    ];
    both(stream.within(70), |lung, own, at| {
        let chosen = PLACES.into_iter().zip(0_u64..).filter(|(_, n)| own.uniform(*n) < 0.7);
        let patch = |(place, n): ([f64; 3], u64)| {
            let own = own.within(n);
            let radii = [0, 1, 2].map(|axis| own.between(axis, 22.0, 38.0));
            let wide = radii.map(|mm| mm + 9.0);
            let depth = own.between(3, 20.0, 38.0);
            let glass = Lesion::ellipsoid(Disease::GroundGlass, lung, [at(place), wide], -560.0);
            let dense = Lesion::ellipsoid(Disease::Consolidation, lung, [at(place), radii], 35.0);
            [glass.to_depth(depth + 10.0).in_lobules(0.9), dense.to_depth(depth)]
        };
        chosen.flat_map(patch).collect()
    })
}

/// Haze in many lobules of the upper and middle lung, and a faint net.
fn mosaic(stream: Stream) -> Vec<Lesion> {
    let hu = stream.between(80, -700.0, -580.0);
    let share = stream.between(81, 0.45, 0.65);
    let form = Form::Net {
        cell: stream.between(82, 4.0, 6.5),
        wall: stream.between(83, 0.6, 0.9),
        ground: hu,
    };
    both(stream.within(84), |lung, own, at| {
        let z = 5.0 + own.between(0, -12.0, 12.0);
        let wide = [90.0, 95.0, own.between(1, 55.0, 70.0)];
        let glass = Lesion::ellipsoid(Disease::GroundGlass, lung, [at([70.0, 15.0, z]), wide], hu);
        let place = [at([75.0, 30.0, z + 15.0]), [55.0, 55.0, 40.0]];
        let net = Lesion::ellipsoid(Disease::Reticulation, lung, place, -150.0).formed(form);
        vec![glass.in_lobules(share), net.in_lobules(0.35)]
    })
}

/// Emphysema of a kind that goes with the number: centrilobular with a row beneath the pleura, of rising
/// severity, and last panlobular.
fn emphysema(number: u64, stream: Stream) -> Vec<Lesion> {
    let (disease, radii) = match number {
        0 => (Disease::ModerateCentrilobular, [1.6, 3.2]),
        1 => (Disease::SevereCentrilobular, [2.8, 5.0]),
        _ => (Disease::MildCentrilobular, [0.8, 2.0]),
    };
    let cyst = Form::Cysts { cell: stream.between(90, 7.0, 14.0), wall: 0.7, layers: 1 };
    both(stream.within(91), |lung, own, at| {
        let height = own.between(0, 60.0, 80.0);
        let whole = [at([60.0, 10.0, 45.0]), [110.0, 120.0, height]];
        let holes = Lesion::ellipsoid(disease, lung, whole, -970.0);
        let apex = [at([55.0, 10.0, 70.0]), [80.0, 80.0, own.between(1, 38.0, 60.0)]];
        let row =
            Lesion::ellipsoid(Disease::Paraseptal, lung, apex, -250.0).formed(cyst).in_lobules(0.6);
        let mut lesions = vec![holes.formed(Form::Holes { radii }).in_lobules(0.85), row];
        if number == 2 {
            let base = [at([85.0, 40.0, -115.0]), [60.0, 60.0, 50.0]];
            let faint = Lesion::ellipsoid(Disease::Panlobular, lung, base, -962.0);
            lesions.insert(0, faint.in_lobules(0.9));
        }
        lesions
    })
}
