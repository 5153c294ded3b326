"""Makes the pictures that cannot be drawn by the tests themselves. Needs Pillow: python3 make.py"""

import struct

from PIL import Image

from profiles import grey_profile, swapped


def product(size=(96, 64), mode="RGB"):
    """A red and blue box on a light ground, as DrawnImages.product draws it; clear around it in RGBA."""
    width, height = size
    image = Image.new(mode, size, (244, 242, 238) if mode == "RGB" else (0, 0, 0, 0))
    box = (width * 3 // 10, height * 2 // 10, width * 7 // 10, height * 8 // 10)
    middle = width // 2
    image.paste((192, 56, 40) if mode == "RGB" else (192, 56, 40, 255), (box[0], box[1], middle, box[3]))
    image.paste((40, 80, 160) if mode == "RGB" else (40, 80, 160, 255), (middle, box[1], box[2], box[3]))
    return image


def exif(orientation):
    return b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + bytes(4)


def save(name, image, **options):
    image.save(name, **options)


save("lossy.webp", product(), quality=90)
save("lossless.webp", product(), lossless=True)
save("clear.webp", product(mode="RGBA"), lossless=True)
save("clear-lossy.webp", product(mode="RGBA"), quality=90)
save("swapped-profile.webp", product(), lossless=True, icc_profile=swapped)
save("turned.webp", product(), lossless=True, exif=exif(6))
save("animated.webp", product(), save_all=True, append_images=[product().rotate(180)], duration=100)
grey = Image.new("L", (64, 48), 128)
grey.paste(200, (16, 12, 48, 36))
save("linear-grey.png", grey, icc_profile=grey_profile(1.0))
save("swapped-profile.png", product(), icc_profile=swapped)
