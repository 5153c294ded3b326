"""Makes the pictures that cannot be drawn by the tests themselves. Needs Pillow: python3 make.py"""

import struct

from PIL import Image


def product(size=(96, 64), mode="RGB"):
    """A red and blue box on a light ground, as DrawnImages.product draws it; clear around it in RGBA."""
    width, height = size
    image = Image.new(mode, size, (244, 242, 238) if mode == "RGB" else (0, 0, 0, 0))
    box = (width * 3 // 10, height * 2 // 10, width * 7 // 10, height * 8 // 10)
    middle = width // 2
    image.paste((192, 56, 40) if mode == "RGB" else (192, 56, 40, 255), (box[0], box[1], middle, box[3]))
    image.paste((40, 80, 160) if mode == "RGB" else (40, 80, 160, 255), (middle, box[1], box[2], box[3]))
    return image


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def text_tag(text):
    body = text.encode() + b"\0"
    return b"desc" + bytes(4) + struct.pack(">I", len(body)) + body + bytes(78)


def xyz_tag(x, y, z):
    return b"XYZ " + bytes(4) + fixed(x) + fixed(y) + fixed(z)


def gamma_tag(gamma):
    return b"curv" + bytes(4) + struct.pack(">IH", 1, round(gamma * 256)) + bytes(2)


def profile(space, pcs, tags):
    """An ICC profile of version 2."""
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        data += bytes(-len(data) % 4)
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    kind = b"prtr" if space == b"CMYK" else b"mntr"
    head = (
        struct.pack(">I", start + len(body)) + bytes(4) + struct.pack(">I", 0x02400000) + kind + space + pcs
        + struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + fixed(0.9642) + fixed(1) + fixed(0.8249)
    )
    head += bytes(128 - len(head))
    return head + struct.pack(">I", len(tags)) + table + body


RED, GREEN, BLUE = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
COMMON = {b"desc": text_tag("fixture"), b"cprt": b"text" + bytes(4) + b"none\0", b"wtpt": xyz_tag(0.9642, 1, 0.8249)}


def rgb_profile(red, green, blue, gamma):
    return profile(b"RGB ", b"XYZ ", COMMON | {
        b"rXYZ": xyz_tag(*red), b"gXYZ": xyz_tag(*green), b"bXYZ": xyz_tag(*blue),
        b"rTRC": gamma_tag(gamma), b"gTRC": gamma_tag(gamma), b"bTRC": gamma_tag(gamma),
    })


def grey_profile(gamma):
    return profile(b"GRAY", b"XYZ ", COMMON | {b"kTRC": gamma_tag(gamma)})


def ink_profile():
    """Four inks to Lab, two steps an ink: cyan ink looks red, magenta green, yellow blue; black ink takes the light away."""
    corners = b""
    for c in (0, 1):
        for m in (0, 1):
            for y in (0, 1):
                for k in (0, 1):
                    light = (100 - 25 * (c + m + y)) * (0 if k else 1)
                    a = (60 * c - 60 * m) * (0 if k else 1)
                    b = (40 * c - 60 * y) * (0 if k else 1)
                    corners += bytes([round(light * 2.55), a + 128, b + 128])
    ramp = bytes(range(256))
    lut = (
        b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + b"".join(fixed(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
        + ramp * 4 + corners + ramp * 3
    )
    return profile(b"CMYK", b"Lab ", COMMON | {b"A2B0": lut})


def exif(orientation):
    return b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0) + bytes(4)


def save(name, image, **options):
    image.save(name, **options)


swapped = rgb_profile(GREEN, RED, BLUE, 2.2)
open("swapped.icc", "wb").write(swapped)
open("srgb-like.icc", "wb").write(rgb_profile(RED, GREEN, BLUE, 2.2))
open("linear-grey.icc", "wb").write(grey_profile(1.0))
open("odd-inks.icc", "wb").write(ink_profile())
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
