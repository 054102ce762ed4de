"""bench-images.py FOLDER SIDE SECONDS: how many images a second of processor time Pillow decodes and turns upright, resizes, and both."""

import io
import sys
import time
from pathlib import Path

from PIL import Image, ImageOps

folder, side, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
files = [path.read_bytes() for path in sorted(Path(folder).iterdir())]


def decode(file):
    image = Image.open(io.BytesIO(file))
    ImageOps.exif_transpose(image, in_place=True)
    return image.convert("RGB")


def resize(image):
    return image.resize((side, side), Image.BILINEAR)


def rate(work, items):
    start, done = time.process_time(), 0
    while time.process_time() - start < seconds:
        for item in items:
            work(item)
        done += len(items)
    return done / (time.process_time() - start)


print(rate(decode, files), rate(resize, [decode(file) for file in files]), rate(lambda file: resize(decode(file)), files))
