"""What SciPy, SimpleITK and scikit-image make of the volumes of `crates/kernel/tests/oracles.rs`.

Volumes are numbers that follow from the place alone (`rough`, the same as in
`crates/kernel/tests/support`), so that only results are kept: raw little-endian values, k slowest,
in the folder `kernel` beside this script. The grid is odd in size, anisotropic and, where
the library knows of directions, oblique.

    python kernel.py        # numpy 2.4.6, scipy 1.17.1, SimpleITK 2.5.7, scikit-image 0.26.0
"""

from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy import ndimage
from skimage.graph import MCP_Geometric
from skimage.segmentation import watershed

SHAPE = (9, 13, 17)
SPACING = np.array([2.5, 0.9, 0.7])  # k, j, i
OUT = Path(__file__).parent / "kernel"


def rough(shape, order=(0, 1, 2)):
    """In 0..1, from the place; `order` says which index comes first in the key."""
    index = np.indices(shape, dtype=np.uint64)
    k, j, i = (index[n] for n in order)
    bits = (k << np.uint64(42)) ^ (j << np.uint64(21)) ^ i
    for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
        bits = ((bits ^ (bits >> np.uint64(30))) + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(factor)
    return (bits >> np.uint64(11)).astype(np.float64) / 2.0**53


def keep(name, values, kind):
    np.ascontiguousarray(values).astype(kind).tofile(OUT / f"{name}.{kind[1:]}")


def by_first_voxel(labels):
    """Renumbers labels in scan order of their first voxels."""
    values, first = np.unique(labels, return_index=True)
    order = [v for _, v in sorted(zip(first, values)) if v]
    table = np.zeros(labels.max() + 1, int)
    table[order] = np.arange(1, len(order) + 1)
    return table[labels]


def ball(radius):
    """All steps that are at most `radius` mm long."""
    reach = [int(radius / s) for s in SPACING]
    steps = np.meshgrid(*(np.arange(-r, r + 1) * s for r, s in zip(reach, SPACING)), indexing="ij")
    return sum(s * s for s in steps) <= radius * radius * (1 + 1e-9)


def itk(values, axes, origin):
    """An image whose steps along k, j, i are the columns of `axes`."""
    image = sitk.GetImageFromArray(values)
    spacing = np.linalg.norm(axes, axis=0)
    image.SetSpacing(spacing[::-1].tolist())
    image.SetDirection((axes / spacing)[:, ::-1].ravel().tolist())
    image.SetOrigin(list(origin))
    return image


def euler(roll, pitch, yaw):
    """Rotation about x, then y, then z."""
    (a, b, c), (d, e, f) = np.cos([roll, pitch, yaw]), np.sin([roll, pitch, yaw])
    x = np.array([[1, 0, 0], [0, a, -d], [0, d, a]])
    y = np.array([[b, 0, e], [0, 1, 0], [-e, 0, b]])
    z = np.array([[c, -f, 0], [f, c, 0], [0, 0, 1]])
    return z @ y @ x


def binary():
    for share in (15, 30, 60):
        mask = rough(SHAPE) < share / 100
        for name, rank in (("faces", 1), ("edges", 2), ("corners", 3)):
            structure = ndimage.generate_binary_structure(3, rank)
            labels = by_first_voxel(ndimage.label(mask, structure)[0])
            keep(f"components_{name}_{share}", labels, "<u2")
            if rank != 2:
                other = sitk.ConnectedComponent(sitk.GetImageFromArray(mask.astype(np.uint8)), rank == 3)
                assert (by_first_voxel(sitk.GetArrayFromImage(other)) == labels).all()
    wall = rough(SHAPE) < 0.75
    keep("filled", ndimage.binary_fill_holes(wall), "<u1")
    keep("filled_by_slice", [ndimage.binary_fill_holes(s) for s in wall], "<u1")


def distances():
    mask = rough(SHAPE) < 0.01
    keep("distance", ndimage.distance_transform_edt(~mask, sampling=SPACING), "<f4")
    image = itk(mask.astype(np.uint8), euler(0.3, -0.2, 0.5) @ np.diag(SPACING), (0, 0, 0))
    maurer = sitk.SignedMaurerDistanceMap(
        image, insideIsPositive=False, squaredDistance=False, useImageSpacing=True
    )
    outside = np.maximum(sitk.GetArrayFromImage(maurer), 0)
    assert np.abs(outside - ndimage.distance_transform_edt(~mask, sampling=SPACING)).max() < 1e-5
    thick = rough(SHAPE) < 0.97
    sparse = rough(SHAPE) < 0.05
    for radius in (8, 26):
        steps = ball(radius / 10)
        keep(f"dilated_{radius}", ndimage.binary_dilation(sparse, steps), "<u1")
        keep(f"eroded_{radius}", ndimage.binary_erosion(thick, steps, border_value=1), "<u1")
        rim = 5
        closed = ndimage.binary_closing(np.pad(sparse, rim), steps)
        keep(f"closed_{radius}", closed[rim:-rim, rim:-rim, rim:-rim], "<u1")


def blurs():
    values = rough(SHAPE) * 2000 - 1000
    sigma = 3.0 / SPACING
    radius = [int(np.ceil(5 * s)) for s in sigma]
    keep("gaussian", ndimage.gaussian_filter(values, sigma, mode="nearest", radius=radius), "<f4")
    for order in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1), (0, 2, 0), (0, 0, 2), (0, 1, 1)):
        name = "derivative_" + "".join(map(str, order))
        found = ndimage.gaussian_filter(values, sigma, order, mode="nearest", truncate=9.0)
        keep(name, found / np.prod(SPACING ** np.array(order)), "<f4")


def grids():
    values = (rough(SHAPE) * 2000 - 1000).astype(np.float32)
    axes = euler(0.3, -0.2, 0.5) @ np.diag(SPACING)
    image = itk(values, axes, (-31.0, 12.5, 7.25))
    target_axes = euler(-0.2, 0.4, 0.1) @ np.diag([1.3, 1.1, 0.8])
    target = itk(np.zeros((11, 15, 19), np.float32), target_axes, (-29.0, 10.0, 5.0))
    for name, kind in (("nearest", sitk.sitkNearestNeighbor), ("linear", sitk.sitkLinear), ("cubic", sitk.sitkBSpline)):
        moved = sitk.Resample(image, target, sitk.Transform(), kind, -5000.0, sitk.sitkFloat32)
        keep(f"resampled_{name}", sitk.GetArrayFromImage(moved), "<f4")


def fronts():
    share = rough(SHAPE)
    cost = np.where(share > 0.75, np.inf, share * 5 + 0.01)
    search = MCP_Geometric(cost, fully_connected=True, sampling=tuple(SPACING))
    reached, _ = search.find_costs([(0, 1, 2)])
    keep("geodesic", reached, "<f4")
    # Ranks: no two heights are the same, so that the order of ties does not matter.
    height = np.argsort(np.argsort(share.ravel())).reshape(SHAPE).astype(np.int16)
    seeds = rough(SHAPE, (2, 0, 1))
    markers = np.where(seeds < 0.005, (seeds * 2000).astype(int) + 1, 0)
    within = rough(SHAPE, (1, 2, 0)) < 0.85
    keep("watershed", watershed(height, markers, connectivity=1, mask=within), "<u1")


OUT.mkdir(exist_ok=True)
for part in (binary, distances, blurs, grids, fronts):
    part()
print(sum(f.stat().st_size for f in OUT.iterdir()), "bytes in", len(list(OUT.iterdir())), "files")
