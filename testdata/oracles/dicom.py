"""Small DICOM series written by other software, and what pydicom reads in them.

Writes testdata/dicom/<name>/*.dcm: two slices of an odd, anisotropic, oblique image in every
transfer syntax that hilum reads, packed by dcmtk and pydicom; beside them <name>.i16, the HU that
pydicom reads in them (little-endian, slice by slice). Lossless packings are checked here to give
back what went in, and share one <kind>_lossless.i16.

With HILUM_DATA set it also writes testdata/dicom/public.txt: for series of the public data, one
line each of geometry (SimpleITK, or pynrrd) and of values (pydicom): shape k j i, origin, the
steps along k, j and i (LPS, mm), then minimum, maximum, sum, and a few voxels k j i value; and testdata/dicom/single_images.txt.

Needs: numpy pydicom pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg pyjpegls SimpleITK pynrrd;
dcmtk.   Run: python testdata/oracles/dicom.py
"""

import os
import pathlib
import subprocess
import tempfile

import nrrd
import numpy
import pydicom
import SimpleITK
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    JPEG2000,
    JPEG2000Lossless,
    JPEGLSNearLossless,
    generate_uid,
)

OUT = pathlib.Path(__file__).resolve().parent.parent / "dicom"
ROWS, COLUMNS = 33, 37

# name, bits stored, signed, intercept
KINDS = [("signed12", 12, 1, -24), ("unsigned16", 16, 0, -1024)]

# name, command of dcmtk with IN and OUT or a syntax for pydicom to compress to, lossless
SYNTAXES = [
    ("explicit_little", "dcmconv +te IN OUT", True),
    ("implicit_little", "dcmconv +ti IN OUT", True),
    ("explicit_big", "dcmconv +tb IN OUT", True),
    ("deflated", "dcmconv +td IN OUT", True),
    ("undefined_lengths", "dcmconv +te -e IN OUT", True),
    ("rle", "dcmcrle IN OUT", True),
    ("jpeg_lossless_57", "dcmcjpeg +el +sv 4 IN OUT", True),
    ("jpeg_lossless_70", "dcmcjpeg +e1 IN OUT", True),
    ("jpeg_ls_80", "dcmcjpls +el IN OUT", True),
    ("jpeg_ls_81", JPEGLSNearLossless, False),
    ("jpeg_2000_90", JPEG2000Lossless, True),
    ("jpeg_2000_91", JPEG2000, False),
]


def pixels(kind, k):
    """A slope, an edge and noise that repeats, over most of the range."""
    _, bits, signed, intercept = kind
    j, i = numpy.mgrid[0:ROWS, 0:COLUMNS]
    hu = -1000 + 37 * i + 11 * j + 200 * k + ((i * 7919 + j * 104729 + k * 31) % 61)
    hu = numpy.where((i - 9) ** 2 + (j - 8) ** 2 < 20, 1100 - 90 * j, hu)
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
    return numpy.clip(hu - intercept, low, high).astype(numpy.int16 if signed else numpy.uint16)


def write(path, kind, k, uids):
    name, bits, signed, intercept = kind
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    d.file_meta.MediaStorageSOPClassUID = d.SOPClassUID = CTImageStorage
    d.SOPInstanceUID = generate_uid(entropy_srcs=[name, str(k)])
    d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID
    d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = uids
    d.Modality, d.PatientName, d.PatientID = "CT", "Phantom^Oracle", "ORACLE"
    d.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    d.SeriesDescription, d.BodyPartExamined, d.KVP = name, "CHEST", 120
    d.InstanceNumber = k + 1
    # Turned by 30° about z: rows and columns stay in the plane, spacings differ.
    c, s = 3**0.5 / 2, 0.5
    d.ImageOrientationPatient = [f"{v:.12f}" for v in (c, s, 0, -s, c, 0)]
    d.ImagePositionPatient = [-101.25, 33.5, -812.75 + 2.5 * k]
    d.PixelSpacing, d.SliceThickness = [0.9, 0.7], 5
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.Rows, d.Columns = ROWS, COLUMNS
    d.BitsAllocated, d.BitsStored, d.HighBit = 16, bits, bits - 1
    d.PixelRepresentation = signed
    d.RescaleIntercept, d.RescaleSlope, d.RescaleType = intercept, 1, "HU"
    d.PixelData = pixels(kind, k).tobytes()
    d.save_as(path, enforce_file_format=True)


def hounsfield(path):
    d = pydicom.dcmread(path)
    return d.pixel_array.astype(numpy.float64) * float(d.RescaleSlope) + float(d.RescaleIntercept)


def pack(how, plain, packed):
    if " " in how:
        run = how.replace("IN", str(plain)).replace("OUT", str(packed))
        subprocess.run(run.split(), check=True)
        return
    d = pydicom.dcmread(plain)
    options = {JPEGLSNearLossless: {"jls_error": 2}, JPEG2000: {"j2k_psnr": [60]}}
    d.compress(how, generate_instance_uid=False, **options.get(how, {}))
    d.save_as(packed)


def syntaxes():
    for kind in KINDS:
        for syntax, command, lossless in SYNTAXES:
            name = f"{kind[0]}_{syntax}"
            folder = OUT / name
            folder.mkdir(parents=True, exist_ok=True)
            uids = [generate_uid(entropy_srcs=[name, str(n)]) for n in range(3)]
            read = []
            for k in range(2):
                with tempfile.TemporaryDirectory() as scratch:
                    plain = pathlib.Path(scratch) / "plain.dcm"
                    write(plain, kind, k, uids)
                    packed = folder / f"{k}.dcm"
                    pack(command, plain, packed)
                    before, after = hounsfield(plain), hounsfield(packed)
                if lossless:
                    assert (before == after).all(), name
                read.append(after)
            expected = f"{kind[0]}_lossless" if lossless else name
            numpy.stack(read).astype("<i2").tofile(OUT / f"{expected}.i16")


def steps_of(image):
    direction = numpy.array(image.GetDirection()).reshape(3, 3)
    return direction * numpy.array(image.GetSpacing())


def line(name, path, shape, origin, steps, hu):
    """One line; `steps` has the step along i, j, k in its columns, `hu` is [k, j, i]."""
    numbers = [*shape, *origin, *steps[:, 2], *steps[:, 1], *steps[:, 0]]
    whole = hu.astype(numpy.int64)
    assert (whole == hu).all(), name
    numbers += [whole.min(), whole.max(), whole.sum()]
    random = numpy.random.default_rng(7)
    for _ in range(6):
        voxel = [int(random.integers(0, n)) for n in shape]
        numbers += [*voxel, whole[tuple(voxel)]]
    return " ".join([name, path, *(repr(float(n)).removesuffix(".0") for n in numbers)])


def series(data, name, path, files=None):
    """Geometry by SimpleITK, values by pydicom, slices matched by position."""
    names = files or SimpleITK.ImageSeriesReader.GetGDCMSeriesFileNames(str(data / path))
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames(names)
    image = reader.Execute()
    up = steps_of(image)[2, 2] > 0
    assert up, name
    hu = numpy.stack([hounsfield(n) for n in names])
    return line(name, path, hu.shape, image.GetOrigin(), steps_of(image), hu)


def tilted(data, path, count):
    """The first `count` slices of a tilted head: SimpleITK drops the tilt, so by hand."""
    found = sorted((pydicom.dcmread(f, stop_before_pixels=True).ImagePositionPatient[2], f)
                   for f in (data / path).glob("*.dcm"))[:count]
    files = [f for _, f in found]
    first, last = (pydicom.dcmread(f) for f in (files[0], files[-1]))
    start, end = (numpy.array(d.ImagePositionPatient, float) for d in (first, last))
    row, column = numpy.array(first.ImageOrientationPatient, float).reshape(2, 3)
    spacing = [float(s) for s in first.PixelSpacing]
    steps = numpy.stack([row * spacing[1], column * spacing[0], (end - start) / (count - 1)], 1)
    hu = numpy.stack([hounsfield(f) for f in files])
    return line("tilted", path, hu.shape, start, steps, hu)


def enhanced(data, path):
    """An enhanced multi-frame image, its frames ordered by position, by pydicom alone."""
    d = pydicom.dcmread(data / path)
    shared = d.SharedFunctionalGroupsSequence[0]
    measures = shared.PixelMeasuresSequence[0]
    values = shared.PixelValueTransformationSequence[0]
    row, column = numpy.array(
        shared.PlaneOrientationSequence[0].ImageOrientationPatient, float
    ).reshape(2, 3)
    places = numpy.array([
        frame.PlanePositionSequence[0].ImagePositionPatient
        for frame in d.PerFrameFunctionalGroupsSequence
    ], float)
    order = numpy.argsort(places @ numpy.cross(row, column))
    places = places[order]
    hu = d.pixel_array[order] * float(values.RescaleSlope) + float(values.RescaleIntercept)
    spacing = [float(s) for s in measures.PixelSpacing]
    step = (places[-1] - places[0]) / (len(places) - 1)
    steps = numpy.stack([row * spacing[1], column * spacing[0], step], 1)
    return line("enhanced", path, hu.shape, places[0], steps, hu)


def single_images(data):
    """Single images in many syntaxes: path, minimum, maximum and sum of the HU."""
    torture = data / "dicom_torture"
    files = [*(torture / "wg04").glob("CT*"), *(torture / "cornerstone_ctimage").glob("CTImage*")]
    lines = []
    for path in sorted(files):
        if path.suffix == ".zst":
            continue
        try:
            hu = hounsfield(path)
        except Exception as error:
            print("left out:", path.name, type(error).__name__)
            continue
        numbers = [int(hu.min()), int(hu.max()), int(hu.sum())]
        lines.append(" ".join([str(path.relative_to(data)), *map(str, numbers)]))
    (OUT / "single_images.txt").write_text("\n".join(lines) + "\n")


def public(data):
    lines = [
        series(data, "thorax", "lidc_idri_1011"),
        series(data, "jpeg_2000", "totalsegmentator_example/example_ct_dicom"),
        series(data, "phantom", "ibsi/ibsi_1_ct_radiomics_phantom/dicom/image"),
        tilted(data, "ge_head_gantry_tilt_variable_spacing", 14),
        enhanced(data, "dicom_torture/enhanced_ct/eCT_Supplemental.dcm"),
    ]
    voxels, header = nrrd.read(str(data / "cip_testing/ct-64.nrrd"))
    assert header["space"] == "left-posterior-superior"
    steps = numpy.array(header["space directions"], float).T
    origin = numpy.array(header["space origin"], float)
    hu = voxels.transpose(2, 1, 0)
    lines.append(line("nrrd", "cip_testing/ct-64Dicom", hu.shape, origin, steps, hu))
    (OUT / "public.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    syntaxes()
    if "HILUM_DATA" in os.environ:
        public(pathlib.Path(os.environ["HILUM_DATA"]))
        single_images(pathlib.Path(os.environ["HILUM_DATA"]))
