"""The eight corners of a CT series from its tags alone, as DICOM PS3.3 C.7.6.2.1 defines them.

With HILUM_DATA set it writes testdata/dicom/corners.txt: one line for the tilted and uneven head
series of the public data and for each of its even parts: number of slices, then the eight corners
x y z (LPS, mm), slices outermost, columns innermost.

Needs: numpy pydicom.   Run: python testdata/oracles/corners.py
"""

import os
import pathlib

import numpy
import pydicom

OUT = pathlib.Path(__file__).resolve().parent.parent / "dicom"


def headers(folder):
    """Headers of a folder's CT images from one end of the stack to the other."""
    found = [pydicom.dcmread(path, stop_before_pixels=True) for path in sorted(folder.glob("*.dcm"))]
    row, column = orientation(found[0])
    normal = numpy.cross(row, column)
    return sorted(found, key=lambda d: float(numpy.dot(normal, position(d))))


def position(header):
    return numpy.array([float(v) for v in header.ImagePositionPatient])


def orientation(header):
    numbers = numpy.array([float(v) for v in header.ImageOrientationPatient])
    return numbers[:3], numbers[3:]


def corners(headers):
    """Centres of the corner voxels of the first and the last slice, eight points."""
    points = []
    for header in (headers[0], headers[-1]):
        row, column = orientation(header)
        between_rows, between_columns = (float(v) for v in header.PixelSpacing)
        for j in (0, header.Rows - 1):
            for i in (0, header.Columns - 1):
                # Equation C.7.6.2.1-1: X runs along the row with the column index i.
                points.append(position(header) + row * between_columns * i + column * between_rows * j)
    return numpy.array(points)


def main():
    data = pathlib.Path(os.environ["HILUM_DATA"])
    head = headers(data / "ge_head_gantry_tilt_variable_spacing")
    with open(OUT / "corners.txt", "w") as out:
        for part in (head, head[:14], head[14:]):
            numbers = [len(part), *corners(part).ravel()]
            out.write(" ".join(f"{number:.10g}" for number in numbers) + "\n")


if __name__ == "__main__":
    main()
