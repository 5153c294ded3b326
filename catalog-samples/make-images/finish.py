"""Turn renders into the delivered files: `python finish.py RENDERS ../images`. Needs Pillow and numpy.

Most become JPEG. Some are awkward on purpose; ../README.md lists them.
"""

import io
import pathlib
import sys

import numpy
from PIL import Image

QUALITY = 88


def jpeg(picture, path, **more):
    picture.convert("RGB").save(path, quality=QUALITY, optimize=True, progressive=False, **more)


def cmyk(picture, path):
    """Printer's colours with black generation and Adobe's marker, no profile: (1-C)(1-K) is the red that was."""
    rgb = numpy.asarray(picture.convert("RGB")).astype(float) / 255
    black = (1 - rgb.max(axis=2)) * 0.7
    ink = 1 - rgb / (1 - black)[..., None]
    plates = numpy.dstack([ink, black]).clip(0, 1) * 255
    Image.fromarray(plates.round().astype("uint8"), "CMYK").save(path, "JPEG", quality=QUALITY)


def lying(picture, path):
    """Pixels on their side, put upright by EXIF Orientation 6."""
    exif = Image.Exif()
    exif[0x0112] = 6
    jpeg(picture.convert("RGB").transpose(Image.Transpose.ROTATE_90), path, exif=exif)


def palette(picture, path):
    """256 colours, most of them picked where the product stands, dithered."""
    small = picture.convert("RGB")
    wide, high = small.size
    middle = small.crop((wide // 4, high // 8, wide * 3 // 4, high * 7 // 8))
    colors = middle.quantize(256, Image.Quantize.MAXCOVERAGE)
    small.quantize(palette=colors, dither=Image.Dither.FLOYDSTEINBERG).save(path, optimize=True)


def transparent(picture, path):
    picture.save(path, optimize=True)


def webp(picture, path):
    picture.convert("RGB").save(path, quality=86, method=6)


def tiny(picture, path):
    jpeg(picture.resize((90, 60), Image.Resampling.LANCZOS), path)


def truncated(picture, path):
    """The first 45 % of a good file."""
    whole = io.BytesIO()
    picture.convert("RGB").save(whole, "JPEG", quality=QUALITY)
    path.write_bytes(whole.getvalue()[: len(whole.getvalue()) * 45 // 100])


AWKWARD = {
    "kettlebell": [("kettlebell.png", transparent)],
    "toy-rings": [("toy-rings.png", palette)],
    "books": [("books.webp", webp)],
    "olive-oil": [("olive-oil.jpg", cmyk)],
    "knife": [("knife.jpg", lying)],
    "honey-dipper": [("honey-dipper.jpg", tiny)],
    "lamp": [("lamp-broken.jpg", truncated), ("lamp.jpg", jpeg)],
}


def finish(renders, images):
    images.mkdir(exist_ok=True)
    for render in sorted(renders.glob("*.png")):
        for name, write in AWKWARD.get(render.stem, [(f"{render.stem}.jpg", jpeg)]):
            write(Image.open(render), images / name)
            print(f"{name}: {(images / name).stat().st_size // 1024} kB")


if __name__ == "__main__":
    finish(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
