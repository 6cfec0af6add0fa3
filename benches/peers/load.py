"""Loads a CT series with pydicom and with SimpleITK, or packs one.

    python load.py time FOLDER
    python load.py pack CODING FOLDER INTO

Prints a line for each way: a name, a tab, the median of the seconds over several runs with a warm
file cache. pydicom reads file after file and makes HU of `pixel_array`, decoding with pylibjpeg,
its plug-ins and pyjpegls; SimpleITK sorts the files by GDCM and reads them with two threads.

JPEG lossless is packed by dcmtk's dcmcjpeg, all else by pydicom.

Tried with pydicom 3.0.2, pylibjpeg 2.1 and SimpleITK 2.5.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.errors import InvalidDicomError
from pydicom.uid import JPEG2000Lossless, JPEGLSLossless, RLELossless

RUNS = 5


def hounsfield(folder):
    """What has to be done to have a volume: sort by position, rescale."""
    slices = []
    for path in sorted(Path(folder).iterdir()):
        try:
            d = pydicom.dcmread(path)
        except InvalidDicomError:
            continue
        hu = d.pixel_array.astype(np.int16) * np.int16(d.RescaleSlope) + np.int16(d.RescaleIntercept)
        slices.append((float(d.ImagePositionPatient[2]), hu))
    slices.sort(key=lambda pair: pair[0])
    return np.stack([hu for _, hu in slices])


def itk(folder):
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


def seconds(load, folder):
    runs = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        load(folder)
        runs.append(time.perf_counter() - start)
    return statistics.median(runs[1:])


def pack(coding, folder, into):
    syntaxes = {"jpeg_2000": JPEG2000Lossless, "jpeg_ls": JPEGLSLossless, "rle": RLELossless}
    for path in sorted(Path(folder).iterdir()):
        packed = Path(into) / path.name
        try:
            d = pydicom.dcmread(path)
        except InvalidDicomError:
            continue
        if coding == "jpeg_lossless":
            subprocess.run(["dcmcjpeg", "+e1", path, packed], check=True)
        else:
            d.compress(syntaxes[coding], generate_instance_uid=False)
            d.save_as(packed)


def main():
    if sys.argv[1] == "pack":
        return pack(*sys.argv[2:])
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
    for name, load in (("pydicom, in HU", hounsfield), ("SimpleITK (GDCM)", itk)):
        print(f"{name}\t{seconds(load, sys.argv[2]):.4f}", flush=True)


if __name__ == "__main__":
    main()
