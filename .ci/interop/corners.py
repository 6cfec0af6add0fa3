"""Compares the corners of volumes that `hilum convert` writes with those the tags give.

The series are made here with pydicom: tilted by 20 degrees, uneven, oblique, coronal, sagittal,
far from the origin, with slices missing. With HILUM_DATA set, the tilted and uneven head series and its
even parts come too. NRRD and NIfTI both carry sheared grids. Allowed: 0.01 mm.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nibabel
import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

sys.path.insert(0, "testdata/oracles")
from corners import corners, headers  # noqa: E402

HILUM = Path("target/release/hilum")
ROWS, COLUMNS = 9, 13


def rotation(axis, degrees):
    axis, angle = np.array(axis) / np.linalg.norm(axis), np.radians(degrees)
    skew = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew


# name, turn of the slices, direction of the table, origin, steps along it in mm
Z = np.array([0.0, 0.0, 1.0])
TILT = rotation([1, 0, 0], 20)
OBLIQUE = rotation([1, 2, -1], 37)
CORONAL = np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])
SAGITTAL = np.array([[0.0, 0, -1], [1, 0, 0], [0, -1, 0]])
SERIES = [
    ("tilted", TILT, Z, [1.5, -2.25, 3], [2.5] * 8),
    ("tilted, uneven", TILT, Z, [1.5, -2.25, 3], [4.22] * 6 + [1.14] + [7.38] * 5),
    ("tilted, slices missing", TILT, Z, [-120, 40.5, -900], [2.5, 2.5, 7.5, 2.5, 2.5]),
    ("oblique", OBLIQUE, OBLIQUE @ Z, [10, 20, 30], [1.25] * 7),
    ("oblique and sheared", OBLIQUE, TILT @ OBLIQUE @ Z, [10, 20, 30], [1.25] * 7),
    ("coronal, backwards", CORONAL, -(CORONAL @ Z), [10, 20, 30], [1.25] * 7),
    ("sagittal, far away", SAGITTAL, SAGITTAL @ Z, [1e5, -1e5, 1e5], [0.75] * 7),
]


def write(folder, turn, along, origin, steps):
    uids = [generate_uid() for _ in range(3)]
    heights = np.concatenate([[0], np.cumsum(steps)])
    for n, height in enumerate(heights):
        d = Dataset()
        d.file_meta = FileMetaDataset()
        d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID = CTImageStorage
        d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID = generate_uid()
        d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = uids
        d.Modality, d.ImageType = "CT", ["ORIGINAL", "PRIMARY", "AXIAL"]
        d.InstanceNumber = n + 1
        d.ImageOrientationPatient = [f"{v:.12f}" for v in (*turn[:, 0], *turn[:, 1])]
        d.ImagePositionPatient = [f"{v:.8f}" for v in np.array(origin) + along * height]
        d.PixelSpacing, d.SliceThickness = [0.9, 0.7], 5
        d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
        d.Rows, d.Columns = ROWS, COLUMNS
        d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, 1
        d.RescaleIntercept, d.RescaleSlope = 0, 1
        d.PixelData = np.full((ROWS, COLUMNS), n, np.int16).tobytes()
        d.save_as(folder / f"{n:02}.dcm", enforce_file_format=True)


def nrrd_corners(path):
    header = path.read_bytes().split(b"\n\n", 1)[0].decode("ascii").splitlines()
    fields = dict(line.split(": ", 1) for line in header if ": " in line)
    vectors = [[float(v) for v in w.strip("()").split(",")] for w in fields["space directions"].split()]
    origin = np.array([float(v) for v in fields["space origin"].strip("()").split(",")])
    return spanned(origin, np.array(vectors), [int(n) for n in fields["sizes"].split()])


def nifti_corners(path):
    image = nibabel.load(path)
    affine = np.diag([-1, -1, 1]) @ image.affine[:3]  # NIfTI is RAS
    return spanned(affine[:, 3], affine[:, :3].T, image.shape)


def spanned(origin, steps, size):
    last = [n - 1 for n in size]
    return np.array(
        [
            origin + steps[2] * k + steps[1] * j + steps[0] * i
            for k in (0, last[2])
            for j in (0, last[1])
            for i in (0, last[0])
        ]
    )


def compare(name, folder, slices, scratch, *more):
    """Largest distance in mm in NRRD, which keeps double precision."""
    expected = corners(slices)
    apart = []
    for file, read in (("ct.nrrd", nrrd_corners), ("ct.nii", nifti_corners)):
        path = scratch / file
        command = [HILUM, "convert", folder, "-o", path, "--quiet", "--force", *more]
        subprocess.run(command, check=True)
        apart.append(np.abs(np.linalg.norm(read(path) - expected, axis=1)).max())
    print(f"{name}: corners {apart[0]:.2g} mm apart in NRRD, {apart[1]:.2g} mm in NIfTI (single precision)")
    assert apart[0] <= 0.01, name
    # NIfTI keeps 24 bits of each number.
    assert apart[1] <= 0.01 + 2e-7 * np.abs(expected).max(), name
    return apart[0]


def main():
    worst = 0.0
    with tempfile.TemporaryDirectory() as made:
        scratch = Path(made)
        for n, (name, *series) in enumerate(SERIES):
            folder = scratch / str(n)
            folder.mkdir()
            write(folder, *series)
            worst = max(worst, compare(name, folder, headers(folder), scratch, "--interpolate"))
        if "HILUM_DATA" in os.environ:
            head = Path(os.environ["HILUM_DATA"]) / "ge_head_gantry_tilt_variable_spacing"
            found = headers(head)
            for name, slices, *more in (
                ("head, interpolated", found, "--interpolate"),
                ("head, first part", found[:14], "--series", "2"),
                ("head, second part", found[14:], "--series", "3"),
            ):
                worst = max(worst, compare(name, head, slices, scratch, *more))
        else:
            print("skipped: HILUM_DATA names no folder of public data")
    print(f"corners at most {worst:.2g} mm from what the tags give, allowed 0.01 mm")


if __name__ == "__main__":
    main()
