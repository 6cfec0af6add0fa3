//! A first anatomy of ellipsoids.

use hilum_core::{Ct, Grid, Hu, LabelMap, Lobe, Lung, Mask, Region, Volume};
use hilum_kernel::par;
use nalgebra::Point3;

use crate::chest::Chest;
use crate::random::Stream;
use crate::truth::{Figures, Truth};

#[derive(Clone, Copy, Default)]
struct Tissue {
    hu: f32,
    lung: u8,
    lobe: u8,
    airway: bool,
    vessel: bool,
    emphysema: bool,
}

fn inside(p: Point3<f64>, c: [f64; 3], r: [f64; 3]) -> bool {
    (0..3).map(|n| ((p[n] - c[n]) / r[n]).powi(2)).sum::<f64>() < 1.0
}

fn tube(p: Point3<f64>, a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (Point3::from(a), Point3::from(b));
    let t = ((p - a).dot(&(b - a)) / (b - a).norm_squared()).clamp(0.0, 1.0);
    (p - (a + (b - a) * t)).norm()
}

fn lobe(p: Point3<f64>) -> u8 {
    let oblique = p.z - 0.9 * (p.y - 10.0) + 20.0;
    if p.x > 0.0 {
        if oblique > 0.0 { 4 } else { 5 }
    } else if oblique < 0.0 {
        3
    } else if p.z < -30.0 {
        2
    } else {
        1
    }
}

fn tissue(chest: &Chest, p: Point3<f64>) -> Tissue {
    let mut t = Tissue { hu: -1000.0, ..Tissue::default() };
    if p.y > 116.0 + 0.0008 * p.x * p.x && p.y < 122.0 + 0.0008 * p.x * p.x && p.x.abs() < 190.0 {
        t.hu = -100.0;
    }
    if inside(p, [0.0, 10.0, -50.0], [172.0, 108.0, 400.0]) {
        t.hu = -100.0;
    }
    if inside(p, [0.0, 10.0, -50.0], [152.0, 94.0, 400.0]) {
        t.hu = 50.0;
    }
    if inside(p, [0.0, 62.0, p.z], [18.0, 16.0, 1.0]) {
        t.hu = 250.0;
    }
    let heart = inside(p, [20.0, -35.0, -75.0], [58.0, 46.0, 60.0]);
    let dome = inside(p, [-66.0, 5.0, -190.0], [75.0, 92.0, 86.0])
        || inside(p, [66.0, 8.0, -200.0], [72.0, 88.0, 82.0]);
    let shape = inside(p, [-72.0, 5.0, -60.0], [62.0, 84.0, 150.0])
        || inside(p, [72.0, 5.0, -60.0], [62.0, 84.0, 150.0]);
    if shape && !heart && !dome && p.x.abs() > 22.0 && p.z > -190.0 {
        t.lung = if p.x < 0.0 { Lung::Right.label() } else { Lung::Left.label() };
        t.lobe = lobe(p);
        t.hu = (chest.parenchyma + chest.gravity * p.y) as f32;
        let cell = [p.x, p.y, p.z].map(|c| (c / 12.0).floor());
        let stream = Stream::new(chest.seed, 5);
        let place = cell.map(|c| c as i64);
        let centre = [0, 1, 2].map(|n| cell[n] * 12.0 + 6.0);
        let share = chest.emphysema * 1728.0 / 696.9 * if p.z > -60.0 { 1.5 } else { 0.5 };
        if inside(p, centre, [5.5; 3]) && stream.voxel_bits(place) as f64 / u64::MAX as f64 <= share
        {
            t.emphysema = true;
            t.hu = -975.0;
        }
        for n in 0..4 {
            let s = if p.x < 0.0 { -1.0 } else { 1.0 };
            let end = [
                s * (70.0 + 10.0 * f64::from(n)),
                -50.0 + 35.0 * f64::from(n),
                40.0 - 50.0 * f64::from(n),
            ];
            let near = tube(p, [s * 24.0, 8.0, -20.0], end);
            if near < 3.0 {
                t.vessel = true;
                t.emphysema = false;
                t.hu = 45.0;
            }
        }
    }
    let lumen = tube(p, [0.0, -10.0, 125.0], [0.0, 4.0, 5.0]) < 8.5
        || tube(p, [0.0, 4.0, 5.0], [-22.0, 8.0, -20.0]) < 6.5
        || tube(p, [0.0, 4.0, 5.0], [24.0, 12.0, -20.0]) < 6.0;
    if lumen {
        t = Tissue { hu: -1000.0, airway: true, ..Tissue::default() };
        t.lung = Lung::Airway.label();
    }
    t
}

pub(crate) fn render(chest: &Chest, grid: &Grid) -> (Ct, Truth) {
    let tissues = par::map_voxels(grid, |voxel| tissue(chest, grid.centre(voxel) / chest.scale));
    let mut sharp = par::map(&tissues, |t| t.hu);
    par::for_each_slice(&mut sharp, |_, slice| chest.scan.blur_slice(grid, slice));
    let noiseless = chest.scan.blur_across(sharp);
    let ct = chest.scan.image(&noiseless, chest.seed);
    let lung = |t: &Tissue| t.lung == 1 || t.lung == 2;
    let count = |which: &dyn Fn(&Tissue) -> bool| {
        tissues.as_slice().iter().filter(|t| which(t)).count() as f64
    };
    let ml = grid.voxel_volume() / 1000.0;
    let total = count(&|t| lung(t));
    let low = |hu: &dyn Fn(usize) -> f32| {
        let below =
            tissues.as_slice().iter().enumerate().filter(|(n, t)| lung(t) && hu(*n) < -950.0);
        100.0 * below.count() as f64 / total
    };
    let figures = Figures {
        right_ml: ml * count(&|t| t.lung == 1),
        left_ml: ml * count(&|t| t.lung == 2),
        lobes_ml: [1, 2, 3, 4, 5].map(|n| ml * count(&|t| t.lobe == n)),
        emphysema_fraction: count(&|t| t.emphysema) / total,
        laa_950_noiseless: low(&|n| noiseless.as_slice()[n]),
        laa_950: low(&|n| f32::from(ct.hu().as_slice()[n])),
    };
    let truth = Truth {
        lungs: LabelMap::new(par::map(&tissues, |t| t.lung)).expect("labels of lungs"),
        lobes: LabelMap::new(par::map(&tissues, |t| t.lobe)).expect("labels of lobes"),
        airways: par::map(&tissues, |t| t.airway),
        vessels: par::map(&tissues, |t| t.vessel),
        emphysema: par::map(&tissues, |t| t.emphysema),
        noiseless,
        figures,
    };
    (ct, truth)
}
