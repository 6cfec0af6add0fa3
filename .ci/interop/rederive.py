"""Derives the numbers of a finished demo again, from its CT and its label map alone.

The CT is read by SimpleITK from DICOM, the labels from NIfTI; the metrics are numpy's. Whatever
hilum says of both lungs, of the right and of the left must come out the same.
"""

import json
import sys
from pathlib import Path

import jsonschema
import numpy as np
import SimpleITK as sitk

REGIONS = {"both_lungs": (1, 2), "right_lung": (1,), "left_lung": (2,)}


def read_series(folder):
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(str(folder)))
    return reader.Execute()


def expected(values, voxel_ml):
    mean, sd = values.mean(), values.std()
    z = (values - mean) / sd
    shares = {
        "laa_950": values < -950,
        "laa_925": values < -925,
        "laa_910": values < -910,
        "laa_856": values < -856,
        "haa_700": values > -700,
        "haa_600_250": (values > -600) & (values < -250),
    }
    return {
        "volume_ml": values.size * voxel_ml,
        "mass_g": np.clip((values + 1000) / 1000, 0, None).sum() * voxel_ml,
        "mean_hu": mean,
        "sd_hu": sd,
        "skewness": (z**3).mean(),
        "kurtosis": (z**4).mean() - 3,
        **{key: 100 * share.mean() for key, share in shares.items()},
    }


def main():
    demo = Path(sys.argv[1])
    report = json.loads((demo / "report.json").read_text())
    schema = json.loads(Path("docs/report.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(report, schema)

    ct = read_series(demo / "phantom" / "dicom")
    labels = sitk.ReadImage(str(demo / "lungs.nii.gz"))
    for ours, theirs in ((labels.GetOrigin(), ct.GetOrigin()), (labels.GetDirection(), ct.GetDirection())):
        assert np.allclose(ours, theirs, atol=1e-3), f"label map at {ours}, CT at {theirs}"
    hu = sitk.GetArrayFromImage(ct).astype(np.float64)
    inside = sitk.GetArrayFromImage(labels)
    voxel_ml = float(np.prod(ct.GetSpacing())) / 1000

    found = {(row["region"], row["key"]): row["value"] for row in report["measurements"]}
    compared = 0
    for region, wanted in REGIONS.items():
        for key, value in expected(hu[np.isin(inside, wanted)], voxel_ml).items():
            ours = found[region, key]
            assert np.isclose(ours, value, rtol=2e-5, atol=2e-5), f"{key} of {region}: {ours}, numpy says {value}"
            compared += 1
    print(f"{compared} numbers derived again, all equal")


if __name__ == "__main__":
    main()
