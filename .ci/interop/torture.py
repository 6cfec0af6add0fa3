"""Reads every file of the torture folder with hilum and with pydicom, and prints one table.

Each line has the transfer syntax of a file, and either the largest difference from what pydicom and
its plug-ins decode (or from the uncompressed twin, or from what dcmtk decodes where pydicom does
not), or the message of the refusal. Fails where hilum refuses or misreads a grey image that one of
them reads, unless REFUSED says why it should. Skipped where HILUM_DATA names no data.
"""

import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import warnings

import numpy
import pydicom
import zstandard
from pydicom.pixels import apply_modality_lut, pixel_array

warnings.simplefilter("ignore")

# What is refused although pydicom reads it, and the words of the refusal.
REFUSED = {
    "colour": "samples per pixel, wanted 1 sample per pixel",
    "palette": "PALETTE COLOR pixels, wanted MONOCHROME2 pixels",
    "one bit": "1 bits per pixel, wanted 8, 16 or 32 bits per pixel",
}

# Inverse cosines and wavelets may be rounded either way, in stored numbers.
JPEG = "1.2.840.10008.1.2.4."
ROUNDED = {JPEG + "50": 2, JPEG + "51": 2, JPEG + "53": 2, JPEG + "55": 2, JPEG + "91": 1}


def rescaled(dataset):
    values = pixel_array(dataset, raw=True)
    shared = dataset.get("SharedFunctionalGroupsSequence")
    if shared and "PixelValueTransformationSequence" in shared[0]:
        dataset = shared[0].PixelValueTransformationSequence[0]
    return apply_modality_lut(values, dataset).astype(numpy.float32)


def unpacked(path):
    """What dcmtk makes of a JPEG file."""
    with tempfile.TemporaryDirectory() as scratch:
        plain = pathlib.Path(scratch) / "plain.dcm"
        subprocess.run(["dcmdjpeg", path, plain], check=True, capture_output=True)
        return rescaled(pydicom.dcmread(plain))


def reference(path, dataset):
    """Numbers, what they are from, the largest difference that rounding explains."""
    twin = path.with_name(path.name[:4] + "UNC.zst")
    lossless = path.parent.name == "wg04" and path.name[-4:] in ("J2KR", "JLSL", "JPLL", "_RLE")
    if lossless and twin.exists():
        raw = zstandard.ZstdDecompressor().stream_reader(twin.read_bytes()).read()
        return rescaled(pydicom.dcmread(io.BytesIO(raw))), "twin", 0
    slope = abs(float(dataset.get("RescaleSlope", 1) or 1))
    allowed = slope * ROUNDED.get(syntax(dataset), 0)
    try:
        return rescaled(dataset), "pydicom", allowed
    except Exception:  # the plug-ins raise whatever they like
        if not syntax(dataset).startswith(JPEG) or not shutil.which("dcmdjpeg"):
            raise
        return unpacked(path), "dcmtk", allowed


def syntax(dataset):
    return str(dataset.file_meta.get("TransferSyntaxUID", "")) if dataset else ""


def kind(dataset):
    if dataset.get("SamplesPerPixel", 1) != 1:
        return "colour"
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        return "palette"
    return "one bit" if dataset.BitsAllocated == 1 else "grey"


def header(path):
    try:
        return pydicom.dcmread(path, force=True)
    except Exception:  # no DICOM at all
        return None


def row(path, dataset, state, said, numbers):
    """What to print, and whether it is as it should be."""
    try:
        wanted, source, allowed = reference(path, dataset)
    except Exception:
        return (f"{said}; not read by pydicom", True)
    if state == "refused":
        return (said, REFUSED.get(kind(dataset), "\0") in said)
    found = numpy.fromfile(numbers, numpy.float32)
    if found.size != wanted.size:
        return (f"{found.size} pixels, {source} has {wanted.size}", False)
    apart = float(numpy.abs(found - wanted.ravel()).max())
    return (f"{said}; max difference {apart:g} from {source}", apart <= allowed)


data = os.environ.get("HILUM_DATA")
if not data:
    print("skipped: HILUM_DATA names no folder of public data")
    sys.exit()
folder = pathlib.Path(data) / "dicom_torture"
paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".zst")
with tempfile.TemporaryDirectory() as out:
    command = ["cargo", "run", "--release", "--quiet", "--example", "decode", "--", *map(str, paths)]
    if "DECODE" in os.environ:
        command = [os.environ["DECODE"], *map(str, paths)]
    run = subprocess.run(command, env={**os.environ, "DECODE_OUT": out}, capture_output=True, check=True)
    lines = run.stdout.decode().splitlines()
    assert len(lines) == len(paths), f"{len(lines)} answers for {len(paths)} files"
    wrong, read = [], 0
    for n, (path, line) in enumerate(zip(paths, lines)):
        _, state, said = line.split("\t", 2)
        dataset = header(path)
        text, right = row(path, dataset, state, said, pathlib.Path(out) / f"{n}.f32")
        coding = syntax(dataset).removeprefix("1.2.840.10008.") or "-"
        print(f"{'ok   ' if right else 'WRONG'} {state:7} {coding:8} {path.relative_to(folder)}: {text}")
        read += state == "read"
        if not right:
            wrong.append(str(path.relative_to(folder)))
print(f"{len(paths)} files, {read} read, {len(paths) - read} refused, {len(wrong)} not as they should be")
sys.exit(1 if wrong else 0)
