"""What SciPy, PyWavelets, scikit-image and NumPy make of the volumes of `crates/texture/tests/filters`.

Volumes are numbers that follow from the place alone (`rough`, the same as in `kernel.py`), so that only
responses are kept: raw little-endian float32, k slowest, in the folder `filters` beside this script. Voxels are
cubes of 1 mm, since none of these libraries knows of others.

    python filters.py       # numpy 2.4.6, scipy 1.17.1, PyWavelets 1.8.0, scikit-image 0.26.0
"""

from itertools import permutations, product
from math import factorial, prod
from pathlib import Path

import numpy as np
import pywt
from scipy import ndimage
from skimage.filters import gabor_kernel

OUT = Path(__file__).parent / "filters"


def rough(shape):
    """In 0..1, from the place."""
    k, j, i = np.indices(shape, dtype=np.uint64)
    bits = (k << np.uint64(42)) ^ (j << np.uint64(21)) ^ i
    for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
        bits = ((bits ^ (bits >> np.uint64(30))) + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(factor)
    return (bits >> np.uint64(11)).astype(np.float64) / 2.0**53


ODD = rough((7, 9, 11)) * 100  # k, j, i
EVEN = rough((4, 8, 16)) * 100
MODES = {"zero": "constant", "nearest": "nearest", "periodic": "wrap", "mirror": "reflect"}


def keep(name, values):
    OUT.mkdir(exist_ok=True)
    np.ascontiguousarray(values).astype("<f4").tofile(OUT / f"{name}.f4")


def mean():
    for name, mode in MODES.items():
        keep(f"mean_{name}", ndimage.uniform_filter(ODD, 5, mode=mode))
    keep("mean_by_slice", ndimage.uniform_filter(ODD, (1, 3, 3), mode="reflect"))


def laplacian_of_gaussian():
    for name, mode in MODES.items():
        keep(f"log_{name}", ndimage.gaussian_laplace(ODD, 1.3, mode=mode, truncate=6))
    slices = [ndimage.gaussian_laplace(one, 1.3, mode="reflect", truncate=6) for one in ODD]
    keep("log_by_slice", slices)


def rotations(values):
    """All 24 rotations of a cube, each with what undoes it."""
    for order in permutations(range(3)):
        for signs in product((1, -1), repeat=3):
            matrix = np.eye(3)[list(order)] * signs
            if np.linalg.det(matrix) > 0:
                axes = [n for n in range(3) if signs[n] < 0]
                turned = np.flip(values.transpose(order), axes)
                yield turned, lambda back, o=order, a=axes: np.flip(back, a).transpose(np.argsort(o))


def laws():
    named = {
        "L5": [1, 4, 6, 4, 1], "E5": [-1, -2, 0, 2, 1], "S5": [-1, 0, 2, 0, -1],
        "W5": [-1, 2, 0, -2, 1], "R5": [1, -4, 6, -4, 1], "E3": [-1, 0, 1],
    }
    unit = {name: np.array(taps) / np.linalg.norm(taps) for name, taps in named.items()}
    # The first of a name runs along the last axis.
    cube = lambda x, y, z: np.einsum("i,j,k->kji", unit[x], unit[y], unit[z])
    apply = lambda values, kernel: ndimage.convolve(values, kernel, mode="reflect")
    keep("laws_e5l5s5", apply(ODD, cube("E5", "L5", "S5")))
    kernel = cube("E3", "W5", "R5")
    pooled = np.max([undo(apply(turned, kernel)) for turned, undo in rotations(ODD)], axis=0)
    keep("laws_e3w5r5_maximum", pooled)
    keep("laws_e3w5r5_energy", ndimage.uniform_filter(np.abs(pooled), 5, mode="reflect"))


def wavelets():
    for name in ("haar", "db2", "db3", "coif1"):
        for level, bands in enumerate(reversed(pywt.swtn(EVEN, name, level=2)), start=1):
            # PyWavelets names the first axis first, and low passes "a".
            keep(f"{name}_llh_{level}", bands["daa"])
            keep(f"{name}_hlh_{level}", bands["dad"])


def gabor():
    sigma, wavelength, gamma = 1.5, 3.0, 0.8
    for degrees in (0, 60):
        kernel = gabor_kernel(
            1 / wavelength, np.deg2rad(degrees), sigma_x=sigma, sigma_y=sigma / gamma, n_stds=7
        ) * (2 * np.pi * sigma * sigma / gamma)
        parts = [
            np.stack([ndimage.convolve(one, part, mode="nearest") for one in ODD])
            for part in (kernel.real, kernel.imag)
        ]
        keep(f"gabor_{degrees}_real", parts[0])
        keep(f"gabor_{degrees}_imaginary", parts[1])
        keep(f"gabor_{degrees}_modulus", np.hypot(*parts))


def frequencies():
    for name, values in (("odd", ODD), ("even", EVEN)):
        waves = np.meshgrid(*(2 * np.fft.fftfreq(n) for n in values.shape), indexing="ij")
        norm = np.sqrt(sum(wave**2 for wave in waves))
        safe = np.where(norm > 0, norm, 1)
        through = lambda factor: np.fft.ifftn(np.fft.fftn(values) * factor).real

        def riesz(*order):
            total = sum(order)
            ways = factorial(total) / prod(map(factorial, order))
            wave = prod(w**n for w, n in zip(waves, order))
            return (-1j) ** total * np.sqrt(ways) * wave / safe**total

        for level in (1, 2):
            top = 2.0 ** (1 - level)
            inside = (norm >= top / 4) & (norm <= top)
            simoncelli = np.where(inside, np.cos(np.pi / 2 * np.log2(2 * safe / top)), 0)
            keep(f"simoncelli_{level}_{name}", through(simoncelli))
            shannon = (norm >= top / 2) & (norm <= top)
            keep(f"shannon_{level}_{name}", through(shannon))
            keep(f"simoncelli_{level}_riesz_{name}", through(simoncelli * riesz(0, 1, 1)))
        keep(f"riesz_001_{name}", through(riesz(0, 0, 1)))
        keep(f"riesz_201_{name}", through(riesz(2, 0, 1)))


if __name__ == "__main__":
    mean()
    laplacian_of_gaussian()
    laws()
    wavelets()
    gabor()
    frequencies()
