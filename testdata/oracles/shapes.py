"""What scikit-image and SimpleITK make of the volume of `crates/kernel/tests/oracles_shapes.rs`.

A few Gaussian tubes and balls on an isotropic grid, since scikit-image knows no spacing, and without noise, so
that differences of method (finite differences there, fitted ones here) stay small. Kept
is the box in the middle, away from borders: raw little-endian f32, k slowest.

    python shapes.py        # numpy 2.4.6, SimpleITK 2.5.7, scikit-image 0.26.0
"""

from pathlib import Path

import numpy as np
import SimpleITK as sitk
from skimage.feature import hessian_matrix, hessian_matrix_eigvals
from skimage.filters import frangi

N, SIGMA = 49, 3.0
OUT = Path(__file__).parent / "kernel"
BOX = slice(15, 34, 2)


def volume():
    k, j, i = np.meshgrid(*(np.arange(N) - N // 2 for _ in range(3)), indexing="ij")
    tube = lambda a, b, w: np.exp(-(a * a + b * b) / (2 * w * w))
    ball = np.exp(-((k - 4) ** 2 + (j + 5) ** 2 + (i - 3) ** 2) / (2 * 2.5**2))
    return (400 * tube(j - 0.3 * k, i + 0.2 * k, 2.5) + 300 * tube(k + 5, j - 4, 3.0) + 200 * ball - 900)


def keep(name, values):
    np.ascontiguousarray(values[BOX, BOX, BOX]).astype("<f4").tofile(OUT / f"{name}.f4")


hu = volume()
entries = hessian_matrix(hu, sigma=SIGMA, mode="nearest", use_gaussian_derivatives=True)
values = hessian_matrix_eigvals(entries)  # descending
for n, name in enumerate(("high", "middle", "low")):
    keep(f"eigenvalue_{name}", values[n])
# Its eigenvalues lack the factor sigma squared.
keep("frangi", frangi(hu, sigmas=[SIGMA], alpha=0.5, beta=0.5, gamma=50 / SIGMA**2, black_ridges=False))

image = sitk.GetImageFromArray(hu.astype(np.float32))
smooth = sitk.SmoothingRecursiveGaussian(image, SIGMA) * SIGMA**2
keep("objectness", sitk.GetArrayFromImage(sitk.ObjectnessMeasure(smooth, 0.5, 0.5, 50.0, False, 1, True)))
