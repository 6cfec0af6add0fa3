//! Random numbers that depend on a seed and a place, on nothing else.
//!
//! There is no generator with a state: every number is a function of the seed, the stream (what
//! the number is for) and a counter or a voxel. So the order of evaluation, the number of threads
//! and the size of the grid change nothing, and since only integer operations, `+ - * /` and
//! square roots are used, neither does the machine.

/// A stream of random numbers, addressed by counters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stream(u64);

impl Stream {
    /// The stream `number` of a seed.
    pub(crate) fn new(seed: u64, number: u64) -> Self {
        Self(mix(seed ^ mix(number.wrapping_add(0x9e37_79b9_7f4a_7c15))))
    }

    /// 64 random bits for a counter.
    pub(crate) fn bits(self, counter: u64) -> u64 {
        mix(self.0.wrapping_add(counter.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// A stream within this one.
    pub(crate) fn within(self, counter: u64) -> Self {
        Self(self.bits(counter))
    }

    /// 64 random bits for a voxel, which may lie outside of any grid.
    pub(crate) fn voxel_bits(self, [k, j, i]: [i64; 3]) -> u64 {
        let place = (k as u64) << 42 ^ ((j as u64) & 0x1f_ffff) << 21 ^ ((i as u64) & 0x1f_ffff);
        self.bits(place)
    }

    /// A number in (0, 1).
    pub(crate) fn uniform(self, counter: u64) -> f64 {
        unit(self.bits(counter))
    }

    /// A number in `low..high`.
    pub(crate) fn between(self, counter: u64, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform(counter)
    }

    /// A standard normal number for a voxel.
    pub(crate) fn normal(self, voxel: [i64; 3]) -> f64 {
        normal_quantile(unit(self.voxel_bits(voxel)))
    }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195, not checked).
fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// The upper 52 bits as a number strictly between 0 and 1.
fn unit(bits: u64) -> f64 {
    ((bits >> 12) as f64 + 0.5) / (1u64 << 52) as f64
}

/// Quantile of the standard normal distribution, to about seven digits (Wichura 1988, algorithm
/// AS 241, doi:10.2307/2347330, PPND7).
pub(crate) fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        let r = 0.180625 - q * q;
        return q * (((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179)
            / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0);
    }
    let r = (-natural_logarithm(if q < 0.0 { p } else { 1.0 - p })).sqrt();
    let tail = if r <= 5.0 {
        let r = r - 1.6;
        (((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777)
            / ((0.12021132975 * r + 0.73700164250) * r + 1.0)
    } else {
        let r = r - 5.0;
        (((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150)
            / ((0.012258202635 * r + 0.24197894225) * r + 1.0)
    };
    if q < 0.0 { -tail } else { tail }
}

/// Logarithm of a positive normal number from arithmetic alone, so that every machine agrees on
/// its last bit; the library's own differs between systems.
fn natural_logarithm(x: f64) -> f64 {
    let bits = x.to_bits();
    let exponent = (bits >> 52) as i64 - 1023;
    let mantissa = f64::from_bits(bits & 0x000f_ffff_ffff_ffff | 0x3ff0_0000_0000_0000);
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    let square = t * t;
    let series = (0..16).rev().fold(0.0, |sum, n| sum * square + 1.0 / f64::from(2 * n + 1));
    exponent as f64 * std::f64::consts::LN_2 + 2.0 * t * series
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_normal_distribution() {
        // scipy.stats.norm.ppf
        for (p, expected) in [
            (0.5, 0.0),
            (0.15, -1.0364333894937898),
            (0.022750131948179195, -2.0),
            (0.975, 1.959963984540054),
            (1e-6, -4.753424308822899),
            (1e-13, -7.348796102800572),
        ] {
            assert!((normal_quantile(p) - expected).abs() < 1e-6, "{p}");
        }
    }

    #[test]
    fn the_logarithm_agrees_with_the_library() {
        for x in [1e-12, 0.03, 0.5, 0.999, 1.0, 1.7, 12345.6] {
            assert!((natural_logarithm(x) - x.ln()).abs() < 1e-13 * x.ln().abs().max(1.0), "{x}");
        }
    }

    #[test]
    fn numbers_are_spread_evenly() {
        let stream = Stream::new(3, 1);
        let count = 100_000;
        let mean = (0..count).map(|n| stream.uniform(n)).sum::<f64>() / count as f64;
        assert!((mean - 0.5).abs() < 4.0 / (12.0 * count as f64).sqrt());
        let neighbours: f64 = (0..count)
            .map(|n| (stream.uniform(n) - 0.5) * (stream.uniform(n + 1) - 0.5) * 12.0)
            .sum::<f64>()
            / count as f64;
        assert!(neighbours.abs() < 4.0 / (count as f64).sqrt());
    }
}
