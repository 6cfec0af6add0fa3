//! Pictures: the right way round, to scale, and the same on any number of threads.

mod common;

use common::{ct, grids, lungs, middle};
use hilum_core::{Ct, Error as CoreError, Grid, Hu, LabelMap, Lobe, Lung, Region, Volume};
use hilum_kernel::par::on_threads;
use hilum_report::{Error, PictureOptions, Pictures, Still, View};
use image::{GrayImage, RgbImage};

/// Shape and spacing along x, y, z: odd and anisotropic on purpose.
const SHAPE: [usize; 3] = [23, 17, 13];
const SPACING: [f64; 3] = [2.0, 3.0, 5.0];

fn pictures(ct: &Ct, lungs: &LabelMap<Lung>) -> Pictures {
    let options =
        PictureOptions { still_pixels: 240, stack_pixels: 96, ..PictureOptions::default() };
    Pictures::new(ct, lungs, lungs, &options).unwrap()
}

fn still<'a>(pictures: &'a Pictures, key: &str) -> &'a Still {
    pictures.stills.iter().find(|still| still.key == key).unwrap()
}

fn decoded(still: &Still) -> RgbImage {
    let image = image::load_from_memory(&still.png).unwrap().to_rgb8();
    assert_eq!(image.dimensions(), (still.width as u32, still.height as u32));
    image
}

fn frame(bytes: &[u8]) -> GrayImage {
    image::load_from_memory(bytes).unwrap().to_luma8()
}

/// How much brighter the left half is than the right, and the top than the bottom.
fn tilt(image: &RgbImage) -> [f64; 2] {
    let (width, height) = image.dimensions();
    let mut sums = [0.0; 2];
    for (x, y, pixel) in image.enumerate_pixels() {
        let grey = f64::from(pixel.0[0]);
        sums[0] += if 2 * x < width { grey } else { -grey };
        sums[1] += if 2 * y < height { grey } else { -grey };
    }
    sums.map(|sum| sum / f64::from(width * height))
}

/// Bright on one side of the middle along patient axis `axis`: where the coordinate is smaller, or larger.
fn half(grid: &Grid, axis: usize, smaller: bool) -> Ct {
    let middle = middle(grid)[axis];
    ct(grid, |point| if (point[axis] < middle) == smaller { 200 } else { -900 })
}

#[test]
fn right_is_left_front_is_up_and_feet_are_down_on_any_grid() {
    for turn in [0.0, 0.3] {
        for grid in grids(SHAPE, SPACING, turn) {
            let lungs = lungs(&grid);
            let seen = |axis, smaller| pictures(&half(&grid, axis, smaller), &lungs);
            let brighter = |pictures: &Pictures, key: &str, side: usize| {
                let tilt = tilt(&decoded(still(pictures, key)))[side];
                assert!(tilt > 25.0, "{key}: {tilt} on {:?}", grid.axes());
            };
            // The patient's right is at smaller x, the front at smaller y, the head at larger z.
            let (right, front, head) = (seen(0, true), seen(1, true), seen(2, false));
            brighter(&right, "coronal", 0);
            brighter(&right, "axial_middle", 0);
            brighter(&front, "axial_middle", 1);
            brighter(&front, "sagittal_left", 0);
            brighter(&head, "coronal", 1);
            brighter(&head, "sagittal_right", 1);
        }
    }
}

#[test]
fn the_stack_runs_from_head_to_feet_on_any_grid() {
    for grid in grids(SHAPE, SPACING, 0.3) {
        let stack = pictures(&half(&grid, 2, false), &lungs(&grid)).stack;
        assert_eq!(stack.frames.len(), SHAPE[2] - 2, "slices that hold lung");
        let brightness = |n: usize| {
            let image = frame(&stack.frames[n].grey);
            image.pixels().map(|pixel| f64::from(pixel.0[0])).sum::<f64>()
        };
        assert!(brightness(0) > brightness(stack.frames.len() - 1), "{:?}", grid.axes());
        assert!(stack.frames.windows(2).all(|pair| pair[0].z > pair[1].z));
        assert!(stack.frames.windows(2).all(|pair| pair[0].number + 1 == pair[1].number));
        assert_eq!(stack.frames[0].number, 2, "the topmost slice holds no lung");
    }
}

#[test]
fn a_marker_voxel_is_where_the_millimetres_say() {
    let at = [3, 5, 9]; // z, y, x of the marker
    for grid in grids(SHAPE, SPACING, 0.0) {
        let axes = grid.nearest_axes();
        let mut marker = [0; 3];
        for (patient, (axis, rising)) in axes.into_iter().enumerate() {
            let from_low = at[2 - patient];
            marker[axis] = if rising { from_low } else { SHAPE[patient] - 1 - from_low };
        }
        let hu = Volume::from_fn(&grid, |voxel| Hu(if voxel == marker { 3000 } else { -900 }));
        let stack = pictures(&Ct::new(hu), &lungs(&grid)).stack;
        // Lung begins one slice in; frames are counted from the head.
        let image = frame(&stack.frames[SHAPE[2] - 2 - at[0]].grey);
        let bright = image.enumerate_pixels().filter(|(_, _, pixel)| pixel.0[0] > 170);
        let places: Vec<[f64; 2]> = bright.map(|(x, y, _)| [f64::from(x), f64::from(y)]).collect();
        let mean = |n: usize| places.iter().map(|p| p[n]).sum::<f64>() / places.len() as f64;
        let millimetres = [0, 1].map(|n| (mean(n) + 0.5) * stack.pixel);
        let expected = [(at[2] as f64 + 0.5) * SPACING[0], (at[1] as f64 + 0.5) * SPACING[1]];
        for n in 0..2 {
            assert!((millimetres[n] - expected[n]).abs() < 0.6, "{millimetres:?}, {expected:?}");
        }
    }
}

#[test]
fn lobes_are_coloured_named_and_parted_by_a_line() {
    for grid in grids(SHAPE, SPACING, 0.0) {
        let (lungs, lobes) = (lungs(&grid), halves(&grid));
        let ct = ct(&grid, |_| -850);
        let options = PictureOptions { still_pixels: 240, ..PictureOptions::default() };
        let pictures = Pictures::new(&ct, &lungs, &lungs, &options).unwrap();
        assert!(pictures.lobes.is_empty());
        let pictures = pictures.with_lobes(&ct, &lungs, &lobes, &options).unwrap();
        let keys: Vec<&str> = pictures.lobes.iter().map(|still| still.key).collect();
        assert_eq!(keys, ["lobes_coronal", "lobes_sagittal_right", "lobes_sagittal_left"]);
        let image = decoded(&pictures.lobes[1]);
        let mean = |rows: std::ops::Range<u32>, part: usize| {
            let pixels = image.enumerate_pixels().filter(|(_, y, _)| rows.contains(y));
            let values: Vec<f64> = pixels.map(|(_, _, pixel)| f64::from(pixel.0[part])).collect();
            values.iter().sum::<f64>() / values.len() as f64
        };
        let (upper, lower) = (0..image.height() / 2, image.height() / 2..image.height());
        // The upper lobe is blue, the lower one vermilion.
        assert!(mean(upper.clone(), 2) > mean(lower.clone(), 2) + 10.0);
        assert!(mean(lower, 0) > mean(upper, 0) + 10.0);
        let white = image.pixels().filter(|pixel| pixel.0 == [255; 3]).count();
        assert!(white > image.width() as usize / 2, "{white} white pixels");
    }
}

/// Right upper lobe in the upper half of the image, right lower lobe below.
fn halves(grid: &Grid) -> LabelMap<Lobe> {
    let middle = middle(grid)[2];
    let lobe = |above: bool| if above { Lobe::RightUpper } else { Lobe::RightLower }.label();
    LabelMap::new(Volume::from_fn(grid, |voxel| lobe(grid.centre(voxel)[2] > middle))).unwrap()
}

#[test]
fn one_millimetre_is_as_wide_as_it_is_high() {
    let grid = &grids(SHAPE, SPACING, 0.0)[3];
    let pictures = pictures(&half(grid, 0, true), &lungs(grid));
    let extent = |patient: usize| SHAPE[patient] as f64 * SPACING[patient];
    let pixels_per_mm = 240.0 / extent(2);
    for still in &pictures.stills {
        let (across, down) = match still.view {
            View::Axial => (extent(0), extent(1)),
            View::Coronal => (extent(0), extent(2)),
            View::Sagittal => (extent(1), extent(2)),
        };
        assert!((still.width as f64 - across * pixels_per_mm).abs() <= 0.5 + 1e-9, "{}", still.key);
        assert!((still.height as f64 - down * pixels_per_mm).abs() <= 0.5 + 1e-9, "{}", still.key);
    }
}

/// Pixels of the overlay of the middle frame with a colour: orange for low attenuation.
fn low_pixels(ct: &Ct, lungs: &LabelMap<Lung>, options: &PictureOptions) -> usize {
    let stack = Pictures::new(ct, lungs, lungs, options).unwrap().stack;
    let overlay = image::load_from_memory(&stack.frames[stack.frames.len() / 2].overlay).unwrap();
    overlay.to_rgba8().pixels().filter(|pixel| pixel.0 == [230, 159, 0, 255]).count()
}

#[test]
fn the_threshold_is_strict_unless_asked_and_judged_by_exact_numbers() {
    let grid = &grids(SHAPE, SPACING, 0.0)[0];
    let lungs = lungs(grid);
    let strict = PictureOptions::default();
    let inclusive = PictureOptions { inclusive: true, ..PictureOptions::default() };
    let at_threshold = ct(grid, |_| -950);
    assert_eq!(low_pixels(&at_threshold, &lungs, &strict), 0);
    assert!(low_pixels(&at_threshold, &lungs, &inclusive) > 0);
    // -950.4 rounds to -950, but is below the threshold.
    let exact = Ct::from_exact(Volume::filled(grid, -950.4));
    assert!(low_pixels(&exact, &lungs, &strict) > 0);
    let padding = ct(grid, |_| -1024).with_padding(Some(-1024..=-1024));
    assert_eq!(low_pixels(&padding, &lungs, &strict), 0, "padding is no measurement");
    assert_eq!(low_pixels(&ct(grid, |_| -1000), &LabelMap::empty(grid), &strict), 0);
}

#[test]
fn many_slices_are_thinned_out_evenly() {
    let grid = Grid::axial([101, 7, 7], [1.0, 2.0, 2.0]).unwrap();
    let options = PictureOptions { most_frames: 40, ..PictureOptions::default() };
    let lungs = lungs(&grid);
    let stack = Pictures::new(&ct(&grid, |_| -900), &lungs, &lungs, &options).unwrap().stack;
    assert_eq!((stack.every, stack.frames.len()), (3, 33));
    assert!(stack.frames.windows(2).all(|pair| pair[1].number - pair[0].number == 3));
}

#[test]
fn the_smallest_image_and_one_without_lungs_have_pictures() {
    for shape in [[1, 1, 1], [1, 9, 5], [5, 1, 3]] {
        let grid = Grid::axial(shape, [5.0, 1.0, 2.0]).unwrap();
        let made = pictures(&ct(&grid, |_| -900), &LabelMap::empty(&grid));
        assert_eq!(made.stills.len(), 6);
        assert_eq!(made.stack.frames.len(), shape[0]);
        made.stills.iter().for_each(|still| drop(decoded(still)));
    }
}

#[test]
fn an_image_without_voxels_has_no_picture() {
    let grid = Grid::axial([0, 5, 5], [1.0; 3]).unwrap();
    let made = pictures(&ct(&grid, |_| 0), &LabelMap::empty(&grid));
    assert!(made.stills.is_empty() && made.stack.frames.is_empty());
}

#[test]
fn a_map_on_another_grid_is_refused() {
    let grid = Grid::axial([5, 5, 5], [1.0; 3]).unwrap();
    let other = Grid::axial([5, 5, 4], [1.0; 3]).unwrap();
    let (here, there) = (LabelMap::empty(&grid), LabelMap::empty(&other));
    let ct = ct(&grid, |_| 0);
    for (aerated, anatomical) in [(&here, &there), (&there, &here)] {
        let error = Pictures::new(&ct, aerated, anatomical, &PictureOptions::default());
        assert!(matches!(error, Err(Error::Grid(CoreError::GridMismatch { .. }))));
    }
}

#[test]
fn pictures_do_not_depend_on_threads() {
    let grid = &grids(SHAPE, SPACING, 0.3)[17];
    let lungs = lungs(grid);
    let ct =
        ct(grid, |point| (-900.0 + 90.0 * (point.x * 0.3).sin() * (point.z * 0.2).cos()) as i16);
    let alone = on_threads(1, || pictures(&ct, &lungs));
    for threads in [2, 3, 7, 16] {
        assert!(on_threads(threads, || pictures(&ct, &lungs)) == alone, "{threads} threads");
    }
}
