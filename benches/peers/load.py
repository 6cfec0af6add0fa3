"""Loads a CT series with pydicom and with SimpleITK.

    python load.py FOLDER

Prints a line for each way: a name, a tab, the median of the seconds over several runs with a warm
file cache. pydicom reads file after file and makes HU of `pixel_array`; SimpleITK sorts the files
by GDCM and reads them with two threads.

Tried with pydicom 3.0.2 and SimpleITK 2.5.
"""

import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.errors import InvalidDicomError

RUNS = 5


def stored(folder):
    """The stored pixels alone, in the order of the names."""
    slices = []
    for path in sorted(Path(folder).iterdir()):
        try:
            slices.append(pydicom.dcmread(path).pixel_array)
        except InvalidDicomError:
            continue
    return np.stack(slices)


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


def main():
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
    for name, load in (
        ("pydicom, pixel_array loop", stored),
        ("pydicom, sorted and in HU", hounsfield),
        ("SimpleITK, ImageSeriesReader", itk),
    ):
        print(f"{name}\t{seconds(load, sys.argv[1]):.4f}", flush=True)


if __name__ == "__main__":
    main()
