"""Perfume, serum, cream, candle."""

import math

import materials as m
import shapes as s


def flip(thing):
    """Turn a body inside out: a bubble of air in glass."""
    thing.data.flip_normals()
    return thing


def perfume():
    """A heavy glass block, amber inside, a turned brass collar, a lacquered cap."""
    clear, ink = m.glass((0.98, 0.98, 0.97), ior=1.48), m.plain((0.03, 0.02, 0.015), 0.35)
    s.box("bottle", (0.80, 0.40, 0.95), clear, 0.06, segments=8)
    s.box("amber", (0.664, 0.264, 0.68), m.glass((0.96, 0.47, 0.07), ior=1.34), 0.05, at=(0, 0, 0.12), segments=6)
    flip(s.box("air", (0.66, 0.26, 0.17), m.glass((0.98, 0.98, 0.97), ior=1.48), 0.045, at=(0, 0, 0.70), segments=6))
    s.lathe("collar", [(0, 0.95), (0.17, 0.95, .01), (0.17, 1.0, .01), (0.145, 1.01, .01), (0.145, 1.08, .01), (0, 1.08)], m.brushed(m.GOLD))
    s.lathe("cap", [(0, 1.06), (0.20, 1.06, .015), (0.20, 1.42, .03), (0, 1.42)], m.plain((0.014, 0.012, 0.012), 0.16, 0.6))
    s.lathe("ring", [(0.195, 1.085), (0.204, 1.085, .004), (0.204, 1.11, .004), (0.195, 1.11)], m.brushed(m.GOLD))
    s.tube("tube", s.smooth_line([(0, 0.02, 0.95), (0.02, 0.02, 0.7), (0.12, 0.03, 0.35), (0.27, 0.04, 0.15)]), 0.012, m.glass((1, 1, 1), ior=1.28))
    front = -0.2035
    s.words("AMBRE", "serif", 0.135, ink, at=(0, front, 0.52), spacing=1.25)
    s.words("numéro neuf", "italic", 0.072, ink, at=(0, front, 0.415))
    s.words("EAU DE PARFUM · 50 ML", "sans", 0.030, ink, at=(0, front, 0.17), spacing=1.25)


def serum_bottle(x=0.0, y=0.0):
    """Brown glass, a paper label, a rubber bulb."""
    brown = m.glass((0.62, 0.22, 0.035), ior=1.5, shadow=0.7)
    body = s.lathe("bottle", [(0, 0), (0.30, 0, .05), (0.30, 0.72, .16), (0.115, 0.84, .04), (0.115, 0.93)], brown)
    things = [body, flip(s.lathe("inside", [(0, 0.03), (0.275, 0.03, .05), (0.275, 0.70, .15), (0.09, 0.82, .03), (0.09, 0.93)], brown))]
    things.append(s.lathe("liquid", [(0, 0.035), (0.27, 0.035, .05), (0.27, 0.60), (0, 0.60)], m.glass((0.55, 0.2, 0.03), ior=1.34)))
    def ribs(a, r, z):
        return r + (0.004 * math.cos(a * 60) if r > 0.13 else 0)
    things.append(s.lathe("collar", [(0.1, 0.88), (0.145, 0.88, .01), (0.145, 1.06, .015), (0.08, 1.075, .01), (0, 1.075)], m.plain((0.016, 0.016, 0.017), 0.4), 240, ribs))
    things.append(s.lathe("bulb", [(0, 1.05), (0.088, 1.05, .01), (0.088, 1.12, .02), (0.066, 1.16, .04), (0.066, 1.38, .07), (0, 1.40)], m.plain((0.02, 0.02, 0.021), 0.55)))
    things.append(s.label(0.98, 0.40, 0.30, 0.37, m.paper((0.90, 0.88, 0.83))))
    ink, r = m.plain((0.05, 0.045, 0.04), 0.6), 0.3055
    for text, font, size, z, spacing in (("LUMEN", "bold", 0.098, 0.465, 1.25), ("vitamin c serum", "italic", 0.072, 0.365, 1.0), ("30 ML  ·  1 FL OZ", "sans", 0.032, 0.235, 1.2)):
        things.append(s.words(text, font, size, ink, 0.0008, at=(0, 0, z), spacing=spacing, round_to=r))
    return s.group(things, at=(x, y, 0), turn=(0, 0, 0))


def serum():
    serum_bottle()


def cream_jar(x=0.0, y=0.0, turn=0.0, lid=True):
    frosted = m.plain((0.88, 0.84, 0.79), 0.28, 0.4)
    things = [s.lathe("jar", [(0, 0), (0.40, 0, .06), (0.40, 0.34, .05), (0.35, 0.38, .01), (0.35, 0.44, .01), (0.31, 0.44, .01), (0.31, 0.30, .04), (0, 0.30)], frosted)]
    ink = m.plain((0.20, 0.13, 0.07), 0.5)
    things.append(s.words("LUMEN", "bold", 0.085, ink, 0.001, at=(0, 0, 0.225), spacing=1.25, round_to=0.4005))
    things.append(s.words("night cream", "italic", 0.062, ink, 0.001, at=(0, 0, 0.125), round_to=0.4005))
    return s.group(things, at=(x, y, 0), turn=(0, 0, turn))


def cream():
    """The open jar with a swirl of cream, its lid leaning against it, the serum behind."""
    cream_jar(-0.16, -0.12, 4)
    white = m.Nodes("cream").principled(Base_Color=(0.95, 0.92, 0.87), Roughness=0.32, Subsurface_Weight=0.4, Subsurface_Scale=0.05)

    def swirl(u, v):
        a, r = u * 2 * math.pi, v * 0.31
        rise = 0.055 * (1 - v) ** 1.2 + 0.022 * math.sin(2 * a + 16 * v) * v * (1 - v) * 3
        return (-0.16 + r * math.cos(a), -0.12 + r * math.sin(a), 0.41 + rise)

    s.grid("swirl", 160, 60, swirl, white)
    gold = m.metal(m.GOLD, 0.24)
    lid = s.lathe("lid", [(0.36, 0.0), (0.41, 0, .008), (0.41, 0.15, .02), (0, 0.15)], gold)
    inside = s.lathe("liner", [(0.36, 0.0), (0.36, 0.12, .01), (0, 0.12)], m.plain((0.9, 0.88, 0.85), 0.5))
    s.group([lid, inside], at=(0.60, -0.22, 0.395), turn=(68, 0, 22))
    serum_bottle(0.16, 0.62)


def candle():
    """Soy wax in a smoked glass, burning."""
    smoke = m.glass((0.80, 0.62, 0.47), ior=1.45)
    s.lathe("glass", [(0, 0), (0.42, 0, .05), (0.42, 0.98, .012), (0.395, 0.98, .012), (0.395, 0.06, .04), (0, 0.06)], smoke)
    s.lathe("wax", [(0, 0.065), (0.39, 0.065, .04), (0.39, 0.70, .008), (0.34, 0.685, .03), (0.05, 0.68), (0, 0.675)], m.wax())
    wick = s.smooth_line([(0, 0, 0.66), (0.004, 0, 0.72), (0.014, 0, 0.765)])
    s.tube("wick", wick, 0.008, m.plain((0.02, 0.015, 0.012), 0.9))
    n = m.Nodes("flame")
    height = n.add("SeparateXYZ", {0: n.place()}).outputs["Z"]
    color = n.ramp(height, (0.0, (0.18, 0.2, 0.9)), (0.05, (1.0, 0.42, 0.08)), (0.13, (1.0, 0.72, 0.28)))
    n.set(n.output, {"Surface": n.add("Emission", {"Color": color, "Strength": 14.0}).outputs[0]})
    s.lathe("flame", [(0, 0.0), (0.02, 0.012), (0.034, 0.05), (0.032, 0.085), (0.018, 0.14), (0.006, 0.185), (0, 0.2)], n.material, 32, at=(0.012, 0, 0.745))
    s.label(0.62, 0.42, 0.42, 0.40, m.paper((0.90, 0.86, 0.79)))
    ink = m.plain((0.10, 0.06, 0.035), 0.6)
    for text, font, size, z in (("HEARTH", "serif", 0.13, 0.475), ("cedar & clove", "italic", 0.085, 0.365), ("SOY CANDLE · 220 G", "sans", 0.036, 0.255)):
        s.words(text, font, size, ink, 0.0008, at=(0, 0, z), spacing=1.15, round_to=0.4255)
