"""Reads every file of the torture folder with hilum and with pydicom, and prints one table.

Each file is either read, with the largest difference from what pydicom and its plug-ins decode (or
from the uncompressed twin), or refused with a message. Fails where hilum refuses or misreads a grey
image that pydicom reads, unless REFUSED says why it should. Skipped where HILUM_DATA names no data.
"""

import io
import os
import pathlib
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
ROUNDED = {"1.2.840.10008.1.2.4.50": 2, "1.2.840.10008.1.2.4.51": 2, "1.2.840.10008.1.2.4.91": 1}


def rescaled(dataset):
    values = pixel_array(dataset, raw=True)
    shared = dataset.get("SharedFunctionalGroupsSequence")
    if shared and "PixelValueTransformationSequence" in shared[0]:
        dataset = shared[0].PixelValueTransformationSequence[0]
    return apply_modality_lut(values, dataset).astype(numpy.float32)


def reference(path):
    """Numbers, what they are from, the largest difference that rounding explains."""
    twin = path.with_name(path.name[:4] + "UNC.zst")
    lossless = path.parent.name == "wg04" and path.name[-4:] in ("J2KR", "JLSL", "JPLL", "_RLE")
    dataset = pydicom.dcmread(path, force=True)
    slope = abs(float(dataset.get("RescaleSlope", 1) or 1))
    syntax = dataset.file_meta.get("TransferSyntaxUID", "")
    if (lossless or path.name.endswith("_RLE")) and twin.exists():
        raw = zstandard.ZstdDecompressor().stream_reader(twin.read_bytes()).read()
        return rescaled(pydicom.dcmread(io.BytesIO(raw))), "twin", 0, dataset
    return rescaled(dataset), "pydicom", slope * ROUNDED.get(str(syntax), 0), dataset


def kind(dataset):
    if dataset.get("SamplesPerPixel", 1) != 1:
        return "colour"
    if dataset.PhotometricInterpretation == "PALETTE COLOR":
        return "palette"
    return "one bit" if dataset.BitsAllocated == 1 else "grey"


def row(path, state, said, numbers):
    """What to print, and whether it is as it should be."""
    try:
        wanted, source, allowed, dataset = reference(path)
    except Exception:  # the plug-ins raise whatever they like
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
        text, right = row(path, state, said, pathlib.Path(out) / f"{n}.f32")
        print(f"{'ok   ' if right else 'WRONG'} {state:7} {path.relative_to(folder)}: {text}")
        read += state == "read"
        if not right:
            wrong.append(str(path.relative_to(folder)))
print(f"{len(paths)} files, {read} read, {len(paths) - read} refused, {len(wrong)} not as they should be")
sys.exit(1 if wrong else 0)
