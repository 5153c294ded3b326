"""Makes the colour profiles of the tests: python3 profiles.py"""

import struct


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


def rgb_profile(red, green, blue, curve):
    curve = curve if isinstance(curve, bytes) else gamma_tag(curve)
    return profile(b"RGB ", b"XYZ ", COMMON | {
        b"rXYZ": xyz_tag(*red), b"gXYZ": xyz_tag(*green), b"bXYZ": xyz_tag(*blue),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
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


def sampled_tag(function, count=1024):
    """A curve by its values."""
    values = [round(function(i / (count - 1)) * 65535) for i in range(count)]
    return b"curv" + bytes(4) + struct.pack(">I%dH" % count, count, *values)


def srgb_light(v):
    return v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4


def prophoto_light(v):
    return v / 16 if v < 16 * 0.001953 else v**1.8


def lab_of(rgb):
    """CIELAB under D50 of encoded sRGB."""
    light = [srgb_light(v / 255) for v in rgb]
    xyz = [sum(corner[i] * part for corner, part in zip((RED, GREEN, BLUE), light)) for i in range(3)]
    f = [(v / w) ** (1 / 3) if v / w > 0.008856 else 7.787 * v / w + 16 / 116 for v, w in zip(xyz, (0.9642, 1, 0.8249))]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


# Offset inks on coated paper: no ink, C, M, CM, Y, CY, MY, CMY, and each of these under black.
OVERPRINTS = [
    (255, 255, 255), (0, 158, 224), (226, 0, 122), (49, 39, 131), (255, 237, 0), (0, 150, 64), (227, 6, 19), (52, 50, 48),
    (27, 27, 25), (0, 20, 32), (30, 4, 16), (8, 6, 18), (30, 28, 2), (2, 20, 10), (30, 4, 4), (0, 0, 0),
]


def offset_profile(steps=7):
    """The same inks in halftones, after Neugebauer, with a little dot gain."""
    labs = [lab_of(rgb) for rgb in OVERPRINTS]
    cells = b""
    for at in range(steps**4):
        inks = [at // steps**k % steps / (steps - 1) for k in (3, 2, 1, 0)]
        inks = [v + 0.5 * v * (1 - v) for v in inks]
        lab = [0, 0, 0]
        for number, solid in enumerate(labs):
            weight = 1
            for bit, ink in enumerate(inks):
                weight *= ink if number >> bit & 1 else 1 - ink
            lab = [sum + weight * part for sum, part in zip(lab, solid)]
        cells += bytes([round(lab[0] * 2.55), round(lab[1]) + 128, round(lab[2]) + 128])
    ramp = bytes(range(256))
    lut = (
        b"mft1" + bytes(4) + bytes([4, 3, steps, 0]) + b"".join(fixed(v) for v in (1, 0, 0, 0, 1, 0, 0, 0, 1))
        + ramp * 4 + cells + ramp * 3
    )
    return profile(b"CMYK", b"Lab ", COMMON | {b"A2B0": lut})


swapped = rgb_profile(GREEN, RED, BLUE, 2.2)

if __name__ == "__main__":
    for name, data in {
        "swapped": swapped,
        "srgb-like": rgb_profile(RED, GREEN, BLUE, 2.2),
        "linear-grey": grey_profile(1.0),
        "odd-inks": ink_profile(),
        "adobe-rgb": rgb_profile(
            (0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457), 563 / 256),
        "display-p3": rgb_profile(
            (0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407), sampled_tag(srgb_light)),
        "prophoto": rgb_profile(
            (0.7977, 0.28804, 0), (0.13519, 0.71188, 0), (0.03134, 0.00009, 0.8251), sampled_tag(prophoto_light)),
        "offset": offset_profile(),
    }.items():
        with open(name + ".icc", "wb") as file:
            file.write(data)
