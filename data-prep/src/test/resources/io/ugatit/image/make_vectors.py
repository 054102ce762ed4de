"""Makes vectors/: small files of every kind that is decoded fast, and what Pillow makes of them.

Run it here with Pillow 12.3 and NumPy. Each line of vectors/pillow.tsv is a file's name, its columns and rows, and the SHA-256 of its
RGB pixels as they are and resized to 24 x 24 with Image.BILINEAR; transparency is composed on white, rounded.
"""

import hashlib
import io
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
    if image.mode in ("LA", "RGBA"):
        pixels = np.asarray(image.convert("RGBA")).astype(int)
        alpha = pixels[..., 3:]
        return Image.fromarray(((pixels[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8))
    return image.convert("RGB")


HERE.mkdir(exist_ok=True)
with open(HERE / "pillow.tsv", "w") as table:
    for name, file in files():
        (HERE / name).write_bytes(file)
        image = rgb(file)
        hashes = [hashlib.sha256(i.tobytes()).hexdigest() for i in (image, image.resize((24, 24), Image.BILINEAR))]
        print(name, image.width, image.height, *hashes, sep="\t", file=table)
