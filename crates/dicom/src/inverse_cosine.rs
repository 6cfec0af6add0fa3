//! The inverse cosine transform of a block of eight rows and columns.

/// `BASIS[u][x]` = C(u)/2 · cos((2x+1)uπ/16), with C(0) = 1/√2 and C(u) = 1 otherwise: ISO/IEC
/// 10918-1 section A.3.3, one dimension of it.
const BASIS: [[f32; 8]; 8] = basis();

/// Half the cosine of n·π/16, n from 0 to 8.
const HALVES: [f64; 9] = [
    0.5,
    0.490_392_640_201_615_2,
    0.461_939_766_255_643_4,
    0.415_734_806_151_272_6,
    std::f64::consts::FRAC_1_SQRT_2 / 2.0,
    0.277_785_116_509_801_1,
    0.191_341_716_182_544_9,
    0.097_545_161_008_064_13,
    0.0,
];

const fn basis() -> [[f32; 8]; 8] {
    let mut basis = [[HALVES[4] as f32; 8]; 8];
    let mut u = 1;
    while u < 8 {
        let mut x = 0;
        while x < 8 {
            // The cosine over a turn of 32 steps from its first quarter.
            let turn = (2 * x + 1) * u % 32;
            let half = if turn > 16 { 32 - turn } else { turn };
            let value = if half > 8 { -HALVES[16 - half] } else { HALVES[half] };
            basis[u][x] = value as f32;
            x += 1;
        }
        u += 1;
    }
    basis
}

/// The values of a block from its coefficients, both row by row.
pub(crate) fn inverse_cosine(coefficients: &[f32; 64]) -> [f32; 64] {
    let mut columns = [[0.0f32; 8]; 8];
    for (v, row) in coefficients.chunks_exact(8).enumerate() {
        // Most of a block is zero.
        if row.iter().all(|coefficient| *coefficient == 0.0) {
            continue;
        }
        for (y, out) in columns.iter_mut().enumerate() {
            add(out, BASIS[v][y], row);
        }
    }
    let mut values = [0.0; 64];
    for (out, row) in values.chunks_exact_mut(8).zip(&columns) {
        for (u, coefficient) in row.iter().enumerate() {
            add(out, *coefficient, &BASIS[u]);
        }
    }
    values
}

#[inline]
fn add(out: &mut [f32], factor: f32, row: &[f32]) {
    for (value, other) in out.iter_mut().zip(row) {
        *value += factor * other;
    }
}

#[cfg(test)]
mod tests {
    use super::inverse_cosine;

    #[test]
    fn the_transform_is_the_sum_of_the_standard() {
        let coefficients: [f32; 64] = std::array::from_fn(|n| ((n * 37 + 11) % 201) as f32 - 100.0);
        let found = inverse_cosine(&coefficients);
        for (n, value) in found.iter().enumerate() {
            let (y, x) = (n / 8, n % 8);
            let mut sum = 0.0;
            for (m, coefficient) in coefficients.iter().enumerate() {
                let (v, u) = (m / 8, m % 8);
                let weight = |f: usize| if f == 0 { 0.5f64.sqrt() } else { 1.0 };
                let cosine = |f: usize, at: usize| {
                    ((2 * at + 1) as f64 * f as f64 * std::f64::consts::PI / 16.0).cos()
                };
                let factor = weight(u) * weight(v) / 4.0 * cosine(u, x) * cosine(v, y);
                sum += factor * f64::from(*coefficient);
            }
            assert!((f64::from(*value) - sum).abs() < 1e-3, "{y} {x}: {value}, {sum}");
        }
    }
}
