"""Makes the images of these tests, and what Pillow reads and resizes them to: python make_images.py (Pillow 12.3.0, numpy)."""
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

HERE = Path(__file__).parent
FORMATS, EXPECTED, RESIZED, HEADERS = HERE / "formats", HERE / "expected", HERE / "resized", HERE / "headers"
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
inks = Image.merge("CMYK", [*photo.convert("CMYK").split()[:3], alpha])
save("cmyk.jpg", photo.convert("CMYK"), quality=95)
for name, options in ("", {}), ("-420", {"subsampling": 2}), ("-progressive", {"progressive": True}):
    save(f"inks{name}.jpg", inks.crop((0, 0, 45, 31)), quality=90, **options)
    file = (FORMATS / f"inks{name}.jpg").read_bytes()
    adobe = file.index(b"Adobe") - 4
    for other, changed in ("ycck", file[:adobe + 15] + b"\2" + file[adobe + 16:]), ("unmarked", file[:adobe] + file[adobe + 16:]):
        (FORMATS / f"{other}{name}.jpg").write_bytes(changed)
        Image.open(FORMATS / f"{other}{name}.jpg").convert("RGB").save(EXPECTED / f"{other}{name}.jpg.png")
save("rgb.bmp", photo)
save("palette.bmp", photo.quantize(32))
save("palette.gif", photo.quantize(32))
save("animated.gif", photo.quantize(32), photo.quantize(32).convert("RGB"), save_all=True, append_images=[photo.rotate(180).quantize(32)])
save("lossy.webp", photo, quality=80)
save("lossy-50.webp", photo, quality=50)
save("lossless.webp", photo, lossless=True)
save("alpha.webp", rgba, on_white(rgba), lossless=True, exact=True)
rgba.save(FORMATS / "lossy-alpha.webp", quality=80)
on_white(Image.open(FORMATS / "lossy-alpha.webp")).save(EXPECTED / "lossy-alpha.webp.png")
rgba.save(FORMATS / "filtered-alpha.webp", quality=60, alpha_quality=40)
on_white(Image.open(FORMATS / "filtered-alpha.webp")).save(EXPECTED / "filtered-alpha.webp.png")


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) & 1)


def three(value):
    return struct.pack("<I", value)[:3]


def picture(name):
    """The chunks of a WebP that are its picture."""
    file, at, found = (FORMATS / name).read_bytes(), 12, b""
    while at + 8 <= len(file):
        length = struct.unpack("<I", file[at + 4:at + 8])[0]
        if file[at:at + 4] in (b"ALPH", b"VP8 ", b"VP8L"):
            found += chunk(file[at:at + 4], file[at + 8:at + 8 + length])
        at += 8 + length + (length & 1)
    return found


def webp(name, flags, width, height, *parts):
    """A WebP with a canvas, which says what the flags say, whatever its parts are."""
    body = b"WEBP" + chunk(b"VP8X", bytes([flags, 0, 0, 0]) + three(width - 1) + three(height - 1)) + b"".join(parts)
    (FORMATS / name).write_bytes(b"RIFF" + struct.pack("<I", len(body)) + body)
    image = Image.open(FORMATS / name)
    (on_white(image) if image.mode == "RGBA" else image.convert("RGB")).save(EXPECTED / (name + ".png"))


# a first frame smaller than its canvas, whose background colour nobody heeds, with and without the flag for transparency
for source in "lossy", "lossy-alpha", "lossless", "alpha":
    frame = three(5) + three(3) + three(47) + three(31) + three(100) + b"\0" + picture(source + ".webp")
    second = three(0) + three(0) + three(47) + three(31) + three(100) + b"\0" + picture("lossless.webp")
    frames = chunk(b"ANIM", struct.pack("<IH", 0xff2040c0, 0)) + chunk(b"ANMF", frame) + chunk(b"ANMF", second)
    webp(f"animated-{source}.webp", 0x12, 70, 50, frames)
    webp(f"animated-opaque-{source}.webp", 0x02, 70, 50, frames)
for source in "lossy-alpha", "alpha":
    webp(f"canvas-opaque-{source}.webp", 0, 48, 32, picture(source + ".webp"))



def gif(name, screen, at, transparent=None, colours=None, own=None):
    """A GIF whose frame of 48 x 32 is somewhere on a screen of another size."""
    few = photo.quantize(16)
    few.save(FORMATS / name)
    file = (FORMATS / name).read_bytes()
    start = 13 + 48
    while file[start] == 0x21:
        start = file.index(b"\0", start + 2) + 1
    body = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x83 if colours else 0, 7, 0) + (colours or b"")
    if transparent is not None:
        body += b"\x21\xf9\x04" + bytes([1, 0, 0, transparent]) + b"\0"
    body += b"," + struct.pack("<HHHHB", *at, 48, 32, file[start + 9] & 0x40 | (0x83 if own else 0)) + (own or b"") + file[start + 10:]
    (FORMATS / name).write_bytes(body)
    on_white(Image.open(FORMATS / name)).save(EXPECTED / (name + ".png"))


colours = bytes(photo.quantize(16).getpalette()[:48])
gif("screen.gif", (70, 50), (9, 5), colours=colours)
gif("screen-transparent.gif", (70, 50), (9, 5), transparent=5, colours=colours)
gif("screen-too-small.gif", (20, 20), (9, 5), colours=colours)
gif("screen-of-nothing.gif", (0, 0), (0, 0), transparent=2, colours=colours)
gif("own-palette.gif", (70, 50), (9, 5), colours=colours, own=colours[::-1])
gif("only-own-palette.gif", (70, 50), (9, 5), transparent=1, own=colours[::-1])
gif("no-palette.gif", (70, 50), (9, 5))
photo.save(FORMATS / "animated.png", save_all=True, append_images=[photo.rotate(180)])
photo.save(EXPECTED / "animated.png.png")
photo.save(FORMATS / "default.png", save_all=True, append_images=[photo.rotate(180)], default_image=True)
photo.save(EXPECTED / "default.png.png")
save("transparent-colour.png", photo, transparency=photo.getpixel((9, 9)))
on_white(Image.open(FORMATS / "transparent-colour.png")).save(EXPECTED / "transparent-colour.png.png")


for compression in None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg":
    save(f"rgb-{compression or 'plain'}.tif", photo, compression=compression, **({"quality": 95} if compression == "jpeg" else {}))
save("gray.tif", photo.convert("L"), compression="tiff_lzw")
save("white-is-zero.tif", photo.convert("L"), tiffinfo={262: 0})
save("palette.tif", photo.quantize(32), compression="tiff_lzw")
save("one-bit.tif", photo.convert("1"))
save("fax3.tif", photo.convert("1"), compression="group3")
save("fax4.tif", photo.convert("1"), compression="group4")
save("cmyk.tif", photo.convert("CMYK"), compression="tiff_lzw")
save("rgba.tif", rgba, on_white(rgba), compression="tiff_lzw")
save("gray-alpha.tif", gray_alpha, on_white(gray_alpha), compression="tiff_lzw")
save("pages.tif", photo, save_all=True, append_images=[photo.rotate(180)], compression="tiff_lzw")
save("big.tif", photo, big_tiff=True)  # compressed it would not be big
save("predictor.tif", photo, compression="tiff_lzw", tiffinfo={317: 2})
save("strips.tif", photo, compression="tiff_lzw", tiffinfo={278: 7})


def raw_tiff(name, samples, order, tags, expected, tile=None):
    """A TIFF that Pillow cannot write: samples as they are, in one strip or in tiles."""
    height, width, depth = samples.shape
    parts = [samples]
    if tile:
        padded = np.zeros((-(-height // tile) * tile, -(-width // tile) * tile, depth), samples.dtype)
        padded[:height, :width] = samples
        parts = [padded[y:y + tile, x:x + tile] for y in range(0, height, tile) for x in range(0, width, tile)]
    data = [part.astype(samples.dtype.newbyteorder(order)).tobytes() for part in parts]
    fields = {256: [width], 257: [height], 258: [8 * samples.itemsize] * depth, 277: [depth], 284: [1], **tags}
    fields.update({322: [tile], 323: [tile], 324: [0] * len(data), 325: [0] * len(data)} if tile else {273: [0], 278: [height], 279: [0]})
    end = 8 + 2 + 12 * len(fields) + 4
    at = end + sum(4 * len(values) for values in fields.values() if len(values) > 1)
    for offsets, lengths in ((324, 325),) if tile else ((273, 279),):
        fields[lengths] = [len(part) for part in data]
        fields[offsets] = [at + sum(map(len, data[:i])) for i in range(len(data))]
    entries, more = b"", b""
    for tag in sorted(fields):
        values = struct.pack(f"{order}{len(fields[tag])}I", *fields[tag])
        entries += struct.pack(order + "HHI", tag, 4, len(fields[tag]))
        entries += values if len(values) == 4 else struct.pack(order + "I", end + len(more))
        more += values if len(values) > 4 else b""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "IH", 8, len(fields))
    (FORMATS / name).write_bytes(head + entries + struct.pack(order + "I", 0) + more + b"".join(data))
    expected.save(EXPECTED / (name + ".png"))


wide_rgba = np.asarray(rgba).astype(np.uint16) * 256 + 77
raw_tiff("rgb16.tif", wide, "<", {262: [2]}, photo)
raw_tiff("rgb16-big-endian.tif", wide, ">", {262: [2]}, photo)
raw_tiff("gray16.tif", wide[:, :, :1], "<", {262: [1]}, Image.fromarray(np.asarray(photo)[:, :, 0]).convert("RGB"))
raw_tiff("rgba16.tif", wide_rgba, "<", {262: [2], 338: [2]}, on_white(rgba))
raw_tiff("unspecified-extra.tif", np.asarray(rgba), "<", {262: [2], 338: [0]}, photo)
multiplied = np.asarray(rgba.convert("RGBa"))
raw_tiff("premultiplied.tif", multiplied, ">", {262: [2], 338: [1]}, photo)
on_white(Image.open(FORMATS / "premultiplied.tif")).save(EXPECTED / "premultiplied.tif.png")
raw_tiff("tiles.tif", np.asarray(photo), "<", {262: [2]}, photo, tile=16)

for orientation in range(1, 9):
    exif = Image.Exif()
    exif[0x0112] = orientation
    for ending, options in ("jpg", {"quality": 95}), ("png", {}), ("webp", {"lossless": True}):
        name = f"orientation-{orientation}.{ending}"
        photo.save(FORMATS / name, exif=exif, **options)
        ImageOps.exif_transpose(Image.open(FORMATS / name)).convert("RGB").save(EXPECTED / (name + ".png"))
    name = f"orientation-{orientation}.tif"
    photo.save(FORMATS / name, tiffinfo={274: orientation}, compression="tiff_lzw")
    ImageOps.exif_transpose(Image.open(FORMATS / name)).convert("RGB").save(EXPECTED / (name + ".png"))

profile = (HERE / "linear.icc").read_bytes()  # Java's linear RGB, far from sRGB
save("profile.jpg", photo, quality=95, icc_profile=profile)
save("profile.png", photo, icc_profile=profile)
save("profile.webp", photo, lossless=True, icc_profile=profile)

sharp = Image.fromarray(rng.integers(0, 256, (23, 37, 3), dtype=np.uint8))
sharp.save(RESIZED / "original.png")
for size in (16, 16), (5, 23), (37, 7), (64, 50), (36, 24), (37, 23), (1, 1), (100, 3), (11, 90):
    sharp.resize(size, Image.BILINEAR).save(RESIZED / f"{size[0]}x{size[1]}.png")

# what Pillow finds in the headers of all files, their sizes upright; in headers/ there is what formats/ lacks
HEADERS.mkdir(exist_ok=True)
for name, mode in ("gray.bmp", "L"), ("one-bit.bmp", "1"), ("rgba.bmp", "RGBA"), ("gray.gif", "L"), ("gray-alpha.png", "LA"):
    Image.open(FORMATS / "rgb.png").convert(mode).save(HEADERS / name)
with open(HERE / "headers.csv", "w") as table:
    for path in sorted(FORMATS.iterdir()) + sorted(HEADERS.iterdir()):
        found = Image.open(path)
        upright = ImageOps.exif_transpose(found)
        label = found.format.replace("WEBP", "WebP")
        table.write(f"{path.parent.name}/{path.name},{label},{found.mode},{upright.width},{upright.height}\n")
