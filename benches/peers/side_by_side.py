"""Times the `hilum` command beside the same steps in SimpleITK, in one call.

    cargo build --release
    HILUM_DATA=… python benches/peers/side_by_side.py [--growth]

The CT is the 133-slice thorax of the public data, or a phantom of that size where it is absent.
`hilum density` runs as a process of its own, from files to report, pictures and label maps
included; the peer (`density.py`) stops at the numbers and one label map. Both have two threads and
a warm file cache. With `--growth` phantoms of 512 × 512 × 250, 500 and 1000 voxels show how time
and memory grow.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
HILUM = HERE.parent.parent / "target" / "release" / "hilum"
THORAX = "lidc_idri_1011"
RUNS = 5
# Extent of the standard phantom in mm.
HEIGHT, ACROSS = 350, 400


def run(*command):
    """Seconds, seconds of processor time and peak MiB of a process, and what it printed."""
    start = time.perf_counter()
    child = subprocess.Popen([str(part) for part in command], stdout=subprocess.PIPE)
    printed = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{command[0]} ended with status {status}")
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, printed


def hilum(ct, scratch, runs=RUNS):
    """Median of several runs."""
    out = scratch / "out"
    command = [HILUM, "density", ct, "-o", out, "--threads", 2, "--quiet", "--force"]
    run(*command)
    rows = [run(*command)[:3] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*rows)]


def row(name, seconds, cpu, peak):
    print(f"{name:<34}{seconds:9.2f} s {cpu:9.2f} s cpu {peak:9.0f} MiB")


def phantom(scratch, spacing):
    folder = scratch / "phantom"
    run(HILUM, "phantom", "-o", folder, "--spacing", spacing, "--quiet", "--force")
    return folder / "dicom"


def side_by_side(scratch):
    data = os.environ.get("HILUM_DATA")
    ct = Path(data) / THORAX if data else None
    if ct is None or not ct.is_dir():
        ct = phantom(scratch, f"{HEIGHT / 133},{ACROSS / 512},{ACROSS / 512}")
    ours = hilum(ct, scratch)
    row("hilum density, with report", *ours)
    *theirs, printed = run(sys.executable, HERE / "density.py", ct, scratch / "peer.nii.gz")
    row("the same steps in SimpleITK", *theirs)
    print(f"{'times as fast':<34}{theirs[0] / ours[0]:9.1f}")
    print(f"peer, by step: {json.dumps(json.loads(printed)['steps'])}")


def growth(scratch):
    for slices in (250, 500, 1000):
        ct = phantom(scratch, f"{HEIGHT / slices},{ACROSS / 512},{ACROSS / 512}")
        seconds, cpu, peak = hilum(ct, scratch, runs=3)
        row(f"512 × 512 × {slices}", seconds, cpu, peak)
        print(f"{'':<34}{1e9 * cpu / (512 * 512 * slices):9.1f} ns cpu a voxel")


def main():
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        side_by_side(scratch)
        if "--growth" in sys.argv[1:]:
            growth(scratch)


if __name__ == "__main__":
    main()
