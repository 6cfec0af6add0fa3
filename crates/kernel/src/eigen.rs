//! Eigenvalues and eigenvectors of symmetric 3×3 matrices.

/// A symmetric 3×3 matrix: the diagonal `aa`, `bb`, `cc`, then `ab`, `ac`, `bc`.
pub type Symmetric = [f32; 6];

/// The eigenvalues of a symmetric matrix, ascending.
///
/// In closed form[^smith] from the part without trace, in `f64`. The angle is
/// found from the distance to the nearest double eigenvalue, so that these do not lose half the
/// digits: the error is below 10⁻⁷ of the largest magnitude among the entries, on the level of the
/// rounding of `f32`.
///
/// Cost: O(1), without branches or allocation; [`eigenvalues_of`] is faster for many.
///
/// [^smith]: Smith (1961), Eigenvalues of a symmetric 3 × 3 matrix. Communications of the ACM
///     4:168, doi:10.1145/355578.366316 (not checked).
pub fn eigenvalues(matrix: &Symmetric) -> [f32; 3] {
    values(matrix.map(f64::from)).map(|value| value as f32)
}

/// The eigenvalues of a symmetric matrix, ascending, and a unit eigenvector of each.
///
/// The vectors are perpendicular to each other whatever the eigenvalues: the one of the
/// eigenvalue that stands apart comes from the largest cross product of two rows[^eberly], the
/// others from the 2×2 matrix that is left in the plane across it. Among double or triple
/// eigenvalues they are some basis of the space. The sign of a vector means nothing.
///
/// Cost: O(1), no allocation.
///
/// [^eberly]: Eberly (2014), A robust eigensolver for 3 × 3 symmetric matrices. Geometric Tools.
pub fn eigen(matrix: &Symmetric) -> ([f32; 3], [[f32; 3]; 3]) {
    let matrix = matrix.map(f64::from);
    let values = values(matrix);
    let vectors = vectors(matrix, values);
    (values.map(|value| value as f32), vectors.map(|vector| vector.map(|x| x as f32)))
}

/// [`eigenvalues`] of `N` matrices at a time, which is some three times as fast from 4 of them on.
///
/// Element `n` of the input holds entry `n` of all matrices, element `n` of the result eigenvalue `n`.
pub fn eigenvalues_of<const N: usize>(matrices: &[[f32; N]; 6]) -> [[f32; N]; 3] {
    let mut found = [[0.0; N]; 3];
    for lane in 0..N {
        let values = values(matrices.each_ref().map(|entries| f64::from(entries[lane])));
        found[0][lane] = values[0] as f32;
        found[1][lane] = values[1] as f32;
        found[2][lane] = values[2] as f32;
    }
    found
}

/// Keeps quotients of zeros at 0.
const TINY: f64 = f64::MIN_POSITIVE;

/// The matrix without its trace has an eigenvalue `2p cos(θ/3)` and two more, 120° before and
/// behind, where `cos θ = det / 2p³`. The sign of the determinant is taken out, so that θ is at most
/// 90° and the first eigenvalue is the one that stands apart.
#[inline]
fn values([aa, bb, cc, ab, ac, bc]: [f64; 6]) -> [f64; 3] {
    let mean = (aa + bb + cc) / 3.0;
    let (a, b, c) = (aa - mean, bb - mean, cc - mean);
    let square = (a * a + b * b + c * c + 2.0 * (ab * ab + ac * ac + bc * bc)) / 6.0;
    let determinant = a * (b * c - bc * bc) - ab * (ab * c - bc * ac) + ac * (ab * bc - b * ac);
    let radius = square.sqrt();
    let cosine = determinant.abs() / (2.0 * square * radius + TINY);
    // sin²(θ/2); from it sin(θ/3) follows without losing half the digits at θ = 0.
    let half = 0.5 - 0.5 * if cosine < 1.0 { cosine } else { 1.0 };
    let sine = half.sqrt() * sine_of_a_third(half);
    let apart = 2.0 * radius * (1.0 - sine * sine).sqrt();
    let spread = 3.0_f64.sqrt() * radius * sine;
    let positive = determinant > 0.0;
    let apart = if positive { apart } else { -apart };
    let (low, high) = (mean - 0.5 * apart - spread, mean - 0.5 * apart + spread);
    let apart = mean + apart;
    [
        if positive { low } else { apart },
        if positive { high } else { low },
        if positive { apart } else { high },
    ]
}

/// `sin(θ/3) / sin(θ/2)` from `sin²(θ/2)` in `0..=0.5`, to 2·10⁻⁹: a Chebyshev interpolant.
#[inline]
fn sine_of_a_third(square: f64) -> f64 {
    const COEFFICIENTS: [f64; 9] = [
        0.6666666672127,
        0.061728218635,
        0.02641531433431,
        0.01525294706814,
        0.0122395509024,
        -0.002267505399776,
        0.0361996896427,
        -0.045723300647,
        0.04173758721919,
    ];
    COEFFICIENTS.iter().rev().fold(0.0, |sum, coefficient| sum * square + coefficient)
}

type Vector = [f64; 3];

/// Unit eigenvectors of ascending eigenvalues.
fn vectors(matrix: [f64; 6], values: [f64; 3]) -> [Vector; 3] {
    let last = values[2] - values[1] > values[1] - values[0];
    let apart = apart(matrix, if last { values[2] } else { values[0] });
    let (u, v) = across(apart);
    // The matrix in the plane of u and v, and the half-angle of the rotation that makes it diagonal.
    let (along_u, along_v) = (product(matrix, u), product(matrix, v));
    let (uu, vv, uv) = (dot(u, along_u), dot(v, along_v), dot(u, along_v));
    let angle = 0.5 * (2.0 * uv).atan2(uu - vv);
    let (sine, cosine) = angle.sin_cos();
    let high = [0, 1, 2].map(|n| cosine * u[n] + sine * v[n]);
    let low = [0, 1, 2].map(|n| cosine * v[n] - sine * u[n]);
    if last { [low, high, apart] } else { [apart, low, high] }
}

/// The eigenvector of an eigenvalue that stands apart; any vector if none does.
fn apart([aa, bb, cc, ab, ac, bc]: [f64; 6], value: f64) -> Vector {
    let rows = [[aa - value, ab, ac], [ab, bb - value, bc], [ac, bc, cc - value]];
    let mut best = [0.0; 3];
    for (m, n) in [(0, 1), (0, 2), (1, 2)] {
        let normal = cross(rows[m], rows[n]);
        if dot(normal, normal) > dot(best, best) {
            best = normal;
        }
    }
    // Rows that are multiples of one another leave a plane to choose from.
    unit(best).unwrap_or_else(|| {
        let longest = rows.into_iter().fold([0.0; 3], |longest, row| {
            if dot(row, row) > dot(longest, longest) { row } else { longest }
        });
        unit(longest).map_or([1.0, 0.0, 0.0], |row| across(row).0)
    })
}

/// Two unit vectors perpendicular to a unit vector and to each other.
fn across(vector: Vector) -> (Vector, Vector) {
    let [x, y, z] = vector;
    let u = if x.abs() > y.abs() { [-z, 0.0, x] } else { [0.0, z, -y] };
    let u = unit(u).expect("one of the two larger coordinates of a unit vector is in it");
    (u, cross(vector, u))
}

fn product([aa, bb, cc, ab, ac, bc]: [f64; 6], v: Vector) -> Vector {
    [dot([aa, ab, ac], v), dot([ab, bb, bc], v), dot([ac, bc, cc], v)]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// The vector of length 1 in the same direction, if there is one.
fn unit(vector: Vector) -> Option<Vector> {
    let length = dot(vector, vector).sqrt();
    (length > 0.0).then(|| vector.map(|x| x / length))
}
