"""Metrics of small samples by NumPy and SciPy, and power-law exponents by SciPy's zeta function.

Writes testdata/density/metrics.txt: lines of `sample name`, `values …`, `weights …` and `key value`;
and power_law.txt: `law D smallest`, `sizes …` and the two fits. Values are those of NumPy and SciPy.

Needs: numpy scipy.   Run: python testdata/oracles/density.py
"""

import pathlib

import numpy
import scipy.optimize
import scipy.special
import scipy.stats

OUT = pathlib.Path(__file__).resolve().parent.parent / "density"
OUT.mkdir(exist_ok=True)
rng = numpy.random.default_rng(11)


def schneider(hu):
    hu = numpy.clip(hu, -1000, None)
    low = 1.21e-3 + (0.93 - 1.21e-3) / 902 * (hu + 1000)
    return numpy.select(
        [hu < -98, hu < 18, hu <= 100],
        [low, 1.018 + 0.893 * hu / 1000, 1.003 + 1.169 * hu / 1000],
        1.017 + 0.592 * hu / 1000,
    )


def metrics(values):
    share = lambda where: 100 * numpy.mean(where)
    perc = lambda p, method: numpy.percentile(values, p, method=method)
    return {
        "mean_hu": values.mean(),
        "sd_hu": values.std(),
        "median_hu": numpy.median(values),
        "skewness": scipy.stats.skew(values),
        "kurtosis": scipy.stats.kurtosis(values),
        "min_hu": values.min(),
        "max_hu": values.max(),
        "laa_950": share(values < -950),
        "laa_925": share(values < -925),
        "laa_910": share(values < -910),
        "laa_856": share(values < -856),
        "laa_950_inclusive": share(values <= -950),
        "haa_700": share(values > -700),
        "haa_600_250": share((values > -600) & (values < -250)),
        "haa_600_250_inclusive": share((values >= -600) & (values <= -250)),
        "perc10_linear": perc(10, "linear"),
        "perc15_linear": perc(15, "linear"),
        "mass_linear_per_ml": numpy.clip((values + 1000) / 1000, 0, None).mean(),
        "mass_schneider_per_ml": schneider(values).mean(),
    }


samples = {
    "whole": numpy.rint(rng.normal(-870, 120, 997)),
    "edges": numpy.array([-1024, -1001, -1000, -950, -950, -950, -951, -949, -600, -250, -98, 0, 18, 100, 101, 700.0]),
    "fractions": rng.normal(-860, 90, 501).astype(numpy.float32).astype(float),
    "slope": numpy.rint(rng.normal(400, 300, 300)) * 0.37 - 1010.3,
}
samples["slope"] = samples["slope"].astype(numpy.float32).astype(float)
lines = []
for name, values in samples.items():
    lines.append(f"sample {name}")
    lines.append("values " + " ".join(repr(float(v)) for v in values))
    lines += [f"{key} {float(value)!r}" for key, value in metrics(values).items()]
(OUT / "metrics.txt").write_text("\n".join(lines) + "\n")

lines = []
for exponent, smallest, count in [(0.9, 5, 3000), (1.4, 5, 3000), (2.2, 1, 1500), (1.1, 20, 800)]:
    # Exact inversion of the discrete law's distribution function.
    table = numpy.arange(smallest, 3_000_000)
    tail = scipy.special.zeta(exponent + 1, table) / scipy.special.zeta(exponent + 1, smallest)
    u = rng.random(count)
    sizes = table[numpy.searchsorted(-tail, -u, side="right") - 1]
    mean = numpy.log(sizes).mean()
    loss = lambda d: numpy.log(scipy.special.zeta(d + 1, smallest)) + (d + 1) * mean
    fit = scipy.optimize.minimize_scalar(loss, bounds=(0.01, 20), method="bounded", options={"xatol": 1e-9})
    distinct = numpy.unique(sizes)
    at_least = [(sizes >= s).sum() for s in distinct]
    slope = scipy.stats.linregress(numpy.log(distinct), numpy.log(at_least)).slope
    lines.append(f"law {exponent} {smallest}")
    lines.append("sizes " + " ".join(map(str, sizes)))
    lines.append(f"likeliest {float(fit.x)!r}")
    lines.append(f"regression {float(-slope)!r}")
(OUT / "power_law.txt").write_text("\n".join(lines) + "\n")
print(sum(f.stat().st_size for f in OUT.iterdir()), "bytes")
