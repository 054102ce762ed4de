"""Makes the images of these tests, and what Pillow reads and resizes them to: python make_images.py (Pillow 12.3.0, numpy)."""
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent
FORMATS, EXPECTED, RESIZED = HERE / "formats", HERE / "expected", HERE / "resized"
for folder in FORMATS, EXPECTED, RESIZED:
    folder.mkdir(exist_ok=True)

rng = np.random.default_rng(1)
noise = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
photo = noise.resize((48, 32), Image.BICUBIC)  # smooth, so that lossy formats stay close
alpha = Image.fromarray(np.linspace(0, 255, 48 * 32).reshape(32, 48).astype(np.uint8))
rgba = photo.copy()
rgba.putalpha(alpha)


def save(name, image, expected=None, **options):
    image.save(FORMATS / name, **options)
    if expected is None:
        expected = Image.open(FORMATS / name).convert("RGB")
    expected.save(EXPECTED / (name + ".png"))


def on_white(image):
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def png(name, color_type, bits, samples):
    """A PNG that Pillow cannot write."""
    height, width = samples.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples.reshape(height, -1))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, color_type, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in chunks)
    (FORMATS / name).write_bytes(b"\x89PNG\r\n\x1a\n" + body)


save("rgb.png", photo)
save("gray.png", photo.convert("L"))
save("one-bit.png", photo.convert("1"))
save("palette.png", photo.quantize(32))
save("rgba.png", rgba, on_white(rgba))
gray_alpha = photo.convert("L")
gray_alpha.putalpha(alpha)
save("gray-alpha.png", gray_alpha, on_white(gray_alpha))
palette_alpha = photo.quantize(32)
save("palette-alpha.png", palette_alpha, transparency=3)
on_white(Image.open(FORMATS / "palette-alpha.png")).save(EXPECTED / "palette-alpha.png.png")
wide = np.asarray(photo).astype(np.uint16) * 256 + 77
png("rgb16.png", 2, 16, wide)
photo.save(EXPECTED / "rgb16.png.png")
png("gray16.png", 0, 16, wide[:, :, 0])
Image.fromarray(np.asarray(photo)[:, :, 0]).convert("RGB").save(EXPECTED / "gray16.png.png")

save("rgb.jpg", photo, quality=95)
save("progressive.jpg", photo, quality=95, progressive=True)
save("gray.jpg", photo.convert("L"), quality=95)
save("cmyk.jpg", photo.convert("CMYK"), quality=95)
save("rgb.bmp", photo)
save("palette.bmp", photo.quantize(32))
save("palette.gif", photo.quantize(32))
save("animated.gif", photo.quantize(32), photo.quantize(32).convert("RGB"), save_all=True, append_images=[photo.rotate(180).quantize(32)])
# the decoder repeats lossy WebP's chroma where libwebp interpolates it: close only where colour changes slowly
save("lossy.webp", noise.crop((0, 0, 3, 2)).resize((96, 64), Image.BICUBIC), quality=95)
save("lossless.webp", photo, lossless=True)
save("alpha.webp", rgba, on_white(rgba), lossless=True, exact=True)

for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    for ending, options in ("jpg", {"quality": 95}), ("png", {}), ("webp", {"lossless": True}):
        name = f"orientation-{orientation}.{ending}"
        photo.save(FORMATS / name, exif=exif, **options)
        ImageOps.exif_transpose(Image.open(FORMATS / name)).convert("RGB").save(EXPECTED / (name + ".png"))

profile = (HERE / "linear.icc").read_bytes()  # Java's linear RGB, far from sRGB
save("profile.jpg", photo, quality=95, icc_profile=profile)
save("profile.png", photo, icc_profile=profile)
save("profile.webp", photo, lossless=True, icc_profile=profile)

sharp = Image.fromarray(rng.integers(0, 256, (23, 37, 3), dtype=np.uint8))
sharp.save(RESIZED / "original.png")
for size in (16, 16), (5, 23), (37, 7), (64, 50), (36, 24), (37, 23), (1, 1), (100, 3), (11, 90):
    sharp.resize(size, Image.BILINEAR).save(RESIZED / f"{size[0]}x{size[1]}.png")
