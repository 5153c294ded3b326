"""Watch, ring, tote, beanie."""

import math

import bmesh
import bpy

import materials as m
import shapes as s


def watch(dial=(0.02, 0.05, 0.09), strap=(0.30, 0.13, 0.055)):
    """A dress watch standing on its own strap, the dial to the front."""
    steel, polished = m.brushed(m.STEEL, 0.22, (40, 40, 2)), m.metal(m.CHROME, 0.07)
    face = []
    face.append(s.lathe("case", [(0, -0.02), (0.44, -0.02, .03), (0.50, 0.04, .03), (0.50, 0.12, .03), (0.47, 0.15, .01), (0.43, 0.165, .01), (0.42, 0.12), (0, 0.12)], steel))
    face.append(s.lathe("bezel", [(0.43, 0.13), (0.475, 0.14, .012), (0.455, 0.18, .012), (0.42, 0.17, .005), (0.415, 0.12)], polished))
    face.append(s.lathe("dial", [(0, 0.124), (0.418, 0.124)], sunburst(dial)))
    for k in range(60):
        a = math.radians(6 * k)
        long, wide = ((0.075, 0.017) if k % 15 else (0.095, 0.03)) if k % 5 == 0 else (0.022, 0.005)
        r = 0.395 - long / 2 - (0.012 if k % 5 == 0 else 0)
        face.append(s.box("mark", (wide, long, 0.010), polished if k % 5 == 0 else m.plain((0.85, 0.85, 0.83), 0.4), 0.003 if k % 5 == 0 else 0,
                          at=(r * math.sin(a), r * math.cos(a), 0.123), turn=(0, 0, -6 * k), segments=2))
    for angle, long, wide, z in ((-54, 0.215, 0.030, 0.142), (60, 0.325, 0.022, 0.150)):
        a = math.radians(angle)
        hand = s.slab("hand", [(-wide / 2, -0.05), (wide / 2, -0.05), (wide / 2, long * 0.8), (0, long), (-wide / 2, long * 0.8)], 0.006, polished, 0.002, segments=2)
        face += s.group([hand], at=(0, 0, z), turn=(0, 0, -angle))
    second = s.box("second", (0.005, 0.45, 0.004), m.plain((0.75, 0.20, 0.05), 0.35), 0, at=(0, 0.12, 0))
    face += s.group([second], at=(0, 0, 0.158), turn=(0, 0, -205))
    face.append(s.lathe("pin", [(0, 0.14), (0.022, 0.14), (0.02, 0.166, .004), (0, 0.166)], polished, 48))
    light = m.plain((0.9, 0.89, 0.86), 0.4)
    face.append(s.words("MERIDIEN", "serif", 0.058, light, 0.001, at=(0, 0.17, 0.126), turn=(0, 0, 0), spacing=1.15))
    face.append(s.words("AUTOMATIC", "sans", 0.026, light, 0.001, at=(0, -0.17, 0.126), turn=(0, 0, 0), spacing=1.3))
    face.append(s.lathe("glass", [(0, 0.183), (0.40, 0.176), (0.425, 0.168)], m.crystal()))
    knurl = s.lathe("crown", [(0, 0), (0.055, 0, .01), (0.055, 0.075, .012), (0, 0.075)], steel, 120, lambda a, r, z: r + (0.003 * math.cos(a * 30) if r > 0.05 else 0))
    face += s.group([knurl], at=(0.495, 0, 0.07), turn=(0, 90, 0))
    for sx in (-1, 1):
        for sy in (-1, 1):
            lug = s.sweep("lug", s.smooth_line([(0.285 * sx, 0.36 * sy, 0.085), (0.285 * sx, 0.50 * sy, 0.085), (0.285 * sx, 0.60 * sy, 0.03), (0.285 * sx, 0.64 * sy, -0.05)]),
                          0.085, lambda t: 0.11 - 0.04 * t, (1, 0, 0), polished, corner=0.35)
            face.append(lug)
    s.group(face, turn=(64, 0, 0), at=(0, -0.02, 0.64))
    loop = strap_path()
    hide, thread = m.leather(strap, 70, 0.3, 0.42), m.plain((0.72, 0.58, 0.40), 0.8)
    s.sweep("strap", loop, lambda t: 0.46 - 0.07 * math.sin(math.pi * t), lambda t: 0.075 - 0.02 * math.sin(math.pi * t), (1, 0, 0), hide, corner=0.45)
    for sx in (-1, 1):
        path = []
        for i, p in enumerate(loop):
            t = i / (len(loop) - 1)
            b, c = loop[max(i - 1, 0)], loop[min(i + 1, len(loop) - 1)]
            normal = (c - b).normalized().cross(s.Vector((1, 0, 0)))
            half = (0.075 - 0.02 * math.sin(math.pi * t)) / 2
            path.append(p + s.Vector((sx * (0.23 - 0.035 * math.sin(math.pi * t) - 0.03), 0, 0)) + normal * half)
        s.stitches(path, thread, 0.03, 0.02, 0.0055)
    s.ground()


def strap_path():
    """From twelve o'clock over the back and down to six, seen from the side (y, z)."""
    a = math.radians(64)

    def on_case(y, z):
        return (0, -0.02 + y * math.cos(a) - z * math.sin(a), 0.64 + y * math.sin(a) + z * math.cos(a))
    top, low = on_case(0.56, 0.0), on_case(-0.56, 0.0)
    start, end = on_case(0.50, 0.01), on_case(-0.50, 0.01)
    points = [start, top, (0, 0.52, 1.20), (0, 0.92, 1.02), (0, 1.10, 0.68), (0, 1.02, 0.33), (0, 0.72, 0.10), (0, 0.32, 0.035), (0, -0.02, 0.045), low, end]
    return s.smooth_line(points, 24)


def sunburst(color):
    n = m.Nodes("dial")
    n.principled(Base_Color=color, Metallic=0.7, Roughness=0.34, Anisotropic=0.8, Tangent=n.add("Tangent", direction_type="RADIAL", axis="Z").outputs[0], Coat_Weight=0.3)
    return n.material


def ring(metal_color=m.GOLD, stone=(0.22, 0.42, 0.95)):
    """A solitaire standing upright: a comfort-fit band, six claws, a brilliant."""
    gold = m.metal(metal_color, 0.09)
    profile = [(0.50, -0.075, .02), (0.485, 0, .05), (0.50, 0.075, .02), (0.545, 0.07, .03), (0.575, 0, .06), (0.545, -0.07, .03), (0.50, -0.075)]
    band = s.lathe("band", profile, gold, 192)
    band.rotation_euler = (math.radians(90), 0, 0)
    band.location = (0, 0, 0.575)
    z = 1.26
    s.lathe("seat", [(0.03, 1.11), (0.09, 1.13, .02), (0.14, 1.20, .02), (0.165, 1.205, .004), (0.165, 1.222, .004), (0.135, 1.222, .004), (0.07, 1.15)], gold, 64)
    for k in range(6):
        a = math.radians(60 * k + 30)
        c, d = math.cos(a), math.sin(a)
        path = s.smooth_line([(0.05 * c, 0.05 * d, 1.10), (0.15 * c, 0.15 * d, 1.19), (0.222 * c, 0.222 * d, 1.30), (0.208 * c, 0.208 * d, 1.335)], 8)
        s.tube("claw", path, 0.021, gold)
        s.ball("bead", 0.025, gold, at=(0.205 * c, 0.205 * d, 1.335), steps=20)
    brilliant(0.225, stone, at=(0, 0, 1.30))


def brilliant(r, color, at):
    """A round cut: table, eight main facets, girdle, pavilion."""
    n = m.Nodes("gem")
    n.principled(Base_Color=color, Transmission_Weight=1.0, Roughness=0.0, IOR=1.77)
    rows = [(0.56, 0.33, 0.5, 8), (0.80, 0.20, 0.0, 8), (1.0, 0.04, 0.25, 16), (1.0, 0.0, 0.25, 16), (0.52, -0.42, 0.5, 8), (0.0, -0.86, 0, 1)]
    shape = bmesh.new()
    for q, z, shift, count in rows:
        for k in range(count):
            a = 2 * math.pi * (k + shift) / count
            shape.verts.new((q * r * math.cos(a), q * r * math.sin(a), z * r))
    bmesh.ops.convex_hull(shape, input=shape.verts)
    bmesh.ops.dissolve_limit(shape, angle_limit=0.01, verts=shape.verts, edges=shape.edges)
    mesh = bpy.data.meshes.new("brilliant")
    shape.to_mesh(mesh)
    shape.free()
    return s.add("brilliant", mesh, n.material, False, at)


def tote(color=(0.36, 0.145, 0.055)):
    """Vegetable-tanned leather: soft walls, two handles, brass rivets, an embossed name."""
    hide, thread = m.leather(color, 75, 0.3, 0.40), m.plain((0.75, 0.60, 0.40), 0.8)

    def section(u, z):
        wide = 0.60 + 0.13 * z + 0.02 * math.sin(math.pi * z)
        deep = 0.235 * (1 - 0.42 * z ** 1.5) + 0.02 * math.sin(math.pi * z)
        a = 2 * math.pi * u
        c, d = math.cos(a), math.sin(a)
        p = 0.34 + 0.12 * z
        x, y = wide * math.copysign(abs(c) ** p, c), deep * math.copysign(abs(d) ** p, d)
        sag = 0.025 * math.sin(math.pi * z) * math.sin(5 * x + 1) * (1 if y < 0 else -1)
        return x, y + sag * 0.5

    def wall(u, v):
        x, y = section(u, v)
        return (x, y, 0.03 + v * 1.05 - 0.025 * v * (1 - (x / 0.75) ** 2) * math.cos(3 * x))
    body = s.grid("body", 240, 80, wall, hide)
    s.modify(body, "SOLIDIFY", thickness=0.022, offset=-1)
    s.modify(body, "BEVEL", width=0.006, segments=2, limit_method="ANGLE")

    def floor(u, v):
        x, y = section(u, 0.0)
        return (x * v, y * v, 0.03)
    s.grid("floor", 240, 6, floor, hide)
    rim = [s.Vector(wall(i / 240, 0.975)) for i in range(121, 240)]
    s.stitches([(p.x * 1.0, p.y - 0.004, p.z) for p in rim], thread, 0.026, 0.018, 0.0048)
    brass = m.metal(m.BRASS, 0.14)
    for front in (True, False):
        y = (-0.15 if front else 0.15)
        lean = -0.10 if front else 0.06
        path = s.smooth_line([(-0.30, y, 0.80), (-0.30, y, 1.00), (-0.285, y + lean * 0.2, 1.22), (-0.20, y + lean * 0.7, 1.46), (0, y + lean, 1.55), (0.20, y + lean * 0.7, 1.46), (0.285, y + lean * 0.2, 1.22), (0.30, y, 1.00), (0.30, y, 0.80)], 14)
        wall_y = [section(0.75 - 0.05, z)[1] for z in (0.75, 0.95)]
        path = [s.Vector((p.x, p.y + (-0.032 if front else 0.032) * max(0, min(1, (1.2 - p.z) * 4)), p.z)) for p in path]
        band(path, 0.062, 0.026, hide)
        if front:
            for x in (-0.30, 0.30):
                for z in (0.835, 0.955):
                    yy = min(p.y for p in path if abs(p.z - z) < 0.03) - 0.012
                    s.lathe("rivet", [(0.026, 0), (0.026, 0.008, .004), (0.012, 0.016, .006), (0, 0.017)], brass, 40, at=(x, yy, z), turn=(90, 0, 0))
    name = s.words("MAREN & SONS", "serif", 0.078, m.metal((0.86, 0.64, 0.34), 0.35), 0.003, turn=(0, 0, 0), spacing=1.15)
    front = [wall(0.5 + i / 400, 0.40) for i in range(201)]
    for v in name.data.vertices:  # the name follows the wall
        x, y, z = min(front, key=lambda p: abs(p[0] - v.co.x))
        v.co = (v.co.x, y - 0.013 - v.co.z, z + v.co.y)


def band(path, wide, thick, material):
    """A strap that runs mostly across x and z: flat to the front."""
    verts, faces = [], []
    path = [s.Vector(p) for p in path]
    n = len(path)
    for i, p in enumerate(path):
        ahead = (path[min(i + 1, n - 1)] - path[max(i - 1, 0)]).normalized()
        out = s.Vector((0, -1, 0))
        out = (out - ahead * out.dot(ahead)).normalized()
        across = ahead.cross(out)
        section = s.fillet([(-wide / 2, -thick / 2, .011), (wide / 2, -thick / 2, .011), (wide / 2, thick / 2, .011), (-wide / 2, thick / 2, .011)], closed=True, steps=4)
        verts += [tuple(p + across * x + out * y) for x, y in section]
    k = len(section)
    for i in range(n - 1):
        for j in range(k):
            l = (j + 1) % k
            faces.append((i * k + j, i * k + l, (i + 1) * k + l, (i + 1) * k + j))
    faces += [tuple(range(k)), tuple(range((n - 1) * k, n * k))]
    mesh = bpy.data.meshes.new("band")
    mesh.from_pydata(verts, [], faces)
    s._tidy(mesh)
    return s.modify(s.add("band", mesh, material), "WEIGHTED_NORMAL", weight=80)


def beanie(color):
    """A ribbed cap with a turned-up cuff and a woven tag."""
    yarn = m.wool(color)

    def ribs(depth, count):
        def shape(a, r, z):
            knit = 0.006 * abs(math.sin(38 * z + 3 * math.sin(a * count / 2)))
            squash = 1 + 0.10 * math.cos(2 * a)
            return (r + depth * abs(math.sin(a * count / 2)) * min(1, r * 4) + knit * min(1, r * 4)) * squash
        return shape
    s.lathe("crown", [(0.475, 0.10), (0.49, 0.35, .1), (0.47, 0.66, .25), (0.33, 0.92, .25), (0.12, 1.02, .1), (0, 1.025)], yarn, 720, ribs(0.030, 56))
    s.lathe("cuff", [(0.47, 0.02), (0.50, 0.0, .03), (0.535, 0.03, .03), (0.545, 0.20, .05), (0.535, 0.36, .03), (0.505, 0.385, .02), (0.47, 0.36)], yarn, 720, ribs(0.034, 56))
    for thing in ("crown", "cuff"):
        body = bpy.context.scene.objects[thing]
        body.data.shade_smooth()
    tag, ink = m.fabric((0.80, 0.74, 0.62), 160, 0.2), m.plain((0.07, 0.06, 0.05), 0.7)
    r = 0.533
    piece = s.label(0.30, 0.115, r, 0.185, tag, 0.0)
    word = s.words("NORDHAVN", "bold", 0.044, ink, 0.0006, at=(0, 0, 0.185), spacing=1.15, round_to=r + 0.001)
    for thing in (piece, word):
        thing.location = (0, 0, 0)
