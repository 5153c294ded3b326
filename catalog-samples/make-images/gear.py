"""Headphones, telephone, kettlebell."""

import math

import materials as m
import shapes as s


def headphones(shell=(0.018, 0.019, 0.021), pad=(0.03, 0.028, 0.026), accent=m.STEEL):
    """Closed cups on steel yokes, a padded band."""
    cover, hide, wire = m.matte(shell, 0.08), m.leather(pad, 110, 0.22, 0.5), m.brushed(accent, 0.22)
    for side in (-1, 1):
        cup = [s.lathe("shell", [(0, 0.19), (0.17, 0.185, .06), (0.30, 0.15, .05), (0.345, 0.06, .04), (0.345, 0, .015), (0, 0)], cover),
               s.lathe("trim", [(0.343, 0.012), (0.352, 0.012, .004), (0.352, 0.034, .004), (0.343, 0.034)], wire),
               s.lathe("plate", [(0, 0.195), (0.15, 0.193, .012), (0.165, 0.180)], wire),
               s.torus("cushion", 0.235, 0.105, hide, at=(0, 0, -0.075), flatten=0.92),
               s.lathe("cloth", [(0, -0.04), (0.2, -0.04)], m.fabric((0.03, 0.03, 0.03), 150))]
        s.group(cup, turn=(0, 0, 0))
        for thing in cup[:1] + cup[2:]:
            thing.scale = (1.14, 1, 1)
        cup[1].scale = (1.14, 1, 1)
        s.group(cup, turn=(0, 0, 90))
        s.group(cup, turn=(0, 90 * side, 0))
        yoke = s.tube("yoke", s.smooth_line([(0, -0.375, 0), (0, -0.36, 0.14), (0, -0.22, 0.37), (0, 0, 0.46), (0, 0.22, 0.37), (0, 0.36, 0.14), (0, 0.375, 0)]), 0.024, wire)
        s.group([yoke], at=(0.07 * side, 0, 0))
        pivots = [s.lathe("pivot", [(0, 0), (0.038, 0, .006), (0.038, 0.05, .01), (0, 0.05)], wire, 40, at=(0.07 * side, y, 0), turn=(turn, 0, 0)) for y, turn in ((-0.335, 90), (0.335, -90))]
        s.group(cup + [yoke] + pivots, size=1.28)
        stem = s.tube("stem", [(0.09 * side, 0, 0.57), (0.045 * side, 0, 0.72), (0.0, 0, 0.92)], 0.028, wire)
        slide = s.box("slide", (0.10, 0.19, 0.22), cover, 0.04, at=(0.035 * side, 0, 0.66), turn=(0, -8 * side, 0))
        s.group(cup + [yoke, stem, slide] + pivots, at=(0.58 * side, 0, 0.45), turn=(0, 4 * side, 0))
    arch = [(0.60 * math.sin(a), 0, 1.22 + 0.53 * math.cos(a)) for a in (math.radians(-97 + 194 * i / 72) for i in range(73))]
    s.sweep("band", arch, lambda t: 0.19 - 0.05 * abs(2 * t - 1) ** 3, 0.05, (0, 1, 0), hide, corner=0.9)
    inner = [(0.56 * math.sin(a), 0, 1.215 + 0.485 * math.cos(a)) for a in (math.radians(-58 + 116 * i / 48) for i in range(49))]
    s.sweep("padding", inner, lambda t: 0.20 - 0.04 * abs(2 * t - 1) ** 3, lambda t: 0.02 + 0.06 * math.sin(math.pi * t) ** 0.6, (0, 1, 0), hide, corner=0.95)
    s.ground()


def phone_body(color, screen):
    """One telephone, 0.72 wide and 1.5 high, its back to -Y unless it shows the screen."""
    outline = [(-0.36, 0, .13), (0.36, 0, .13), (0.36, 1.5, .13), (-0.36, 1.5, .13)]

    def inset(d, r):
        return [(-0.36 + d, d, r), (0.36 - d, d, r), (0.36 - d, 1.5 - d, r), (-0.36 + d, 1.5 - d, r)]
    frame = m.brushed(color, 0.24, (2, 60, 2))
    things = [s.slab("frame", outline, 0.082, frame, 0.022, segments=6)]
    if screen:
        things.append(s.slab("bezel", inset(0.010, 0.12), 0.004, m.plain((0.004, 0.004, 0.005), 0.06), 0.002, at=(0, 0, 0.081)))
        things.append(s.slab("screen", inset(0.030, 0.105), 0.001, m.wallpaper(), 0, at=(0, 0, 0.0853)))
        white = m.glow((1, 1, 1), 1.6)
        things.append(s.words("9:41", "light", 0.20, white, 0.0003, at=(0, 1.17, 0.0868), turn=(0, 0, 0)))
        things.append(s.words("Tuesday, 14 April", "sans", 0.048, white, 0.0003, at=(0, 1.31, 0.0868), turn=(0, 0, 0)))
        things.append(s.lathe("eye", [(0, 0), (0.020, 0), (0.020, 0.001), (0, 0.001)], m.plain((0.003, 0.003, 0.004), 0.05), 40, at=(0, 1.425, 0.0865)))
        things.append(s.slab("bar", [(-0.13, 0, .006), (0.13, 0, .006), (0.13, 0.012, .006), (-0.13, 0.012, .006)], 0.0005, white, 0, at=(0, 0.055, 0.0865)))
    else:
        back = m.plain(color, 0.30, 0.25)
        things.append(s.slab("back", inset(0.008, 0.125), 0.008, back, 0.006, at=(0, 0, 0.078)))
        things.append(s.slab("island", [(-0.32, 0.98, .11), (0.02, 0.98, .11), (0.02, 1.46, .11), (-0.32, 1.46, .11)], 0.026, back, 0.012, at=(0, 0, 0.082)))
        for x, y in ((-0.205, 1.345), (-0.205, 1.10)):
            things.append(s.lathe("lens ring", [(0, 0), (0.088, 0), (0.088, 0.026, .006), (0.070, 0.028, .002), (0.066, 0.018), (0, 0.018)], m.metal(color, 0.1), at=(x, y, 0.106)))
            things.append(s.lathe("lens", [(0.066, 0.018), (0.05, 0.026), (0.03, 0.031), (0, 0.033)], m.plain((0.003, 0.004, 0.008), 0.04), at=(x, y, 0.107)))
        things.append(s.lathe("flash", [(0, 0), (0.026, 0, .003), (0.026, 0.006, .003), (0, 0.006)], m.plain((0.9, 0.82, 0.6), 0.15, 0.5), 40, at=(-0.06, 1.345, 0.107)))
        things.append(s.words("halden", "bold", 0.075, m.metal(m.CHROME, 0.2), 0.0008, at=(0, 0.70, 0.0868), turn=(0, 0, 0)))
    things.append(s.box("button", (0.016, 0.17, 0.028), frame, 0.006, at=(0.363, 1.02, 0.026)))
    return things


def phone(color=(0.16, 0.20, 0.25)):
    """Two of them: one seen from the back, one awake."""
    s.group(phone_body(color, False), turn=(82, 0, -14), at=(-0.25, 0.22, 0.0))
    s.group(phone_body(color, True), turn=(79, 0, 16), at=(0.30, -0.10, 0.0))


def kettlebell():
    """Cast iron in one piece, a painted ring, the weight raised on its face."""
    body = s.lathe("ball", [(0, 0.0), (0.26, 0.0, .03), (0.40, 0.10, .1), (0.475, 0.36, .25), (0.42, 0.66, .25), (0.22, 0.83, .15), (0, 0.86)], m.iron())
    path = s.smooth_line([(-0.20, 0, 0.62), (-0.31, 0, 0.84), (-0.345, 0, 1.02), (-0.29, 0, 1.20), (-0.12, 0, 1.275), (0.12, 0, 1.275), (0.29, 0, 1.20), (0.345, 0, 1.02), (0.31, 0, 0.84), (0.20, 0, 0.62)], 14)
    handle = s.tube("handle", path, 0.085, m.iron())
    s.blend("kettlebell", [body, handle], m.iron(), 0.014, 14)
    cream = m.plain((0.85, 0.80, 0.70), 0.45)
    for text, font, size, z in (("16", "black", 0.34, 0.46), ("KG", "black", 0.115, 0.25)):
        word = s.words(text, font, size, cream, 0.006, at=(0, 0, 0), spacing=1.02, round_to=0.46)
        for v in word.data.vertices:
            z0 = v.co.z + z
            out = math.hypot(v.co.x, v.co.y)
            f = (surface(z0) + (out - 0.46) + 0.002) / out
            v.co.x, v.co.y, v.co.z = v.co.x * f, v.co.y * f, z0


def surface(z):
    """Radius of the ball at a height, read off its profile."""
    line = s.fillet([(0, 0.0), (0.26, 0.0, .03), (0.40, 0.10, .1), (0.475, 0.36, .25), (0.42, 0.66, .25), (0.22, 0.83, .15), (0, 0.86)])
    for (r0, z0), (r1, z1) in zip(line, line[1:]):
        if z0 <= z <= z1 and z1 > z0:
            return r0 + (r1 - r0) * (z - z0) / (z1 - z0)
    return line[-1][0]
