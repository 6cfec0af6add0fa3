//! Eigenvalues and eigenvectors against nalgebra's iterative decomposition and by definition.

mod support;

use hilum_kernel::{Symmetric, eigen, eigenvalues, eigenvalues_of};
use nalgebra::{Matrix3, Rotation3, Vector3};
use support::rough;

fn full([aa, bb, cc, ab, ac, bc]: Symmetric) -> Matrix3<f64> {
    Matrix3::new(aa, ab, ac, ab, bb, bc, ac, bc, cc).map(f64::from)
}

/// A matrix with given eigenvalues in a frame that follows from a number.
fn turned(values: [f64; 3], number: usize) -> Symmetric {
    let angle = |n: usize| 7.0 * rough([number, n, 3]);
    let turn = Rotation3::from_euler_angles(angle(0), angle(1), angle(2));
    let m =
        turn.matrix() * Matrix3::from_diagonal(&Vector3::from(values)) * turn.matrix().transpose();
    [m.m11, m.m22, m.m33, m.m12, m.m13, m.m23].map(|entry| entry as f32)
}

/// Random, degenerate, nearly degenerate, flat, badly scaled and tiny or huge matrices.
fn matrices() -> Vec<Symmetric> {
    let random = |n: usize| std::array::from_fn(|m| (rough([n, m, 0]) - 0.5) as f32 * 100.0);
    let scaled = |n: usize| {
        std::array::from_fn(|m| {
            let power = (rough([n, m, 1]) * 24.0 - 12.0) as f32;
            10.0_f32.powf(power) * (rough([n, m, 2]) - 0.5) as f32
        })
    };
    let mut all: Vec<Symmetric> = (0..4000).map(random).collect();
    all.extend((0..4000).map(scaled));
    for n in 0..500 {
        let [x, y, z] = [0, 1, 2].map(|m| rough([n, m, 4]) * 20.0 - 10.0);
        for values in [
            [x, x, y],
            [x, x, x],
            [0.0, 0.0, z],
            [0.0, x, -x],
            [x, y, z],
            [x, x * (1.0 + 1e-6), y],
            [1.0, 1e-4 * x, 1e-8 * y],
            [1e4, 1e4 + x, y],
        ] {
            for size in [1.0, 1e-30, 1e30] {
                all.push(turned(values.map(|value| value * size), n));
            }
        }
    }
    all.extend([
        [0.0; 6],
        [2000.0, 1.0, 0.0, 0.0, 0.0, 0.0],
        [2.0, 1.0, 1.0, 0.0, 0.0, 0.0],
        [1.0, 2.0, 1.0, 0.0, 0.0, 0.0],
        [1.0, 1.0, 2.0, 0.0, 0.0, 0.0],
        [0.0, 0.0, 0.0, 1.0, 1.0, 1.0],
        [1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
        [f32::MIN_POSITIVE; 6],
        [f32::MAX / 8.0; 6],
    ]);
    all
}

#[test]
fn eigenvalues_are_those_of_the_iterative_decomposition() {
    for matrix in matrices() {
        let full = full(matrix);
        let mut expected: Vec<f64> = full.symmetric_eigenvalues().iter().copied().collect();
        expected.sort_by(f64::total_cmp);
        let size = full.abs().max();
        for (found, expected) in eigenvalues(&matrix).into_iter().zip(expected) {
            let error = (f64::from(found) - expected).abs();
            assert!(error <= 2e-7 * size, "{matrix:?}: {found}, {expected}");
        }
    }
}

#[test]
fn eigenvectors_are_perpendicular_and_stretched_by_their_eigenvalues() {
    for matrix in matrices() {
        let (values, vectors) = eigen(&matrix);
        assert_eq!(values, eigenvalues(&matrix));
        let full = full(matrix);
        let size = full.abs().max();
        let vectors = vectors.map(|vector| Vector3::from(vector).map(f64::from));
        for n in 0..3 {
            let stretched = (full * vectors[n] - vectors[n] * f64::from(values[n])).norm();
            assert!(stretched <= 5e-7 * size, "{matrix:?}: {stretched}");
            assert!((vectors[n].norm() - 1.0).abs() < 3e-7);
            assert!(vectors[n].dot(&vectors[(n + 1) % 3]).abs() < 3e-7, "{matrix:?}");
        }
    }
}

#[test]
fn eigenvalues_come_in_order() {
    for matrix in matrices() {
        let [low, middle, high] = eigenvalues(&matrix);
        assert!(low <= middle && middle <= high, "{matrix:?}: {low} {middle} {high}");
    }
}

#[test]
fn many_at_a_time_are_the_same_as_one_by_one() {
    for seven in matrices().chunks_exact(7) {
        let entries = std::array::from_fn(|entry| std::array::from_fn(|n| seven[n][entry]));
        let found = eigenvalues_of::<7>(&entries);
        for (n, matrix) in seven.iter().enumerate() {
            assert_eq!(found.map(|values| values[n]), eigenvalues(matrix));
        }
    }
}
