"""Checks volumes that hilum wrote with nibabel, SimpleITK and pynrrd: voxels, points, values.

A test of hilum-files writes them into a folder of this run's own: oblique, tilted and larger than
one packed chunk, in each format.
"""

import os
import pathlib
import subprocess
import tempfile

import nibabel
import nrrd
import numpy
import SimpleITK

own = tempfile.TemporaryDirectory()
folder = pathlib.Path(own.name)
subprocess.run(
    ["cargo", "test", "--quiet", "-p", "hilum-files", "--test", "writing", "files_for_other_readers"],
    env={**os.environ, "HILUM_INTEROP_OUT": str(folder)},
    stdout=subprocess.DEVNULL,
    check=True,
)
turn = numpy.diag([-1.0, -1.0, 1.0])
checked = {"nibabel": 0, "SimpleITK": 0, "pynrrd": 0}


def compare(reader, name, point, value, wanted_point, wanted_value):
    off = numpy.abs(numpy.asarray(point) - wanted_point).max()
    # NIfTI holds geometry in 32-bit floats.
    assert off < 2e-4, f"{reader} {name}: {off} mm off"
    assert value == wanted_value, f"{reader} {name}: {value}, wanted {wanted_value}"
    checked[reader] += 1


files = {}
for line in (folder / "expected.txt").read_text().splitlines():
    name, *numbers = line.split()
    files.setdefault(name, []).append([float(number) for number in numbers])

for name, rows in files.items():
    path = str(folder / name)
    tilted = name.startswith("tilted")
    if not tilted:
        image = SimpleITK.ReadImage(path)
        assert image.GetPixelID() == SimpleITK.sitkInt16
    if ".nii" in name:
        volume = nibabel.load(path)
        values = numpy.asarray(volume.dataobj)
        assert values.dtype == numpy.int16 and volume.header.get_xyzt_units()[0] == "mm"
        affine, code = volume.header.get_sform(coded=True)
        assert code == 1
        rotated, code = volume.header.get_qform(coded=True)
        assert code == (0 if tilted else 1)
        assert tilted or numpy.abs(affine - rotated).max() < 1e-4
    if name.endswith(("nrrd", "nhdr")):
        numbers, header = nrrd.read(path)
    for i, j, k, x, y, z, value in rows:
        index = (int(i), int(j), int(k))
        if not tilted:
            point = image.TransformIndexToPhysicalPoint(index)
            compare("SimpleITK", name, point, image.GetPixel(*index), [x, y, z], value)
        if ".nii" in name:
            point = turn @ (affine @ [*index, 1])[:3]
            compare("nibabel", name, point, values[index], [x, y, z], value)
        if name.endswith(("nrrd", "nhdr")):
            point = header["space origin"] + numpy.array(index) @ header["space directions"]
            compare("pynrrd", name, point, numbers[index], [x, y, z], value)

print(f"{len(files)} files of hilum read alike: {checked}")
assert all(checked.values())
