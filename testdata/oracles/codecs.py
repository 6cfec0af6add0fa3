"""Single small images in every coding, made and read by other software.

Writes testdata/codecs/<name>.dcm, and testdata/codecs/table.txt with a line for each: the name,
the file of the stored numbers that another decoder finds in it (little-endian, 32 bits), by how
much rounding may differ, and the rescale intercept. Lossless images are checked here to give back what went in.

Needs: numpy pydicom pylibjpeg pylibjpeg-libjpeg pylibjpeg-openjpeg pyjpegls imagecodecs; dcmtk.
Run: python testdata/oracles/codecs.py
"""

import pathlib
import subprocess
import tempfile

import imagecodecs
import numpy
import pydicom
from dicom import COLUMNS, KINDS, ROWS, pixels, write
from pydicom.encaps import encapsulate
from pydicom.uid import UID, generate_uid

OUT = pathlib.Path(__file__).resolve().parent.parent / "codecs"
SIGNED, UNSIGNED = KINDS
EIGHT = ("unsigned8", 8, 0, 0)
TWELVE = ("unsigned12", 12, 0, -1024)
lines = []
written = {}


def plain(path, kind, seed=0):
    uids = [generate_uid(entropy_srcs=["codecs", kind[0], str(n)]) for n in range(3)]
    if kind is EIGHT:
        write(path, ("unsigned16", 16, 0, -1024), 0, uids)
        d = pydicom.dcmread(path)
        eight = (d.pixel_array // 8).clip(0, 255).astype(numpy.uint8)
        d.BitsAllocated, d.BitsStored, d.HighBit = 8, 8, 7
        d.RescaleIntercept = 0
        d.PixelData = eight.tobytes() + b"\0"
        d["PixelData"].VR = "OB"
    else:
        write(path, kind, 0, uids)
        d = pydicom.dcmread(path)
        d.PixelData = (d.pixel_array - seed).astype(d.pixel_array.dtype).tobytes()
    d.SeriesDescription = path.stem
    d.save_as(path)
    return d


def stored(path):
    return pydicom.dcmread(path).pixel_array


def keep(name, numbers, rounding):
    """Images with the same numbers share a file of them."""
    bytes = numpy.asarray(numbers).astype("<i4").tobytes()
    expected = written.setdefault(bytes, name)
    (OUT / f"{expected}.i32").write_bytes(bytes)
    header = pydicom.dcmread(OUT / f"{name}.dcm", stop_before_pixels=True)
    lines.append(f"{name} {expected} {rounding} {int(header.RescaleIntercept)}")


def forget():
    lines.pop()


def by_dcmtk(name, kind, command, rounding, seed=0):
    """Packed and, where it is lossy, unpacked by dcmtk."""
    with tempfile.TemporaryDirectory() as scratch:
        source, unpacked = pathlib.Path(scratch) / "plain.dcm", pathlib.Path(scratch) / "un.dcm"
        before = plain(source, kind, seed).pixel_array
        packed = OUT / f"{name}.dcm"
        subprocess.run([*command.split(), str(source), str(packed)], check=True)
        decoder = "dcmdjpls" if command.startswith("dcmcjpls") else "dcmdjpeg"
        subprocess.run([decoder, str(packed), str(unpacked)], check=True)
        after = stored(unpacked)
    if rounding == 0 and "+pt" not in command:
        assert (before == after).all(), name
    keep(name, after, rounding)
    return packed.read_bytes()


def encapsulated(name, kind, syntax, stream, expected, rounding=0, **changes):
    """A stream of our own choice."""
    with tempfile.TemporaryDirectory() as scratch:
        d = plain(pathlib.Path(scratch) / "plain.dcm", kind)
    streams = stream if isinstance(stream, list) else [stream]
    d.file_meta.TransferSyntaxUID = UID(syntax)
    d.PixelData = encapsulate(streams)
    d["PixelData"].VR = "OB"
    d["PixelData"].is_undefined_length = True
    for attribute, value in changes.items():
        setattr(d, attribute, value)
    d.save_as(OUT / f"{name}.dcm")
    keep(name, expected, rounding)


class Writer:
    """A lossless JPEG stream (ISO/IEC 10918-1 annex H), as short as it can be said: predictor 1,
    codes of five bits, restarts after every `rows` rows."""

    def __init__(self, image, precision, rows):
        codes = bytes([0xC4, 0, 19 + 17, 0, *([0] * 4), 17, *([0] * 11), *range(17)])
        restart = bytes([0xDD, 0, 4]) + (rows * image.shape[1]).to_bytes(2)
        size = image.shape[0].to_bytes(2) + image.shape[1].to_bytes(2)
        frame = bytes([0xC3, 0, 11, precision]) + size + bytes([1, 1, 0x11, 0])
        scan = bytes([0xDA, 0, 8, 1, 1, 0, 1, 0, 0])
        parts = [part for part in (codes, restart, frame, scan)]
        self.bytes = b"\xFF\xD8" + b"".join(b"\xFF" + part for part in parts)
        for n, start in enumerate(range(0, len(image), rows)):
            if n:
                self.bytes += bytes([0xFF, 0xD0 + (n - 1) % 8])
            self.bytes += self.part(image[start : start + rows].astype(int), precision)
        self.bytes += b"\xFF\xD9"

    def part(self, rows, precision):
        bits = ""
        for j, row in enumerate(rows := rows.tolist()):
            for i, value in enumerate(row):
                left = row[i - 1] if i else rows[j - 1][0] if j else 1 << precision - 1
                bits += self.code((value - left + 32768) % 65536 - 32768)
        bits += "1" * (-len(bits) % 8)
        packed = int(bits, 2).to_bytes(len(bits) // 8)
        return packed.replace(b"\xFF", b"\xFF\x00")

    def code(self, difference):
        if difference == -32768:
            return f"{16:05b}"
        size = abs(difference).bit_length()
        number = difference if difference > 0 else difference + (1 << size) - 1
        return f"{size:05b}" + (f"{number:0{size}b}" if size else "")


def jpeg():
    for predictor in range(1, 8):
        by_dcmtk(f"lossless_predictor_{predictor}", UNSIGNED, f"dcmcjpeg +el +sv {predictor}", 0)
    by_dcmtk("lossless_shifted", SIGNED, "dcmcjpeg +el +sv 1 +pt 2", 0)
    by_dcmtk("lossless_eight", EIGHT, "dcmcjpeg +e1", 0)
    by_dcmtk("baseline_eight", EIGHT, "dcmcjpeg +eb +q 95", 1)
    by_dcmtk("extended_twelve", TWELVE, "dcmcjpeg +ee +q 95", 1)
    by_dcmtk("spectral_twelve", TWELVE, "dcmcjpeg +es +q 95", 1)
    by_dcmtk("progressive_twelve", TWELVE, "dcmcjpeg +ep +q 95", 1)
    by_dcmtk("progressive_eight", EIGHT, "dcmcjpeg +ep +q 95", 1)
    image = pixels(UNSIGNED, 0)
    for rows in (1, 4):
        stream = Writer(image, 16, rows).bytes
        assert (imagecodecs.jpeg8_decode(stream) == image).all()
        encapsulated(f"lossless_restart_{rows}", UNSIGNED, "1.2.840.10008.1.2.4.70", stream, image)
    # An overlay in the highest bits, which were stored before that was retired.
    overlay = pixels(SIGNED, 0).astype(int) & 0xFFF | 0xA000
    stream = Writer(overlay, 16, ROWS).bytes
    found = (pixels(SIGNED, 0)).astype(int)
    encapsulated("lossless_overlay", SIGNED, "1.2.840.10008.1.2.4.70", stream, found)


def jpeg_ls():
    """Streams with a byte that fills them to an even length before the end marker."""
    for kind in (SIGNED, UNSIGNED):
        for seed in range(50):
            bytes = by_dcmtk(f"{kind[0]}_jpeg_ls_filled", kind, "dcmcjpls +el", 0, seed)
            if b"\xFF\xFF\xD9" in bytes:
                break
            forget()
        else:
            raise AssertionError("no filled stream")


def jpeg_2000():
    for kind in (SIGNED, UNSIGNED):
        image = pixels(kind, 0)
        for last, options in ((201, {}), (202, {"tlm": True, "resolutions": 3}), (203, {})):
            stream = imagecodecs.htj2k_encode(image, reversible=last != 203, **options)
            found = imagecodecs.htj2k_decode(stream)
            assert last == 203 or (found == image).all()
            name = f"{kind[0]}_high_throughput_{last}"
            syntax = f"1.2.840.10008.1.2.4.{last}"
            encapsulated(name, kind, syntax, bytes(stream), found, 0 if last != 203 else 1)
    # Header and stream do not agree about the sign: pydicom goes by the header, but leaves bits
    # above the stored ones, which are not part of the number.
    for kind, other, representation in ((SIGNED, "unsigned", 0), (UNSIGNED, "signed", 1)):
        stream = bytes(imagecodecs.jpeg2k_encode(pixels(kind, 0), codecformat="j2k", level=0, reversible=True))
        name = f"{kind[0]}_said_{other}"
        changes = {"PixelRepresentation": representation}
        encapsulated(name, kind, "1.2.840.10008.1.2.4.90", stream, pixels(kind, 0), **changes)
        forget()
        found = stored(OUT / f"{name}.dcm")
        keep(name, found if representation else found & (1 << kind[1]) - 1, 0)
    image = numpy.full((ROWS, COLUMNS), -1000, numpy.int16)
    stream = bytes(imagecodecs.jpeg2k_encode(image, codecformat="j2k", level=0, reversible=True))
    encapsulated("signed12_uniform_2000", SIGNED, "1.2.840.10008.1.2.4.90", stream, image)


def unpacked():
    image = pixels(SIGNED, 0)
    encapsulated("encapsulated_plain", SIGNED, "1.2.840.10008.1.2.1.98", image.tobytes(), image)


OUT.mkdir(exist_ok=True)
jpeg()
jpeg_ls()
jpeg_2000()
unpacked()
(OUT / "table.txt").write_text("\n".join(lines) + "\n")
