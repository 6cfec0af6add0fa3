"""Checks the demo's DICOM files with dciodvfy and pydicom, and `hilum convert` with SimpleITK.

Where dciodvfy cannot be had, that part says "skipped".
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK as sitk

HILUM = Path("target/release/hilum")


def validate(files):
    if shutil.which("dciodvfy") is None:
        print("skipped: dciodvfy is not installed")
        return
    for file in (files[0], files[-1]):
        checked = subprocess.run(["dciodvfy", "-new", file], capture_output=True, text=True)
        errors = [line for line in checked.stderr.splitlines() if line.startswith("Error")]
        assert not errors, errors
    print("dciodvfy: no errors")


def read_with_pydicom(files):
    slices = sorted((pydicom.dcmread(file) for file in files), key=lambda s: s.ImagePositionPatient[2])
    assert len({s.SOPInstanceUID for s in slices}) == len(slices)
    assert len({s.SeriesInstanceUID for s in slices}) == 1
    return np.stack([s.pixel_array * s.RescaleSlope + s.RescaleIntercept for s in slices])


def main():
    folder = Path(sys.argv[1]) / "phantom" / "dicom"
    files = sorted(folder.glob("*.dcm"))
    validate(files)
    hu = read_with_pydicom(files)
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("ct.nii.gz", "ct.mha", "ct.nrrd"):
            path = Path(scratch) / name
            subprocess.run([HILUM, "convert", folder, "-o", path, "--quiet"], check=True)
            converted = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
            assert np.array_equal(converted, hu), name
    print(f"{hu.size} voxels read by pydicom equal those converted to each of 3 formats")


if __name__ == "__main__":
    main()
