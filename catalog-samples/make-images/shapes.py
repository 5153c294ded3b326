"""Shapes made from lines: turned on a lathe, swept along a path, cut from an outline, written as words."""

import math
import random

import bmesh
import bpy
from mathutils import Matrix, Vector

FONTS = {
    "sans": "/usr/share/fonts/truetype/lato/Lato-Regular.ttf",
    "bold": "/usr/share/fonts/truetype/lato/Lato-Bold.ttf",
    "light": "/usr/share/fonts/truetype/lato/Lato-Light.ttf",
    "black": "/usr/share/fonts/truetype/lato/Lato-Black.ttf",
    "serif": "/usr/share/fonts/opentype/ebgaramond/EBGaramond12-Regular.otf",
    "italic": "/usr/share/fonts/opentype/ebgaramond/EBGaramond12-Italic.otf",
}


def add(name, mesh, material, smooth=True, at=(0, 0, 0), turn=(0, 0, 0)):
    if smooth:
        mesh.shade_smooth()
    mesh.materials.append(material)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(thing)
    thing.location = at
    thing.rotation_euler = [math.radians(a) for a in turn]
    return thing


def modify(thing, kind, **settings):
    modifier = thing.modifiers.new(kind.lower(), kind)
    for name, value in settings.items():
        setattr(modifier, name, value)
    return thing


def group(things, at=(0, 0, 0), turn=(0, 0, 0), size=1.0):
    """Move, turn and scale several objects as one."""
    matrix = Matrix.Translation(at) @ _euler(turn) @ Matrix.Diagonal((size, size, size, 1))
    bpy.context.view_layer.update()
    for thing in things:
        thing.matrix_world = matrix @ thing.matrix_world
    bpy.context.view_layer.update()
    return things


def ground():
    """Let everything modelled so far stand on the floor."""
    bpy.context.view_layer.update()
    things = [t for t in bpy.context.scene.objects if t.type == "MESH"]
    low = min((t.matrix_world @ v.co).z for t in things for v in t.data.vertices)
    return group(things, at=(0, 0, -low))


def _euler(turn):
    x, y, z = (math.radians(a) for a in turn)
    return Matrix.Rotation(z, 4, "Z") @ Matrix.Rotation(y, 4, "Y") @ Matrix.Rotation(x, 4, "X")


# Lines

def fillet(points, closed=False, steps=8):
    """(x, y) or (x, y, radius) corners → a line whose corners are round."""
    out = []
    count = len(points)
    for i, point in enumerate(points):
        radius = point[2] if len(point) > 2 else 0
        here = Vector(point[:2])
        if not radius or (not closed and i in (0, count - 1)):
            out.append(tuple(here))
            continue
        before = Vector(points[i - 1][:2]) - here
        after = Vector(points[(i + 1) % count][:2]) - here
        reach = min(radius, before.length * 0.49, after.length * 0.49)
        a, b = here + before.normalized() * reach, here + after.normalized() * reach
        for k in range(steps + 1):
            t = k / steps
            out.append(tuple(a * (1 - t) ** 2 + here * 2 * t * (1 - t) + b * t * t))
    return out


def smooth_line(points, steps=12, closed=False):
    """A Catmull-Rom curve through the points."""
    p = [Vector(q) for q in points]  # two or three coordinates
    n = len(p)
    out = []
    for i in range(n if closed else n - 1):
        a = p[i - 1] if closed or i else p[0] * 2 - p[1]
        b, c = p[i], p[(i + 1) % n]
        d = p[(i + 2) % n] if closed or i + 2 < n else p[-1] * 2 - p[-2]
        for k in range(steps):
            t = k / steps
            out.append(0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t ** 3))
    if not closed:
        out.append(p[-1])
    return out


def arc(radius, start, end, steps=48, center=(0, 0)):
    return [(center[0] + radius * math.cos(math.radians(start + (end - start) * i / steps)),
             center[1] + radius * math.sin(math.radians(start + (end - start) * i / steps))) for i in range(steps + 1)]


# Bodies

def lathe(name, profile, material, steps=128, shape=None, at=(0, 0, 0), turn=(0, 0, 0), flat=False):
    """Turn a profile of (radius, height[, fillet]) about the z axis. `shape(angle, r, z)` may bend the radius."""
    line = fillet(profile)
    verts, faces = [], []
    for r, z in line:
        for k in range(steps):
            a = 2 * math.pi * k / steps
            q = shape(a, r, z) if shape else r
            verts.append((q * math.cos(a), q * math.sin(a), z))
    for i in range(len(line) - 1):
        for k in range(steps):
            n = (k + 1) % steps
            faces.append((i * steps + k, i * steps + n, (i + 1) * steps + n, (i + 1) * steps + k))
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(verts, [], faces)
    _tidy(mesh)
    thing = add(name, mesh, material, not flat, at, turn)
    return thing if flat else modify(thing, "WEIGHTED_NORMAL", weight=80)


def box(name, size, material, round=0.03, at=(0, 0, 0), turn=(0, 0, 0), segments=5):
    """A box that stands on its own origin, with round edges."""
    mesh = bpy.data.meshes.new(name)
    shape = bmesh.new()
    bmesh.ops.create_cube(shape, size=1)
    for v in shape.verts:
        v.co = Vector((v.co.x * size[0], v.co.y * size[1], (v.co.z + 0.5) * size[2]))
    shape.to_mesh(mesh)
    shape.free()
    thing = add(name, mesh, material, True, at, turn)
    if round:
        modify(thing, "BEVEL", width=round, segments=segments)
    return modify(thing, "WEIGHTED_NORMAL", weight=80)


def slab(name, outline, depth, material, round=0.01, at=(0, 0, 0), turn=(0, 0, 0), segments=4):
    """An outline in the xy plane (corners may have radii) raised to `depth`, its edges round."""
    line = fillet(outline, closed=True)
    shape = bmesh.new()
    face = shape.faces.new([shape.verts.new((x, y, 0)) for x, y in line])
    risen = bmesh.ops.extrude_face_region(shape, geom=[face])
    bmesh.ops.translate(shape, verts=[v for v in risen["geom"] if isinstance(v, bmesh.types.BMVert)], vec=(0, 0, depth))
    bmesh.ops.recalc_face_normals(shape, faces=shape.faces)
    mesh = bpy.data.meshes.new(name)
    shape.to_mesh(mesh)
    shape.free()
    thing = add(name, mesh, material, True, at, turn)
    if round:
        modify(thing, "BEVEL", width=round, segments=segments, limit_method="ANGLE", angle_limit=math.radians(50))
    return modify(thing, "WEIGHTED_NORMAL", weight=80)


def sweep(name, path, width, thick, side, material, closed=False, corner=0.4, at=(0, 0, 0), turn=(0, 0, 0)):
    """A band along a flat path: `width` along `side`, `thick` across; both may be functions of 0…1."""
    path = [Vector(p) for p in path]
    side = Vector(side).normalized()
    n = len(path)
    verts, faces = [], []
    for i, p in enumerate(path):
        t = i / (n - 1)
        ahead = path[(i + 1) % n] if closed or i < n - 1 else p
        behind = path[i - 1] if closed or i else p
        normal = (ahead - behind).normalized().cross(side)
        w = width(t) if callable(width) else width
        h = thick(t) if callable(thick) else thick
        r = corner * min(w, h)
        section = fillet([(-w / 2, -h / 2, r), (w / 2, -h / 2, r), (w / 2, h / 2, r), (-w / 2, h / 2, r)], closed=True, steps=5)
        verts += [p + side * x + normal * y for x, y in section]
    m = len(section)
    for i in range(n if closed else n - 1):
        j = (i + 1) % n
        for k in range(m):
            l = (k + 1) % m
            faces.append((i * m + k, i * m + l, j * m + l, j * m + k))
    if not closed:
        faces += [tuple(range(m)), tuple(range((n - 1) * m, n * m))]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(v) for v in verts], [], faces)
    _tidy(mesh)
    return modify(add(name, mesh, material, True, at, turn), "WEIGHTED_NORMAL", weight=80)


def tube(name, path, radius, material, closed=False, at=(0, 0, 0), turn=(0, 0, 0)):
    """A round wire along any path."""
    curve = bpy.data.curves.new(name, "CURVE")
    curve.dimensions = "3D"
    curve.bevel_depth, curve.bevel_resolution, curve.use_fill_caps = radius, 6, True
    spline = curve.splines.new("POLY")
    spline.points.add(len(path) - 1)
    for point, co in zip(spline.points, path):
        point.co = (*co, 1)
    spline.use_cyclic_u = closed
    temporary = bpy.data.objects.new(name, curve)
    bpy.context.scene.collection.objects.link(temporary)
    mesh = bpy.data.meshes.new_from_object(temporary.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    bpy.data.objects.remove(temporary)
    mesh.materials.clear()
    return add(name, mesh, material, True, at, turn)


def ball(name, radius, material, at=(0, 0, 0), scale=(1, 1, 1), turn=(0, 0, 0), steps=48):
    mesh = bpy.data.meshes.new(name)
    shape = bmesh.new()
    bmesh.ops.create_uvsphere(shape, u_segments=steps, v_segments=steps // 2, radius=radius)
    for v in shape.verts:
        v.co = Vector((v.co.x * scale[0], v.co.y * scale[1], v.co.z * scale[2]))
    shape.to_mesh(mesh)
    shape.free()
    return add(name, mesh, material, True, at, turn)


def torus(name, major, minor, material, at=(0, 0, 0), turn=(0, 0, 0), flatten=1.0, steps=128):
    profile = [(major + minor * math.cos(a), minor * flatten * math.sin(a))
               for a in (2 * math.pi * i / 48 for i in range(49))]
    return lathe(name, profile, material, steps, at=at, turn=turn)


def grid(name, across, along, place, material):
    """A sheet of `across` × `along` quads whose points are `place(u, v)`, both 0…1."""
    verts = [place(i / across, j / along) for j in range(along + 1) for i in range(across + 1)]
    row = across + 1
    faces = [(j * row + i, j * row + i + 1, (j + 1) * row + i + 1, (j + 1) * row + i) for j in range(along) for i in range(across)]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(verts, [], faces)
    return add(name, mesh, material)


def blend(name, things, material, voxel=0.012, rounds=12):
    """Melt several bodies into one skin, as cast metal or thrown clay."""
    graph = bpy.context.evaluated_depsgraph_get()
    shape = bmesh.new()
    for thing in things:
        bpy.context.view_layer.update()
        mesh = bpy.data.meshes.new_from_object(thing.evaluated_get(graph))
        mesh.transform(thing.matrix_world)
        shape.from_mesh(mesh)
    mesh = bpy.data.meshes.new(name)
    shape.to_mesh(mesh)
    shape.free()
    for thing in things:
        bpy.data.objects.remove(thing)
    mesh.materials.clear()
    thing = add(name, mesh, material)
    modify(thing, "REMESH", mode="VOXEL", voxel_size=voxel, use_smooth_shade=True)
    return modify(thing, "SMOOTH", factor=0.5, iterations=rounds)


# Words

def words(text, font, size, material, depth=0.002, at=(0, 0, 0), turn=(90, 0, 0), spacing=1.0, round_to=None, align="CENTER"):
    """Text as a mesh that reads from the front. With `round_to` it is bent about a cylinder of that radius, at height at[2]."""
    curve = bpy.data.curves.new("words", "FONT")
    curve.body, curve.size, curve.extrude = text, size, depth
    curve.font = bpy.data.fonts.load(FONTS[font], check_existing=True)
    curve.align_x, curve.align_y = align, "CENTER"
    curve.space_character = spacing
    curve.resolution_u = 6
    temporary = bpy.data.objects.new("words", curve)
    bpy.context.scene.collection.objects.link(temporary)
    mesh = bpy.data.meshes.new_from_object(temporary.evaluated_get(bpy.context.evaluated_depsgraph_get()))
    bpy.data.objects.remove(temporary)
    mesh.materials.clear()
    if round_to is None:
        return add("words", mesh, material, False, at, turn)
    bend(mesh, round_to, at[2])
    return add("words", mesh, material, False)


def bend(mesh, radius, height=0.0):
    """Wrap a flat xy mesh about the z axis, facing -Y."""
    shape = bmesh.new()
    shape.from_mesh(mesh)
    xs = [v.co.x for v in shape.verts]
    step = radius * 0.04
    x = min(xs) + step
    while x < max(xs):
        geometry = shape.verts[:] + shape.edges[:] + shape.faces[:]
        bmesh.ops.bisect_plane(shape, geom=geometry, plane_co=(x, 0, 0), plane_no=(1, 0, 0))
        x += step
    for v in shape.verts:
        a, r = v.co.x / radius, radius + v.co.z
        v.co = Vector((r * math.sin(a), -r * math.cos(a), height + v.co.y))
    shape.to_mesh(mesh)
    shape.free()


def label(width, height, radius, z, material, lift=0.004):
    """A paper label on a round bottle: a piece of a cylinder facing front."""
    half = width / radius / 2
    r = radius + lift

    def place(u, v):
        a = -half + 2 * half * u
        return (r * math.sin(a), -r * math.cos(a), z + height * (v - 0.5))

    return grid("label", 48, 1, place, material)


def stitches(path, material, length=0.022, gap=0.016, radius=0.0035, lift=(0, 0, 0)):
    """Thread along a path, as one object."""
    corners = [Vector(p) + Vector(lift) for p in path]
    path = [corners[0]]
    for a, b in zip(corners, corners[1:]):  # steps shorter than a stitch
        parts = max(1, int((b - a).length / (length / 6)))
        path += [a.lerp(b, (k + 1) / parts) for k in range(parts)]
    shape = bmesh.new()
    run, down = 0.0, True
    start = path[0]
    for a, b in zip(path, path[1:]):
        run += (b - a).length
        if down and run >= length:
            _capsule(shape, start, b, radius)
            run, down = 0.0, False
        elif not down and run >= gap:
            run, down, start = 0.0, True, b
    mesh = bpy.data.meshes.new("stitches")
    shape.to_mesh(mesh)
    shape.free()
    return add("stitches", mesh, material)


def _capsule(shape, a, b, radius):
    axis = b - a
    matrix = Matrix.Translation((a + b) / 2) @ axis.to_track_quat("Z", "Y").to_matrix().to_4x4() \
        @ Matrix.Diagonal((radius, radius, axis.length / 2, 1))
    bmesh.ops.create_uvsphere(shape, u_segments=8, v_segments=6, radius=1, matrix=matrix)


def scatter(count, seed, place):
    """Call `place(random, index)` for a fixed seed: the same picture every time."""
    chance = random.Random(seed)
    return [place(chance, i) for i in range(count)]


def _tidy(mesh):
    shape = bmesh.new()
    shape.from_mesh(mesh)
    bmesh.ops.remove_doubles(shape, verts=shape.verts, dist=1e-6)
    bmesh.ops.recalc_face_normals(shape, faces=shape.faces)
    shape.to_mesh(mesh)
    shape.free()
