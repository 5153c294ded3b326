"""Mug, oil, knife, bowl, honey dipper."""

import math

import materials as m
import shapes as s


def mug(color):
    """A thrown mug: glaze to the foot, the handle melted into the wall."""
    skin = m.glaze(color)
    s.lathe("body", [(0, 0.03), (0.27, 0.03, .01), (0.29, 0, .01), (0.34, 0, .03), (0.415, 0.14, .12), (0.42, 0.86, .1), (0.425, 0.92, .012),
                     (0.395, 0.92, .012), (0.385, 0.16, .12), (0.28, 0.06, .05), (0, 0.05)], skin)
    path = s.smooth_line([(0.39, 0, 0.74), (0.50, 0, 0.775), (0.64, 0, 0.72), (0.69, 0, 0.54), (0.63, 0, 0.34), (0.50, 0, 0.24), (0.39, 0, 0.22)])

    def swell(t):
        return 1 + 1.0 * (2 * abs(t - 0.5)) ** 6
    s.sweep("handle", path, lambda t: 0.15 * swell(t), lambda t: 0.085 * swell(t), (0, 1, 0), skin, corner=0.95)


def olive_oil():
    """A dark bottle with a long label, three olives on the table."""
    green = m.glass((0.10, 0.20, 0.035), ior=1.5, shadow=0.6)
    s.lathe("bottle", [(0, 0.04), (0.22, 0.0, .03), (0.28, 0, .05), (0.28, 0.98, .22), (0.088, 1.20, .12), (0.088, 1.48, .01), (0.105, 1.49, .008),
                       (0.105, 1.54, .01), (0.06, 1.54, .01), (0.06, 1.2)], green)
    s.lathe("oil", [(0, 0.05), (0.25, 0.05, .05), (0.25, 0.95, .2), (0.062, 1.17, .1), (0.062, 1.22), (0, 1.22)], m.glass((0.75, 0.62, 0.05), ior=1.46))
    cork = m.Nodes("cork")
    grain = cork.noise(30, 6)
    cork.principled(Base_Color=cork.ramp(grain, (0.35, (0.36, 0.20, 0.10)), (0.6, (0.68, 0.46, 0.27))), Roughness=0.9, Normal=cork.bump(grain, 0.4, 0.01))
    s.lathe("cork", [(0, 1.4), (0.062, 1.4), (0.066, 1.545), (0.098, 1.55, .015), (0.098, 1.66, .02), (0, 1.66)], cork.material)
    s.label(0.80, 0.62, 0.28, 0.50, m.paper((0.92, 0.89, 0.80)))
    ink, gold = m.plain((0.07, 0.10, 0.04), 0.6), m.metal((0.80, 0.58, 0.22), 0.3)
    s.label(0.62, 0.008, 0.2825, 0.595, gold, 0.002)
    s.label(0.62, 0.008, 0.2825, 0.335, gold, 0.002)
    for text, font, size, z in (("COLLE VERDE", "serif", 0.098, 0.685), ("olio extra", "italic", 0.112, 0.52), ("vergine", "italic", 0.112, 0.42),
                                ("COLD PRESSED · 500 ML", "sans", 0.038, 0.265)):
        s.words(text, font, size, ink, 0.0008, at=(0, 0, z), spacing=1.06, round_to=0.2855)
    for x, y, turn, color in ((0.44, -0.22, 30, (0.11, 0.13, 0.02)), (0.60, -0.02, -50, (0.16, 0.19, 0.035)), (-0.42, -0.28, 70, (0.05, 0.03, 0.035))):
        s.ball("olive", 0.082, m.plain(color, 0.22, 0.3), at=(x, y, 0.078), scale=(1.35, 1, 0.96), turn=(0, 0, turn))


def knife():
    """A cook's knife on a walnut board."""
    s.box("board", (2.3, 1.25, 0.11), m.wood(*m.WALNUT, along="x", scale=2.4, coat=0.25), 0.035, segments=6)
    blade = [(-0.52, 0.0), (0.98, -0.005), (0.90, -0.08, .2), (0.60, -0.19, .3), (0.15, -0.245, .3), (-0.50, -0.25, .03)]
    s.slab("blade", [(x, y) if len(p) < 3 else p for p in blade for x, y in [p[:2]]], 0.018, m.brushed(m.STEEL, 0.2, (1, 60, 1)), 0.005)
    things = [s.bpy.context.scene.objects["blade"]]
    edge = s.grid("bevel", 60, 1, lambda u, v: _edge(u, v), m.metal(m.CHROME, 0.08))
    things.append(edge)
    things.append(s.box("bolster", (0.07, 0.105, 0.07), m.brushed(m.STEEL, 0.22), 0.012, at=(-0.54, -0.058, -0.026)))
    grip = [(-0.57, -0.005, .02), (-0.57, -0.11, .02), (-0.80, -0.125, .2), (-1.10, -0.105, .2), (-1.25, -0.15, .06), (-1.30, -0.05, .07), (-1.20, 0.012, .15), (-0.85, -0.012, .3)]
    things.append(s.slab("grip", grip, 0.085, m.wood((0.16, 0.075, 0.04), (0.05, 0.022, 0.013), along="x", scale=5, coat=0.3), 0.028, at=(0, 0, -0.034), segments=6))
    for x in (-0.70, -0.92, -1.14):
        things.append(s.lathe("rivet", [(0, 0), (0.022, 0, .002), (0.022, 0.09, .003), (0, 0.0915)], m.metal(m.BRASS, 0.15), 48, at=(x, -0.062, -0.036)))
    s.group(things, at=(0.10, 0.02, 0.147), turn=(0, 0, 17))
    red, green = m.plain((0.55, 0.02, 0.012), 0.12, 0.5), m.plain((0.07, 0.16, 0.03), 0.6)
    for x, y, r in ((0.78, -0.33, 0.13), (0.53, -0.43, 0.12), (0.93, -0.08, 0.115)):
        s.ball("tomato", r, red, at=(x, y, 0.11 + r * 0.93), scale=(1, 1, 0.93))
        for k in range(5):
            a = k * 1.2566 + x
            path = s.smooth_line([(0, 0, 0), (0.03 * math.cos(a), 0.03 * math.sin(a), 0.012), (0.07 * math.cos(a), 0.07 * math.sin(a), 0.004)], 5)
            s.tube("sepal", path, 0.007, green, at=(x, y, 0.11 + r * 1.85))


def _edge(u, v):
    """The ground strip along the blade's lower edge, a hair above the flat."""
    lower = [(-0.495, -0.249), (0.15, -0.243), (0.42, -0.222), (0.60, -0.178), (0.80, -0.112), (0.93, -0.05)]
    i = min(int(u * 5), 4)
    t = u * 5 - i
    x = lower[i][0] * (1 - t) + lower[i + 1][0] * t
    y = lower[i][1] * (1 - t) + lower[i + 1][1] * t
    return (x, y + 0.028 * v + 0.006, 0.0186)


def dog_bowl(color, text="GOOD DOG"):
    """Stoneware with a word on it, full of kibble."""
    skin = m.glaze(color, speckle=0.35, line=0.05)
    s.lathe("bowl", [(0, 0.03), (0.56, 0.03, .02), (0.60, 0, .02), (0.66, 0, .03), (0.60, 0.40, .05), (0.555, 0.425, .02), (0.53, 0.40, .03), (0.50, 0.12, .1), (0, 0.08)], skin)
    r = 0.633
    word = s.words(text, "black", 0.165, m.plain((0.93, 0.90, 0.84), 0.3), 0.004, at=(0, 0, 0), spacing=1.12, round_to=r)
    for v in word.data.vertices:  # the wall leans inward
        out = math.hypot(v.co.x, v.co.y)
        f = (out - 0.152 * (v.co.z + 0.20) + 0.026) / out
        v.co.x, v.co.y, v.co.z = v.co.x * f, v.co.y * f, v.co.z + 0.20
    browns = [m.matte(c, 0.5) for c in ((0.30, 0.14, 0.055), (0.38, 0.19, 0.08), (0.24, 0.10, 0.04))]

    def kibble(chance, i):
        a, q = chance.random() * 6.283, math.sqrt(chance.random()) * 0.46
        z = 0.29 + 0.10 * (1 - (q / 0.46) ** 2) + chance.random() * 0.035
        s.ball("kibble", 0.052, chance.choice(browns), (q * math.cos(a), q * math.sin(a), z), (1, 1, 0.55),
               [chance.random() * 70 - 35 for _ in range(2)] + [chance.random() * 360], 16)
    s.scatter(300, 4, kibble)


def honey_dipper():
    """Turned olive wood. Only ever delivered 90 px wide."""
    profile = [(0, 0), (0.05, 0, .02)]
    for k in range(6):
        z = 0.03 + k * 0.055
        r = 0.13 * math.sin(math.pi * (k + 1) / 7.5) + 0.045
        profile += [(r, z, .008), (r, z + 0.032, .008), (0.05, z + 0.034), (0.05, z + 0.054)]
    profile += [(0.035, 0.42, .03), (0.03, 1.1), (0.05, 1.3, .05), (0, 1.33)]
    s.lathe("dipper", profile, m.wood(*m.OAK, along="z", scale=5), at=(0.6, 0, 0.14), turn=(0, -83, 0))
