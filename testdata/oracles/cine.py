"""Small X-ray runs written by other software, and what pydicom reads in them.

Writes testdata/cine/<syntax>.dcm: four frames of an odd XA picture, 12 bits, LIN, with a Frame
Time Vector, packed by dcmtk and pydicom; beside them lin.f32, the line integrals -ln(I / I0) of
what pydicom reads (little-endian, frame by frame), I0 the greatest number of the run.

With HILUM_DATA set it also writes testdata/cine/public.txt: for each public file, one line of
frames, rows, columns, Frame Time in ms, primary and secondary angle, then minimum, maximum and sum
of the stored numbers, and a few pixels t row column value.

Needs: numpy pydicom pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg pyjpegls; dcmtk.
Run: python testdata/oracles/cine.py
"""

import os
import pathlib
import subprocess
import tempfile

import numpy
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
    XRayAngiographicImageStorage,
    generate_uid,
)

OUT = pathlib.Path(__file__).resolve().parent.parent / "cine"
FRAMES, ROWS, COLUMNS = 4, 33, 37

SYNTAXES = [
    ("explicit_little", "dcmconv +te IN OUT"),
    ("implicit_little", "dcmconv +ti IN OUT"),
    ("explicit_big", "dcmconv +tb IN OUT"),
    ("deflated", "dcmconv +td IN OUT"),
    ("rle", RLELossless),
    ("jpeg_lossless_70", "dcmcjpeg +e1 IN OUT"),
    ("jpeg_ls_80", JPEGLSLossless),
    ("jpeg_2000_90", JPEG2000Lossless),
]


def numbers():
    """Intensity behind an edge that moves, over most of 12 bits; no pixel is 0."""
    t, j, i = numpy.meshgrid(*map(numpy.arange, (FRAMES, ROWS, COLUMNS)), indexing="ij")
    edge = numpy.where(j > 12 + 2 * t, 3000, 400)
    noise = (t * 7919 + j * 104729 + i * 1299709) % 97
    return (edge + 15 * i + noise).astype(numpy.uint16)


def run():
    d = Dataset()
    d.file_meta = FileMetaDataset()
    d.file_meta.MediaStorageSOPClassUID = XRayAngiographicImageStorage
    d.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    d.SOPClassUID = XRayAngiographicImageStorage
    d.ImageType = ["ORIGINAL", "PRIMARY", "SINGLE PLANE"]
    d.Modality = "XA"
    d.PatientName, d.PatientID = "Test^Cine", "CINE"
    for name in ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID"):
        setattr(d, name, generate_uid(entropy_srcs=["hilum cine", name]))
    d.file_meta.MediaStorageSOPInstanceUID = d.SOPInstanceUID
    d.FrameTimeVector = [0, 33, 34, 66.5]
    d.FrameIncrementPointer = 0x00181065
    d.PositionerMotion = "STATIC"
    d.PositionerPrimaryAngle, d.PositionerSecondaryAngle = 30, -15
    d.DistanceSourceToDetector, d.DistanceSourceToPatient = 1200, 750
    d.ImagerPixelSpacing = [0.4, 0.3]
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.NumberOfFrames, d.Rows, d.Columns = FRAMES, ROWS, COLUMNS
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 12, 11, 0
    d.PixelIntensityRelationship = "LIN"
    d.PixelData = numbers().tobytes()
    d["PixelData"].VR = "OW"
    return d


def pack(way, source, target):
    if "IN" in way:
        names = {"IN": str(source), "OUT": str(target)}
        subprocess.run([names.get(word, word) for word in way.split()], check=True)
        return
    image = pydicom.dcmread(source)
    image.compress(way, generate_instance_uid=False)
    image.save_as(target)


def generated():
    OUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        plain = pathlib.Path(folder) / "plain.dcm"
        run().save_as(plain, enforce_file_format=True)
        for name, way in SYNTAXES:
            target = OUT / f"{name}.dcm"
            pack(way, plain, target)
            read = pydicom.dcmread(target).pixel_array
            assert (read == numbers()).all(), name
    intensity = numbers().astype(float)
    (-numpy.log(intensity / intensity.max())).astype("<f4").tofile(OUT / "lin.f32")


def public(data):
    lines = []
    for name in ("cine/xa_rf/0002.DCM",):
        image = pydicom.dcmread(data / name)
        values = image.pixel_array.astype(numpy.int64)
        words = [name, *values.shape, image.FrameTime]
        words += [image.PositionerPrimaryAngle, image.PositionerSecondaryAngle]
        words += [values.min(), values.max(), values.sum()]
        for place in [(0, 0, 0), (1, 250, 260), (47, 101, 390), (95, 511, 511), (60, 333, 77)]:
            words += [*place, values[place]]
        lines.append(" ".join(map(str, words)))
    (OUT / "public.txt").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    generated()
    if "HILUM_DATA" in os.environ:
        public(pathlib.Path(os.environ["HILUM_DATA"]))
