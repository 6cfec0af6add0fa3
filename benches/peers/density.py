"""The steps of `hilum density`, written with the filters of SimpleITK.

    python density.py FOLDER OUT

Reads a CT series, segments the lungs without trachea and main bronchi, closes the vessels
in, splits right from left, cuts rind and thirds, takes every metric of every region, and writes
the label map. It draws no report and no picture, which hilum does in the time compared. Prints
one JSON object with the seconds of each step.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np
import SimpleITK as sitk

THRESHOLDS_BELOW = (-950, -925, -910, -856)
RIND_MM = 10.0


class Clock:
    """Seconds of each step."""

    def __init__(self):
        self.steps = {}
        self.last = time.perf_counter()

    def lap(self, step):
        now = time.perf_counter()
        self.steps[step] = round(now - self.last, 3)
        self.last = now


def read(folder):
    names = sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder))
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(names)
    return reader.Execute()


def largest(mask, count=1):
    components = sitk.RelabelComponent(sitk.ConnectedComponent(mask))
    return sitk.Cast(sitk.And(components >= 1, components <= count), sitk.sitkUInt8)


def body_of(ct):
    solid = sitk.BinaryMorphologicalOpening(ct > -500, [2, 2, 0])
    return sitk.BinaryFillhole(largest(solid))


def trachea_of(ct, air):
    """Grows the airway from the topmost round component of air."""
    depth = ct.GetSize()[2]
    for z in range(depth - 1, depth // 2, -1):
        components = sitk.ConnectedComponent(air[:, :, z])
        shapes = sitk.LabelShapeStatisticsImageFilter()
        shapes.Execute(components)
        for label in shapes.GetLabels():
            if 80 < shapes.GetPhysicalSize(label) < 600 and shapes.GetRoundness(label) > 0.8:
                point = components.TransformPhysicalPointToIndex(shapes.GetCentroid(label))
                seed = [*point, z]
                smooth = sitk.Median(ct, [1, 1, 1])
                for upper in range(-850, -990, -10):
                    grown = sitk.ConnectedThreshold(smooth, [seed], lower=-1500, upper=upper)
                    volume = sitk.GetArrayViewFromImage(grown).sum() * np.prod(ct.GetSpacing())
                    if volume < 80_000:
                        return sitk.BinaryDilate(grown, [2, 2, 1])
    return sitk.Image(ct.GetSize(), sitk.sitkUInt8)


def lungs_of(ct, body, clock):
    air = sitk.And(sitk.And(ct < -400, ct > -1500), body)
    air = sitk.Cast(air, sitk.sitkUInt8)
    clock.lap("body and air")
    trachea = trachea_of(ct, air)
    trachea.CopyInformation(air)
    clock.lap("airway")
    air = sitk.And(air, sitk.Not(trachea))
    lungs = largest(air, 2)
    closed = sitk.BinaryMorphologicalClosing(lungs, [int(round(5 / s)) for s in ct.GetSpacing()])
    closed = sitk.And(closed, sitk.Not(trachea))
    clock.lap("lungs and closing")
    labels = sitk.GetArrayFromImage(sitk.RelabelComponent(sitk.ConnectedComponent(lungs)))
    middle = ct.GetSize()[0] / 2
    inside = sitk.GetArrayFromImage(closed).astype(bool)
    columns = [np.nonzero(labels == n)[2].mean() for n in (1, 2) if (labels == n).any()]
    cut = np.mean(columns) if len(columns) == 2 else middle
    sides = np.where(np.arange(inside.shape[2]) < cut, 1, 2)
    clock.lap("right and left")
    return (inside * sides).astype(np.uint8), closed


def zones_of(labels, closed, clock):
    depth = sitk.SignedMaurerDistanceMap(closed, True, False, True)
    rind = sitk.GetArrayViewFromImage(depth) < RIND_MM
    tally = np.cumsum((labels > 0).sum(axis=(1, 2)))
    third = np.minimum(tally * 3 // max(int(tally[-1]), 1), 2)
    clock.lap("zones")
    return rind, third[:, None, None]


def metrics(values, voxel_ml):
    if values.size == 0:
        return {}
    mean, sd = values.mean(), values.std()
    z = (values - mean) / sd
    found = {
        "volume_ml": values.size * voxel_ml,
        "mass_g": ((values + 1000.0) / 1000.0).sum() * voxel_ml,
        "mean_hu": mean,
        "sd_hu": sd,
        "median_hu": np.median(values),
        "skewness": (z**3).mean(),
        "kurtosis": (z**4).mean() - 3,
        "perc10_hu": np.percentile(values, 10),
        "perc15_hu": np.percentile(values, 15),
        "haa_700": 100 * (values > -700).mean(),
        "haa_600_250": 100 * ((values > -600) & (values < -250)).mean(),
    }
    for threshold in THRESHOLDS_BELOW:
        found[f"laa_{-threshold}"] = 100 * (values < threshold).mean()
    return found


def measure(ct, labels, rind, third):
    hu = sitk.GetArrayViewFromImage(ct)
    voxel_ml = float(np.prod(ct.GetSpacing())) / 1000
    report = {}
    for name, wanted in (("both", (1, 2)), ("right", (1,)), ("left", (2,))):
        inside = np.isin(labels, wanted)
        parts = {"lungs": inside, "rind": inside & rind, "core": inside & ~rind}
        parts |= {f"third {n}": inside & (third == n) for n in range(3)}
        for part, mask in parts.items():
            report[f"{name} {part}"] = metrics(hu[mask].astype(np.float64), voxel_ml)
    return report


def main():
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(2)
    clock = Clock()
    ct = read(folder)
    clock.lap("read")
    labels, closed = lungs_of(ct, body_of(ct), clock)
    rind, third = zones_of(labels, closed, clock)
    report = measure(ct, labels, rind, third)
    clock.lap("metrics")
    image = sitk.GetImageFromArray(labels)
    image.CopyInformation(ct)
    sitk.WriteImage(image, str(out), useCompression=True)
    clock.lap("write")
    total = round(sum(clock.steps.values()), 3)
    both = report["both lungs"]
    print(json.dumps({"seconds": total, "steps": clock.steps, "volume_ml": both.get("volume_ml"), "laa_950": both.get("laa_950")}))


if __name__ == "__main__":
    main()
