"""Small volumes written by other software, and what that software reads in them.

Writes testdata/files/*: NIfTI by nibabel, MetaImage by SimpleITK, NRRD by pynrrd and SimpleITK, in
several number types, byte orders, packings and orientations; and expected.txt with a line for each
of a few voxels: file, index i j k, patient point x y z (LPS, mm), value.

Points and values are those of nibabel, SimpleITK and pynrrd, never of hilum. Every file that
SimpleITK accepts is read by it; sheared ones, which it refuses, by nibabel and pynrrd.

Needs: numpy nibabel SimpleITK pynrrd.   Run: python testdata/oracles/files.py
"""

import gzip
import os
import pathlib

import nibabel
import nrrd
import numpy
import SimpleITK

OUT = pathlib.Path(__file__).resolve().parent.parent / "files"
SHAPE = (5, 4, 3)  # i, j, k
SPACING = (0.7, 0.9, 2.5)
ORIGIN = (-101.25, 33.5, -812.75)
TURN = numpy.diag([-1.0, -1.0, 1.0])


def rotation(a, b, c):
    ca, sa, cb, sb, cc, sc = *(f(x) for x in (a, b, c) for f in (numpy.cos, numpy.sin)),
    z = numpy.array([[ca, -sa, 0], [sa, ca, 0], [0, 0, 1]])
    y = numpy.array([[cb, 0, sb], [0, 1, 0], [-sb, 0, cb]])
    x = numpy.array([[1, 0, 0], [0, cc, -sc], [0, sc, cc]])
    return z @ y @ x


OBLIQUE = rotation(0.3, -0.2, 0.5)
LEFT_HANDED = OBLIQUE @ numpy.diag([1.0, 1.0, -1.0])
TILTED = numpy.array([[1, 0, 0], [0, 1, 0.32], [0, 0, 1]])


def voxels(kind):
    """i fastest, like the files; values that need every byte of their type."""
    rng = numpy.random.default_rng(7)
    kind = numpy.dtype(kind)
    if kind.kind == "f":
        values = rng.normal(-850, 120, SHAPE)
    else:
        info = numpy.iinfo(kind)
        low, high = max(info.min, -3024), min(info.max, 60000)
        values = rng.integers(low, high, SHAPE, endpoint=True)
    return numpy.asfortranarray(values.astype(kind))


LINES = []


def expect(name, index, point, value):
    point = " ".join(f"{float(c):.9g}" for c in point)
    LINES.append(f"{name} {' '.join(map(str, index))} {point} {float(value):.9g}")


INDICES = [(0, 0, 0), (4, 0, 0), (0, 3, 0), (0, 0, 2), (3, 1, 2), (4, 3, 2)]


def read_simpleitk(name):
    image = SimpleITK.ReadImage(str(OUT / name))
    for index in INDICES:
        value = image.GetPixel(*index)
        expect(name, index, image.TransformIndexToPhysicalPoint(index), value)


def read_nibabel(name):
    image = nibabel.load(OUT / name)
    values = image.get_fdata()
    for index in INDICES:
        point = TURN @ (image.affine @ [*index, 1])[:3]
        expect(name, index, point, values[index])


def read_pynrrd(name):
    values, header = nrrd.read(str(OUT / name))
    turn = TURN if header["space"].startswith("right-anterior") else numpy.eye(3)
    for index in INDICES:
        point = header["space origin"] + numpy.array(index) @ header["space directions"]
        expect(name, index, turn @ point, values[index])


def affine(direction, spacing=SPACING, origin=ORIGIN):
    """RAS affine of an LPS direction."""
    matrix = numpy.eye(4)
    matrix[:3, :3] = TURN @ direction @ numpy.diag(spacing)
    matrix[:3, 3] = TURN @ numpy.array(origin)
    return matrix


def nifti(name, kind, direction, forms, slope=None, big=False, units="mm"):
    header = nibabel.Nifti1Header(endianness=">" if big else "<")
    header.set_data_dtype(kind)
    header.set_xyzt_units(units)
    image = nibabel.Nifti1Image(voxels(kind), None, header)
    matrix = affine(direction)
    image.header.set_sform(matrix, 1 if "s" in forms else 0)
    if direction is not TILTED:
        image.header.set_qform(matrix, 1 if "q" in forms else 0)
    if slope:
        image.header.set_slope_inter(*slope)
    # The bytes are laid down here, so that no library rescales them.
    raw = image.header.binaryblock + b"\0" * 4
    stored = voxels(kind).astype(image.header.get_data_dtype())
    body = image.header.copy()
    body["vox_offset"] = 352
    body["magic"] = b"n+1"
    raw = body.binaryblock + b"\0" * 4 + stored.tobytes(order="F")
    path = OUT / name
    path.write_bytes(gzip.compress(raw, mtime=0) if name.endswith(".gz") else raw)
    (read_nibabel if units == "mm" and forms else read_simpleitk)(name)
    if direction is not TILTED and forms:
        check_agreement(name)


def check_agreement(name):
    """nibabel and SimpleITK must say the same before a file becomes an expected value."""
    image = SimpleITK.ReadImage(str(OUT / name))
    for line in [line for line in LINES if line.startswith(name + " ")]:
        words = line.split()
        index = [int(word) for word in words[1:4]]
        point = numpy.array([float(word) for word in words[4:7]])
        off = numpy.abs(point - image.TransformIndexToPhysicalPoint(index)).max()
        assert off < 1e-3, (name, off)


def itk(kind, direction):
    image = SimpleITK.GetImageFromArray(voxels(kind).transpose(2, 1, 0))
    image.SetSpacing(SPACING)
    image.SetOrigin(ORIGIN)
    image.SetDirection(direction.flatten())
    return image


def simpleitk(name, kind, direction, packed):
    SimpleITK.WriteImage(itk(kind, direction), str(OUT / name), useCompression=packed)
    read_simpleitk(name)


def pynrrd(name, kind, direction, space, encoding, endian="little", **more):
    turn = TURN if space.startswith("right-anterior") else numpy.eye(3)
    kind = numpy.dtype(kind).newbyteorder("<" if endian == "little" else ">")
    header = {
        "space": space,
        "space directions": (turn @ direction @ numpy.diag(SPACING)).T,
        "space origin": turn @ numpy.array(ORIGIN),
        "encoding": encoding,
        "endian": endian,
        **more,
    }
    nrrd.write(str(OUT / name), voxels(kind), header, detached_header=name.endswith(".nhdr"))
    path = OUT / name
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(b"\n".join(line for line in lines if not line.startswith(b"# on ")))
    read_pynrrd(name)


OUT.mkdir(exist_ok=True)
for old in OUT.iterdir():
    old.unlink()

nifti("oblique_i16.nii", "<i2", OBLIQUE, "sq")
nifti("oblique_i16.nii.gz", "<i2", OBLIQUE, "sq")
nifti("qform_left_u8.nii.gz", "u1", LEFT_HANDED, "q")
nifti("sform_tilted_f32.nii.gz", "<f4", TILTED, "s")
nifti("big_u16_scaled.nii", ">u2", OBLIQUE, "sq", slope=(1.0, -1024.0), big=True)
nifti("slope_fraction_i16.nii.gz", "<i2", OBLIQUE, "s", slope=(0.37, -10.5))
nifti("i32.nii", "<i4", LEFT_HANDED, "s")
nifti("f64.nii.gz", "<f8", OBLIQUE, "q")
nifti("i8.nii", "i1", OBLIQUE, "sq")
nifti("u32.nii", "<u4", OBLIQUE, "sq")
nifti("i64.nii", "<i8", OBLIQUE, "sq")
nifti("no_form_i16.nii", "<i2", OBLIQUE, "")
nifti("micron_i16.nii", "<i2", OBLIQUE, "sq", units="micron")

simpleitk("oblique_i16.mha", "i2", OBLIQUE, False)
simpleitk("oblique_packed_i16.mha", "i2", OBLIQUE, True)
simpleitk("left_f32.mhd", "f4", LEFT_HANDED, True)
simpleitk("u8.mhd", "u1", OBLIQUE, False)
simpleitk("u16.mha", "u2", LEFT_HANDED, True)
simpleitk("f64.mha", "f8", OBLIQUE, False)
text = (OUT / "oblique_i16.mha").read_bytes()
head, tail = text.split(b"ElementDataFile = LOCAL\n")
swapped = numpy.frombuffer(tail, "<i2").astype(">i2").tobytes()
head = head.replace(b"MSB = False", b"MSB = True")
(OUT / "big_i16.mha").write_bytes(head + b"ElementDataFile = LOCAL\n" + swapped)
read_simpleitk("big_i16.mha")

simpleitk("oblique_itk_i16.nrrd", "i2", OBLIQUE, True)
pynrrd("oblique_lps_i16.nrrd", "i2", OBLIQUE, "left-posterior-superior", "gzip")
pynrrd("left_ras_u16.nrrd", "u2", LEFT_HANDED, "right-anterior-superior", "raw", "big")
pynrrd("tilted_lps_f32.nrrd", "f4", TILTED, "left-posterior-superior", "gzip")
pynrrd("detached_i16.nhdr", "i2", OBLIQUE, "left-posterior-superior", "raw")
pynrrd("u8.nrrd", "u1", OBLIQUE, "right-anterior-superior", "gzip", note="a: b")

(OUT / "expected.txt").write_text("\n".join(LINES) + "\n")
print(f"{len(LINES)} voxels, {sum(os.path.getsize(f) for f in OUT.iterdir())} bytes")
