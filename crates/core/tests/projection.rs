//! Projections against similar triangles.

use hilum_core::{Anchor, Cine, Error, Intensity, Projection};
use nalgebra::{Isometry3, Point2, Point3, Rotation3, UnitQuaternion, Vector3};
use ndarray::Array3;

/// Oblong pixels, a principal point off the middle.
fn upright() -> Projection {
    Projection::new(
        Point3::new(0.0, 750.0, 0.0),
        Point3::new(-90.0, -450.0, 70.0),
        [-Vector3::z(), Vector3::x()],
        [0.4, 0.3],
        Anchor::Isocentre,
    )
    .unwrap()
}

fn motion() -> Isometry3<f64> {
    let turn = Rotation3::from_euler_angles(0.4, -0.9, 2.1);
    Isometry3::from_parts(Vector3::new(31.0, -212.0, 845.5).into(), UnitQuaternion::from(turn))
}

fn close(a: Point2<f64>, b: Point2<f64>) -> bool {
    (a - b).norm() < 1e-9
}

#[test]
fn a_shadow_lies_where_similar_triangles_put_it() {
    let projection = upright();
    // 750 mm from the source of 1200: enlarged by 1.6.
    let shadow = projection.project(Point3::new(10.0, 0.0, -5.0)).unwrap();
    assert!(close(shadow, Point2::new(90.0 + 16.0, 70.0 + 8.0)), "{shadow}");
    assert_eq!(projection.source_distance(), 1200.0);
    assert_eq!(projection.magnification(Point3::new(99.0, 0.0, 3.0)), Some(1.6));
    assert_eq!(projection.normal(), -Vector3::y());
    assert!(close(projection.principal_point(), Point2::new(90.0, 70.0)));
    let [row, column] = projection.pixel(shadow);
    assert!((row - 195.0).abs() < 1e-9 && (column - 106.0 / 0.3).abs() < 1e-9);
}

#[test]
fn the_ray_of_a_pixel_casts_all_its_points_on_that_pixel() {
    for projection in [upright(), upright().moved(&motion(), Anchor::Patient)] {
        for pixel in [[0.0, 0.0], [195.0, 353.25], [-7.5, 1000.0]] {
            for depth in [1.0, 333.3, 2500.0] {
                let point = projection.source() + projection.ray(pixel) * depth;
                let found = projection.pixel(projection.project(point).unwrap());
                let off = (found[0] - pixel[0]).hypot(found[1] - pixel[1]);
                assert!(off < 1e-7, "{found:?} {pixel:?}");
            }
        }
    }
}

#[test]
fn a_common_motion_of_patient_source_and_detector_changes_no_shadow() {
    let moved = upright().moved(&motion(), Anchor::Patient);
    assert_eq!(moved.anchor(), Anchor::Patient);
    for point in [Point3::new(10.0, 0.0, -5.0), Point3::new(-80.0, 300.0, 120.0)] {
        let still = upright().project(point).unwrap();
        assert!(close(still, moved.project(motion() * point).unwrap()));
    }
}

#[test]
fn what_is_not_before_the_source_casts_no_shadow() {
    for y in [750.0, 751.0, 1e6] {
        assert_eq!(upright().project(Point3::new(1.0, y, 2.0)), None);
    }
    assert_eq!(upright().project(Point3::new(f64::NAN, 0.0, 0.0)), None);
}

#[test]
fn a_projection_that_sees_nothing_is_refused() {
    let make = |source: [f64; 3], down: Vector3<f64>, pitch| {
        let axes = [down, Vector3::x()];
        Projection::new(source.into(), Point3::origin(), axes, pitch, Anchor::Patient)
    };
    let z = Vector3::z();
    assert!(make([0.0, 9.0, 0.0], z, [1.0, 1.0]).is_ok());
    let refused = [
        make([5.0, 0.0, 7.0], z, [1.0, 1.0]),
        make([0.0, f64::NAN, 0.0], z, [1.0, 1.0]),
        make([0.0, 9.0, 0.0], z, [1.0, 0.0]),
        make([0.0, 9.0, 0.0], Vector3::zeros(), [1.0, 1.0]),
        make([0.0, 9.0, 0.0], Vector3::new(0.01, 0.0, 1.0), [1.0, 1.0]),
    ];
    for result in refused {
        assert!(matches!(result, Err(Error::DegenerateProjection { .. })), "{result:?}");
    }
}

#[test]
fn frames_need_times_that_rise() {
    let cine = |times: Vec<f64>| {
        Cine::new(Array3::zeros([3, 5, 7]), times, Intensity::Exposure, Some(upright()))
    };
    let sound = cine(vec![0.0, 0.1, 0.25]).unwrap();
    assert_eq!((sound.shape(), sound.times()), ([3, 5, 7], &[0.0, 0.1, 0.25][..]));
    for times in
        [vec![0.0, 0.1], vec![0.0, 0.1, 0.1], vec![0.0, 0.2, 0.1], vec![0.0, 0.1, f64::NAN]]
    {
        assert!(matches!(cine(times), Err(Error::FrameTimes { .. })));
    }
    let message = cine(vec![0.0, 0.2, 0.1]).unwrap_err().to_string();
    assert_eq!(message, "the cine has 0.1 s after 0.2 s at frame 3, wanted 3 rising times");
    let empty = Cine::new(Array3::zeros([0, 5, 7]), vec![], Intensity::Unknown, None);
    assert!(matches!(empty, Err(Error::EmptyCine { .. })));
}

#[test]
fn frames_in_another_memory_order_keep_their_places() {
    let plain = Array3::from_shape_fn([3, 5, 7], |(t, j, i)| (100 * t + 10 * j + i) as f32);
    let turned = plain.clone().reversed_axes().as_standard_layout().into_owned().reversed_axes();
    assert!(!turned.is_standard_layout());
    let cine = Cine::new(turned, vec![0.0, 1.0, 2.0], Intensity::LineIntegral, None).unwrap();
    assert_eq!(cine.frames(), plain);
    assert!(cine.frames().is_standard_layout());
}
