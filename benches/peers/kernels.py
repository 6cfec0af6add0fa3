"""Times SciPy and SimpleITK on the volume of `benches/kernels.rs`, and hilum in the same run.

    pip install -r benches/peers/requirements.txt
    python benches/peers/kernels.py [WORD ...]      # only operations whose name has one of the words

Prints seconds (median of three runs) and how many times as long a peer takes. SimpleITK and hilum use
all cores, SciPy one.
"""

import os
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from scipy import ndimage

ROOT = Path(__file__).parents[2]
SHAPE, SPACING = (133, 512, 512), (2.5, 0.86, 0.86)
COARSE = (110, 146, 146)
RUNS = 3


def rough(n):
    bits = n.astype(np.uint64)
    for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
        bits = ((bits ^ (bits >> np.uint64(30))) + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(factor)
    return (bits >> np.uint64(11)) / 2.0**53


def places(shape):
    return [((np.arange(n) + 0.5) / n - 0.5).reshape([-1 if a == b else 1 for b in range(3)])
            for a, n in enumerate(shape)]


def sides(shape):
    z, y, x = places(shape)
    inside = lambda x: (z / 0.48) ** 2 + (y / 0.24) ** 2 + (x / 0.14) ** 2 < 1
    return np.where(inside(x + 0.18), 1, np.where(inside(x - 0.18), 2, 0)).astype(np.uint8)


def chest():
    """The crude chest of the Rust bench, slice by slice to spare memory."""
    side, (_, y, x) = sides(SHAPE), places(SHAPE)
    k, j, i = (np.arange(n) for n in SHAPE)
    body = ((y / 0.32) ** 2 + (x / 0.42) ** 2 < 1)[0]
    wave = np.sin(j * 0.15)[:, None] * np.sin(i * 0.15)[None, :]
    hu = np.empty(SHAPE, np.int16)
    for n in range(SHAPE[0]):
        first = 3 * (n * SHAPE[1] * SHAPE[2] + np.arange(SHAPE[1] * SHAPE[2]).reshape(SHAPE[1:]))
        noise = sum(rough(first + m) - 0.5 for m in range(3))
        lung = (side[n] > 0) & ~(np.sin(n * 0.4) * wave > 0.7)
        tissue = np.where(lung, -860, np.where(body, 40, -1000))
        hu[n] = np.round(tissue + 160 * noise)
    parts = side * (1 + (3 * k // SHAPE[0]) * 2).astype(np.uint8)[:, None, None]
    return hu, side > 0, parts


def image(values, spacing):
    made = sitk.GetImageFromArray(values.astype(np.uint8) if values.dtype == bool else values)
    made.SetSpacing(spacing[::-1])
    return made


def seconds(work):
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
        if times[0] > 20:
            break
    return statistics.median(times)


def of_hilum(words):
    command = ["cargo", "bench", "--quiet", "--bench", "kernels", "--", *words]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {m[1].strip(): float(m[2]) for m in re.finditer(r"^(.{28}) +([\d.]+) s", printed, re.M)}


def by_part(hu, parts):
    key = parts.astype(np.int32) << 16 | (hu.astype(np.int32) + 32768)
    return np.bincount(key[parts > 0], minlength=7 << 16)


def mean_blocks(hu):
    return hu[:, :510, :510].reshape(133, 170, 3, 170, 3).mean((2, 4)).round().astype(np.int16)


def peers():
    """(name in the Rust bench, peer, work) for each comparison."""
    hu, lungs, parts = chest()
    air, coarse_lungs, real = hu < -500, sides(COARSE) > 0, hu.astype(np.float32)
    outside = ~lungs
    i_hu, i_air, i_lungs, i_real = (image(v, SPACING) for v in (hu, air, lungs, real))
    i_parts, i_coarse = image(parts, SPACING), image(coarse_lungs, (3.0, 3.0, 3.0))
    small = sitk.Resample(i_real, i_coarse, sitk.Transform(), sitk.sitkLinear, -1000.0)
    markers = sitk.ConnectedComponent(sitk.BinaryErode(i_coarse, [10, 10, 10]))
    ball5 = sum(np.square(g * 3.0) for g in np.ogrid[-1:2, -1:2, -1:2]) <= 25
    sigma = [3.0 / s for s in SPACING]
    down = lambda kind: sitk.Resample(i_real, i_coarse, sitk.Transform(), kind, -1000.0)
    up = lambda kind: sitk.Resample(small, i_real, sitk.Transform(), kind, -1000.0)
    statistics_filter = sitk.LabelIntensityStatisticsImageFilter()
    return [
        ("components Faces", "SciPy", lambda: ndimage.label(air)),
        ("components Faces", "SimpleITK", lambda: sitk.ConnectedComponent(i_air)),
        ("fill holes", "SciPy", lambda: ndimage.binary_fill_holes(air)),
        ("fill holes", "SimpleITK", lambda: sitk.BinaryFillhole(i_air)),
        ("distance of lungs", "SciPy", lambda: ndimage.distance_transform_edt(outside, SPACING)),
        ("distance of lungs", "SimpleITK", lambda: sitk.SignedMaurerDistanceMap(
            i_lungs, squaredDistance=False, useImageSpacing=True)),
        ("closing 5 mm", "SimpleITK", lambda: sitk.BinaryMorphologicalClosing(i_lungs, [6, 6, 2])),
        ("closing 5 mm, coarse", "SciPy", lambda: ndimage.binary_closing(coarse_lungs, ball5)),
        ("closing 5 mm, coarse", "SimpleITK",
         lambda: sitk.BinaryMorphologicalClosing(i_coarse, [2, 2, 2])),
        ("closing 20 mm, coarse", "SimpleITK",
         lambda: sitk.BinaryMorphologicalClosing(i_coarse, [7, 7, 7])),
        ("histograms by part", "NumPy", lambda: by_part(hu, parts)),
        ("histograms by part", "SimpleITK", lambda: statistics_filter.Execute(i_parts, i_hu)),
        ("coarsen [1, 3, 3]", "NumPy", lambda: mean_blocks(hu)),
        ("coarsen [1, 3, 3]", "SimpleITK", lambda: sitk.BinShrink(i_hu, [3, 3, 1])),
        ("resample Linear down", "SimpleITK", lambda: down(sitk.sitkLinear)),
        ("resample Linear up", "SimpleITK", lambda: up(sitk.sitkLinear)),
        ("resample Linear up", "SciPy", lambda: ndimage.zoom(
            sitk.GetArrayViewFromImage(small), np.divide(SHAPE, COARSE), order=1)),
        ("resample Cubic up", "SimpleITK", lambda: up(sitk.sitkBSpline)),
        ("gaussian 3 mm", "SciPy", lambda: ndimage.gaussian_filter(real, sigma, truncate=5.0)),
        ("gaussian 3 mm", "SimpleITK", lambda: sitk.DiscreteGaussian(i_real, 9.0, 64, 1e-6)),
        ("recursive gaussian", "SimpleITK", lambda: sitk.SmoothingRecursiveGaussian(i_real, 3.0)),
        ("watershed f32, coarse", "SimpleITK",
         lambda: sitk.MorphologicalWatershedFromMarkers(small, markers, False, False)),
    ]


def main():
    words = sys.argv[1:]
    ours = of_hilum(words)
    print(f"{os.cpu_count()} cores, SimpleITK {sitk.Version.VersionString()}")
    print(f"{'':24}{'hilum':>9}  {'':10}{'peer':>9}  {'ratio':>6}")
    for name, peer, work in peers():
        if not words or any(word in name for word in words):
            theirs = seconds(work)
            ratio = theirs / ours[name]
            print(f"{name:24}{ours[name]:8.4f} s  {peer:10}{theirs:8.3f} s  {ratio:5.1f}x", flush=True)


main()
