"""Lamp, plant, stool, books, toy."""

import math

import bpy

import materials as m
import shapes as s


def lamp():
    """A glazed foot, a linen shade, lit."""
    import studio
    s.lathe("foot", [(0, 0), (0.21, 0, .03), (0.24, 0.06, .04), (0.34, 0.30, .2), (0.30, 0.55, .2), (0.10, 0.74, .12), (0.065, 0.80, .03), (0.065, 0.84)],
            m.glaze((0.07, 0.16, 0.16), clay=(0.30, 0.22, 0.17), speckle=0.25, line=0.03))
    s.lathe("neck", [(0, 0.82), (0.07, 0.82, .01), (0.07, 0.87, .01), (0.022, 0.88), (0.022, 1.05), (0, 1.05)], m.brushed(m.BRASS))
    linen = m.shade_linen()
    s.lathe("shade", [(0.56, 0.95), (0.40, 1.58)], linen)
    rim = m.fabric((0.80, 0.72, 0.60), 120)
    s.torus("hem", 0.56, 0.012, rim, at=(0, 0, 0.955))
    s.torus("hem", 0.40, 0.012, rim, at=(0, 0, 1.577))
    s.ball("globe", 0.075, m.glow((1.0, 0.70, 0.42), 12), at=(0, 0, 1.20), scale=(1, 1, 1.2)).visible_shadow = False
    studio.bulb((0, 0, 1.22), 42, (1.0, 0.66, 0.38), 0.09)
    cord = s.smooth_line([(0.18, 0.1, 0.016), (0.5, 0.35, 0.016), (0.75, 0.75, 0.016), (1.5, 0.95, 0.016), (3.2, 1.0, 0.016)])
    s.tube("set.cord", cord, 0.014, m.fabric((0.16, 0.12, 0.09), 200))


def plant():
    """A snake plant in a clay pot with its saucer."""
    clay = m.terracotta()
    s.lathe("saucer", [(0, 0), (0.36, 0, .02), (0.43, 0.07, .015), (0.41, 0.07, .01), (0.35, 0.025, .02), (0, 0.02)], clay)
    s.lathe("pot", [(0, 0.02), (0.29, 0.02, .02), (0.375, 0.52, .01), (0.42, 0.525, .02), (0.43, 0.68, .02), (0.39, 0.68, .015), (0.37, 0.50, .02), (0, 0.5)], clay)

    def crumbs(u, v):
        a, r = u * 6.2832, v * 0.385
        return (r * math.cos(a), r * math.sin(a), 0.60 + 0.025 * math.sin(9 * a + 20 * v) * (1 - v) + 0.03 * (1 - v))
    s.grid("soil", 96, 40, crumbs, m.soil())
    for k, (x, y, tall, lean, toward, twist) in enumerate((
            (0.00, 0.05, 1.18, 4, 80, 0.9), (0.12, -0.08, 0.92, 13, -25, -1.1), (-0.13, -0.04, 1.02, 12, 190, 1.2), (0.05, 0.16, 1.30, 6, 60, -0.8),
            (-0.06, -0.16, 0.66, 18, 245, 0.8), (0.18, 0.08, 0.80, 21, 15, 1.0), (-0.17, 0.12, 0.88, 19, 150, -0.9), (0.08, -0.2, 0.50, 24, -60, 0.7))):
        blade(x, y, tall, math.radians(lean), math.radians(toward), twist, k)


def blade(x, y, tall, lean, toward, twist, seed):
    def place(u, v):
        wide = 0.095 * (0.75 + 0.5 * math.sin(math.pi * min(v * 1.1, 1))) * min(1.0, (1 - v) * 3.6) ** 0.7 + 0.001
        a = toward + math.pi / 2 + twist * (v - 0.3) + seed
        side = (2 * u - 1) * wide
        cup = wide * 0.55 * (2 * u - 1) ** 2
        bend = lean * (0.6 + 0.8 * v)
        px, py = side * math.cos(a) - cup * math.sin(a), side * math.sin(a) + cup * math.cos(a)
        out = math.sin(bend) * tall * v
        ripple = 0.012 * math.sin(9 * v + seed * 2)
        return (x + px + out * math.cos(toward), y + py + out * math.sin(toward) + ripple, 0.58 + math.cos(bend) * tall * v)
    sheet = s.grid("leaf", 14, 60, place, m.leaf())
    layer = sheet.data.attributes.new("across", "FLOAT", "POINT")
    for i in range(len(sheet.data.vertices)):
        layer.data[i].value = (i % 15) / 14
    s.modify(sheet, "SOLIDIFY", thickness=0.014, offset=0)


def stool(fabric_color=(0.42, 0.20, 0.10)):
    """A low chair in oak: four splayed legs, a padded seat, a bent back."""
    oak = m.wood(*m.OAK, along="z", scale=4)
    rail = m.wood(*m.OAK, along="x", scale=4)
    for sx in (-1, 1):
        for front in (True, False):
            foot = (0.46 * sx, -0.44 if front else 0.50, 0)
            top = (0.36 * sx, -0.34 if front else 0.36, 0.72) if front else (0.37 * sx, 0.40, 0.72)
            path = [tuple(a + (b - a) * t / 20 for a, b in zip(foot, top)) for t in range(21)]
            if not front:
                path += [tuple(p) for p in s.smooth_line([(0.37 * sx, 0.40, 0.72), (0.37 * sx, 0.43, 1.0), (0.385 * sx, 0.50, 1.32)], 10)][1:]
            s.sweep("leg", path, lambda t, f=front: 0.055 + 0.035 * (t if f else math.sin(math.pi * min(1, t * 1.1))), lambda t, f=front: 0.055 + 0.035 * (t if f else math.sin(math.pi * min(1, t * 1.1))), (1, 0, 0), oak, corner=0.9)
    for y, w in ((-0.34, 0.72), (0.38, 0.74)):
        s.box("rail", (w, 0.045, 0.085), rail, 0.012, at=(0, y, 0.60))
    for x in (-0.36, 0.36):
        s.box("rail", (0.045, 0.72, 0.085), m.wood(*m.OAK, along="y", scale=4), 0.012, at=(x, 0.02, 0.60))
    seat = s.slab("seat", [(-0.45, -0.43, .16), (0.45, -0.43, .16), (0.42, 0.36, .12), (-0.42, 0.36, .12)], 0.14, m.fabric(fabric_color, 55, 0.5), 0.062, at=(0, 0, 0.685), segments=8)
    piping = s.fillet([(-0.45, -0.43, .16), (0.45, -0.43, .16), (0.42, 0.36, .12), (-0.42, 0.36, .12)], closed=True)
    s.tube("piping", [(x * 1.003, y * 1.003, 0.705) for x, y in piping], 0.011, m.fabric(m.dark(fabric_color, 0.8), 90), closed=True)
    back = [(0.40 * math.sin(a), 0.47 + 0.10 * math.cos(a) - 0.07, 1.20) for a in (math.radians(-88 + 176 * i / 40) for i in range(41))]
    s.sweep("back", back, lambda t: 0.22 - 0.05 * abs(2 * t - 1) ** 2, 0.04, (0, 0.13, 0.99), rail, corner=0.8)


def book(width, depth, thick, color, ink, title, author, at, turn, font="serif"):
    cloth = m.fabric(color, 130, 0.25)
    board = 0.022
    things = [s.box("cover", (width, depth, board), cloth, 0.006, at=(0, 0, 0)),
              s.box("cover", (width, depth, board), cloth, 0.006, at=(0, 0, thick - board)),
              s.box("pages", (width - 0.06, depth - 0.05, thick - 2 * board), m.pages(), 0.003, at=(0, 0.018, board))]
    spine = [(-depth / 2 + 0.012, 0.0), (-depth / 2 - 0.029, thick * 0.22), (-depth / 2 - 0.033, thick * 0.5), (-depth / 2 - 0.029, thick * 0.78), (-depth / 2 + 0.012, thick)]
    things.append(s.sweep("spine", s.smooth_line([(0, y, 0.011 + z * (thick - 0.022) / thick) for y, z in spine], 8), width, 0.022, (1, 0, 0), cloth, corner=0.5))
    front = -depth / 2 - 0.042
    size = thick * 0.46
    things.append(s.words(title, font, size, ink, 0.005, at=(-width * 0.43, front, thick * 0.5), spacing=1.06, align="LEFT"))
    things.append(s.words(author, "sans", size * 0.42, ink, 0.004, at=(width * 0.44, front, thick * 0.5), spacing=1.2, align="RIGHT"))
    for x in (-width * 0.47, width * 0.47):
        things.append(s.box("line", (0.008, 0.01, thick * 0.74), ink, 0, at=(x, front + 0.004, thick * 0.13)))
    return s.group(things, at=at, turn=(0, 0, turn))


def books():
    """Three cloth bindings, gilt, and a pair of reading glasses."""
    gilt = m.metal((0.90, 0.66, 0.28), 0.3)
    book(1.50, 1.06, 0.27, (0.045, 0.085, 0.13), gilt, "The Tidal Year", "I. MARLOWE", (0, 0, 0), 3)
    book(1.42, 1.00, 0.21, (0.42, 0.11, 0.06), gilt, "Small Orchards", "R. ADEYEMI", (0.02, 0.02, 0.27), -6)
    book(1.34, 0.94, 0.24, (0.42, 0.40, 0.27), m.plain((0.05, 0.045, 0.03), 0.5), "Letters to a Lighthouse", "N. SÖDERBERG", (-0.03, 0.0, 0.48), 8)
    wire = m.metal(m.BRASS, 0.16)
    things = []
    for x in (-0.21, 0.21):
        rim = [(x + 0.165 * math.cos(a), 0, 0.14 + 0.14 * math.sin(a)) for a in (math.radians(i * 7.5) for i in range(48))]
        things.append(s.tube("rim", rim, 0.012, wire, closed=True))
        things.append(s.lathe("lens", [(0, -0.003), (0.158, -0.003), (0.158, 0.003), (0, 0.003)], m.crystal(0.2), at=(x, 0, 0.14), turn=(90, 0, 0)))
        things[-1].scale = (1, 0.85, 1)
        sx = 1 if x > 0 else -1
        things.append(s.tube("arm", s.smooth_line([(x + 0.165 * sx, 0, 0.17), (x + 0.18 * sx, 0.03, 0.175), (x + 0.17 * sx, 0.45, 0.16), (x + 0.15 * sx, 0.62, 0.03)]), 0.010, wire))
    things.append(s.tube("bridge", s.smooth_line([(-0.05, 0, 0.17), (0, -0.01, 0.205), (0.05, 0, 0.17)]), 0.011, wire))
    s.group(things, at=(0.12, -0.16, 0.732), turn=(0, 0, -18))


def toy():
    """Five rings and a ball on a beech post."""
    s.lathe("base", [(0, 0), (0.50, 0, .03), (0.50, 0.10, .035), (0, 0.10)], m.wood(*m.BEECH, along="x", scale=4))
    s.lathe("post", [(0.075, 0.1), (0.055, 1.28), (0, 1.28)], m.wood(*m.BEECH, along="z", scale=4))
    colors = ((0.045, 0.13, 0.22), (0.10, 0.30, 0.27), (0.80, 0.50, 0.10), (0.76, 0.25, 0.10), (0.62, 0.10, 0.09))
    z = 0.10
    for color, major in zip(colors, (0.335, 0.295, 0.255, 0.215, 0.175)):
        minor = 0.115
        n = m.Nodes("painted wood")
        grain = n.noise(60, 4, (1, 1, 0.15))
        n.principled(Base_Color=n.mix(n.ramp(grain, (0.5, 0.0), (0.8, 0.6)), color, m.dark(color, 0.75)), Roughness=0.38, Normal=n.bump(grain, 0.08, 0.004), Coat_Weight=0.15)
        s.torus("ring", major, minor, n.material, at=(0, 0, z + minor * 0.92), flatten=0.92)
        z += minor * 1.80
    s.ball("head", 0.155, m.wood(*m.BEECH, along="z", scale=5), at=(0, 0, z + 0.135))
