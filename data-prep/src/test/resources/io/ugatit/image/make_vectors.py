"""Makes vectors/: small files of every kind that is decoded fast, and what Pillow makes of them.

Run it here with Pillow 12.3 and NumPy. Each line of vectors/pillow.tsv is a file's name, its columns and rows, and the SHA-256 of its
RGB pixels as they are and resized to 24 x 24 with Image.BILINEAR; transparency is composed on white, rounded.
"""

import hashlib
import io
import itertools
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent / "vectors"
SIZES = [(1, 1), (2, 2), (3, 40), (7, 5), (8, 8), (17, 33), (33, 17), (64, 48)]


def picture(width, height, channels, seed):
    """Waves, an edge and noise."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for c in range(channels):
        plane = 128 + 90 * np.sin(x / (3 + c) + c) * np.cos(y / (5 - c % 3)) + random.normal(0, 12, (height, width))
        plane[y > x + c] += 40
        planes.append(np.clip(plane, 0, 255).astype(np.uint8))
    return planes[0] if channels == 1 else np.stack(planes, -1)


def jpeg(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def with_units(file, factors, width, height):
    """The same data in units of another shape, of as many blocks: Pillow writes neither 4:4:0 nor 4:1:1."""
    data = bytearray(file)
    at = data.index(b"\xff\xc0")
    data[at + 5:at + 9] = height.to_bytes(2, "big") + width.to_bytes(2, "big")
    data[at + 11] = factors
    return bytes(data)


def files():
    for i, (w, h) in enumerate(SIZES):
        rgb = Image.fromarray(picture(w, h, 3, i))
        gray = Image.fromarray(picture(w, h, 1, i))
        name = f"{w}x{h}"
        for label, sampling in (("444", 0), ("422", 1), ("420", 2)):
            yield f"{name}-{label}.jpg", jpeg(rgb, quality=90 - 7 * i, subsampling=sampling, optimize=i % 2 == 1)
        yield f"{name}-gray.jpg", jpeg(gray, quality=80)
        yield f"{name}-progressive.jpg", jpeg(rgb, quality=80, progressive=True)
        yield f"{name}-progressive-444.jpg", jpeg(rgb, quality=95, subsampling=0, progressive=True, restart_marker_blocks=1 + i)
        yield f"{name}-progressive-gray.jpg", jpeg(gray, quality=90 - i, progressive=True)
        yield f"{name}-restart.jpg", jpeg(rgb, quality=85, restart_marker_blocks=1 + i % 3)
        yield f"{name}-rgb.jpg", jpeg(rgb, quality=85, keep_rgb=True)
        yield f"{name}-440.jpg", with_units(jpeg(rgb, quality=88, subsampling=1), 0x12, h, w)
        up = lambda n, unit: -(-n // unit)
        yield f"{name}-411.jpg", with_units(jpeg(rgb, quality=88, subsampling=2), 0x41, 32 * up(w, 16) - i, 8 * up(h, 16) - i % 8)
        yield f"{name}-extreme.jpg", jpeg(Image.fromarray((picture(w, h, 3, i) > 128).astype(np.uint8) * 255), quality=[100, 1][i % 2])
        exif = Image.Exif()
        exif[274] = 2 + i % 7
        yield f"{name}-turned.jpg", jpeg(rgb, quality=80, exif=exif)
        exif[274] = 5 + i % 4
        out = io.BytesIO()
        rgb.save(out, "PNG", exif=exif)
        yield f"{name}-sideways.png", out.getvalue()
        for mode, channels in (("L", 1), ("LA", 2), ("RGB", 3), ("RGBA", 4)):
            out = io.BytesIO()
            Image.fromarray(picture(w, h, channels, i), mode).save(out, "PNG", compress_level=1 + i)
            yield f"{name}-{mode}.png", out.getvalue()


def rgb(file):
    image = ImageOps.exif_transpose(Image.open(io.BytesIO(file)))
    if image.mode in ("LA", "RGBA") or "transparency" in image.info:
        pixels = np.asarray(image.convert("RGBA")).astype(int)
        alpha = pixels[..., 3:]
        return Image.fromarray(((pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8))
    return image.convert("RGB")


def chunk(name, content):
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width, height, bits, kind, samples, *chunks):
    """A PNG of samples that are packed already, one row each, filtered in turn by none, left and above."""
    rows, before = [], bytes(len(samples[0]))
    distance = max(1, bits * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind] // 8)
    for y, row in enumerate(samples):
        guess = [bytes(len(row)), (bytes(distance) + row)[:len(row)], before][y % 3]
        rows.append(bytes([y % 3]) + bytes((a - b) & 255 for a, b in zip(row, guess)))
        before = row
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(b"".join(rows)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunk(*c) for c in chunks) + data + chunk(b"IEND", b"")


def interlaced(width, height, bits, kind, numbers, *chunks):
    """The same of numbers that are not packed yet, in seven passes without filters."""
    rows = []
    for left, top, across, down in (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2):
        part = numbers[top::down, left::across]
        rows += [b"\0" + row for row in packed(part, bits)] if part.size else []
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, kind, 0, 0, 1))
    data = chunk(b"IDAT", zlib.compress(b"".join(rows)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunk(*c) for c in chunks) + data + chunk(b"IEND", b"")


def packed(numbers, bits):
    """Rows of numbers as PNG packs them."""
    split = (numbers[..., None] >> np.arange(bits)[::-1]) & 1
    return [np.packbits(row.reshape(-1)).tobytes() for row in split]


def rare_pngs():
    """Kinds that Pillow reads but does not write."""
    for i, (w, h) in enumerate(SIZES):
        name = f"{w}x{h}"
        gray = picture(w, h, 1, i)
        palette = bytes(np.random.default_rng(i).integers(0, 256, 3 * 256, np.uint8))
        for bits in (1, 2, 4, 8):
            numbers = gray >> (8 - bits)
            if bits < 8:
                yield f"{name}-gray{bits}.png", png(w, h, bits, 0, packed(numbers, bits))
            some = (b"PLTE", palette[:3 * ((1 << bits) - 1)])  # the last number has no colour
            yield f"{name}-palette{bits}.png", png(w, h, bits, 3, packed(numbers, bits), some)
            opacities = (b"tRNS", bytes(range(0, 250, 30))[:(1 << bits) - 1])
            yield f"{name}-interlaced{bits}.png", interlaced(w, h, bits, 3, numbers, some)
            yield f"{name}-palette{bits}-alpha.png", png(w, h, bits, 3, packed(numbers, bits), some, opacities)
        yield f"{name}-interlaced-RGB.png", interlaced(w, h, 8, 2, picture(w, h, 3, i))
        for kind, channels in ((2, 3), (4, 2), (6, 4)):
            wide = picture(w, h, channels, i).astype(">u2") * 256 + 255 - picture(w, h, channels, i + 1)
            yield f"{name}-kind{kind}-16bits.png", png(w, h, 16, kind, [row.tobytes() for row in wide.astype(">u2")])


HERE.mkdir(exist_ok=True)
with open(HERE / "pillow.tsv", "w") as table:
    for name, file in itertools.chain(files(), rare_pngs()):
        (HERE / name).write_bytes(file)
        image = rgb(file)
        hashes = [hashlib.sha256(i.tobytes()).hexdigest() for i in (image, image.resize((24, 24), Image.BILINEAR))]
        print(name, image.width, image.height, *hashes, sep="\t", file=table)
