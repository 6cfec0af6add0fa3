#!/usr/bin/env python3
"""Times pyradiomics on what `cargo bench --bench texture` times.

pyradiomics wants numpy<2 and an environment of its own:
    pip install 'numpy<2' setuptools wheel versioneer cython SimpleITK PyWavelets pykwalify six
    pip install --no-build-isolation pyradiomics==3.0.1
"""

import logging
import os
import time
from pathlib import Path

import numpy as np
import SimpleITK as sitk
from radiomics import featureextractor, setVerbosity

setVerbosity(logging.ERROR)
RUNS = 3
# Voxels [k, j, i].
PATCH = (slice(25, 41), slice(80, 100), slice(80, 100))


def median(work):
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - start)
    return sorted(seconds)[RUNS // 2], result


def main():
    folder = Path(os.environ["HILUM_DATA"]) / "ibsi/ibsi_1_ct_radiomics_phantom/nifti"
    image = sitk.Round(sitk.Cast(sitk.ReadImage(str(folder / "image/phantom.nii.gz")), sitk.sitkFloat32))
    mask = sitk.Cast(sitk.ReadImage(str(folder / "mask/mask.nii.gz")) > 0.5, sitk.sitkUInt8)
    extractor = featureextractor.RadiomicsFeatureExtractor(binWidth=25)
    seconds, found = median(lambda: extractor.execute(image, mask))
    count = sum(1 for name in found if name.startswith("original_"))
    print(f"{count} features {1e3 * seconds:.1f} ms")

    voxels = sitk.GetArrayFromImage(mask)
    patch = np.zeros_like(voxels)
    patch[PATCH] = voxels[PATCH]
    small = sitk.GetImageFromArray(patch)
    small.CopyInformation(mask)
    dense = featureextractor.RadiomicsFeatureExtractor(binWidth=25, kernelRadius=2, maskedKernel=True, voxelBatch=1000)
    dense.disableAllFeatures()
    dense.enableFeaturesByName(glcm=["Contrast"])
    start = time.perf_counter()
    found = dense.execute(image, small, voxelBased=True)
    seconds = time.perf_counter() - start
    count = int(patch.sum())
    result = next(value for name, value in found.items() if name.endswith("glcm_Contrast"))
    values = sitk.GetArrayFromImage(result)
    mean = values[values != 0].sum() / count
    print(f"patch, radius 2, Contrast: {1e6 * seconds / count:.1f} us/voxel, {count} voxels, mean {mean:.6f}")


if __name__ == "__main__":
    main()
