"""Times SimpleITK and scikit-image on the volume of `benches/vesselness.rs`, and hilum in the same run.

    pip install -r benches/peers/requirements.txt
    python benches/peers/vesselness.py          # SimpleITK
    python benches/peers/vesselness.py skimage  # scikit-image too, on an eighth of the slices

Frangi's measure of bright tubes at four scales, the maximum of them. SimpleITK and hilum use all cores.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import SimpleITK as sitk

ROOT = Path(__file__).parents[2]
SHAPE, SPACING = (133, 512, 512), (2.5, 0.86, 0.86)
SCALES = (1.0, 1.5, 2.2, 3.3)


def rough(n):
    bits = n.astype(np.uint64)
    for factor in (0xBF58476D1CE4E5B9, 0x94D049BB133111EB):
        bits = ((bits ^ (bits >> np.uint64(30))) + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(factor)
    return (bits >> np.uint64(11)) / 2.0**53


def chest():
    """The crude chest of the Rust bench, slice by slice to spare memory."""
    z, y, x = [((np.arange(n) + 0.5) / n - 0.5).reshape([-1 if a == b else 1 for b in range(3)])
               for a, n in enumerate(SHAPE)]
    inside = lambda x: (z / 0.48) ** 2 + (y / 0.24) ** 2 + (x / 0.14) ** 2 < 1
    lungs = inside(x + 0.18) | inside(x - 0.18)
    body = ((y / 0.32) ** 2 + (x / 0.42) ** 2 < 1)[0]
    _, j, i = (np.arange(n) for n in SHAPE)
    wave = np.sin(j * 0.15)[:, None] * np.sin(i * 0.15)[None, :]
    hu = np.empty(SHAPE, np.float32)
    for n in range(SHAPE[0]):
        first = 3 * (n * SHAPE[1] * SHAPE[2] + np.arange(SHAPE[1] * SHAPE[2]).reshape(SHAPE[1:]))
        noise = sum(rough(first + m) - 0.5 for m in range(3))
        aerated = lungs[n] & ~(np.sin(n * 0.4) * wave > 0.7)
        hu[n] = np.round(np.where(aerated, -860, np.where(body, 40, -1000)) + 160 * noise)
    return hu


def of_hilum():
    command = ["cargo", "bench", "--quiet", "--bench", "vesselness", "--", "tubes"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return {m[1].strip(): float(m[2]) for m in re.finditer(r"^(.{28}) +([\d.]+) s", printed, re.M)}


def of_itk(hu):
    image = sitk.GetImageFromArray(hu)
    image.SetSpacing(SPACING[::-1])
    best = None
    for sigma in SCALES:
        smooth = sitk.SmoothingRecursiveGaussian(image, sigma)
        # Second derivatives times sigma squared, as a factor of the image.
        found = sitk.ObjectnessMeasure(smooth * sigma**2, 0.5, 0.5, 50.0, False, 1, True)
        best = found if best is None else sitk.Maximum(best, found)
    return best


def of_skimage(hu):
    """Scales in voxels: scikit-image knows no spacing. Few slices, or memory runs out."""
    from skimage.filters import frangi

    return frangi(hu[: SHAPE[0] // 8], sigmas=[s / SPACING[2] for s in SCALES], gamma=50, black_ridges=False)


def seconds(work, *args):
    start = time.perf_counter()
    work(*args)
    return time.perf_counter() - start


def main():
    ours = of_hilum()["tubes Frangi, all"]
    hu = chest()
    print(f"{os.cpu_count()} cores; hilum {ours:.2f} s")
    theirs = seconds(of_itk, hu)
    print(f"SimpleITK {sitk.Version.VersionString()}: {theirs:.1f} s, {theirs / ours:.1f}x", flush=True)
    if "skimage" in sys.argv[1:]:
        import skimage

        share = (SHAPE[0] // 8) / SHAPE[0]
        theirs = seconds(of_skimage, hu)
        print(f"scikit-image {skimage.__version__}: {theirs:.1f} s for {share:.0%} of the volume, "
              f"{theirs / share / ours:.0f}x")


main()
