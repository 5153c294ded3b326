"""The photo studio: an empty scene, a seamless backdrop, soft boxes, a camera that frames what stands there."""

import math

import bpy
from mathutils import Vector

import materials


def clear():
    """An empty scene with the renderer set up: Cycles on one CPU thread, denoised, AgX."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    materials.forget()
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.threads_mode = "FIXED"
    scene.render.threads = 1
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.08
    cycles.adaptive_min_samples = 8
    cycles.use_light_tree = False
    cycles.use_fast_gi = True
    cycles.fast_gi_method = "REPLACE"
    cycles.ao_bounces_render = 1
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.denoising_input_passes = "RGB_ALBEDO_NORMAL"
    cycles.max_bounces = 9
    cycles.diffuse_bounces = 2
    cycles.glossy_bounces = 3
    cycles.transmission_bounces = 9
    cycles.transparent_max_bounces = 10
    cycles.caustics_reflective = False
    cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4
    cycles.blur_glossy = 0.6
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    return scene


def world(strength, color=(1, 1, 1)):
    scene = bpy.context.scene
    scene.world = bpy.data.worlds.new("room")
    scene.world.use_nodes = True
    background = scene.world.node_tree.nodes["Background"]
    background.inputs["Color"].default_value = (*color, 1)
    background.inputs["Strength"].default_value = strength


def backdrop(color, back=2.6, radius=1.6, roughness=0.65):
    """A paper sweep: floor, quarter circle, wall, without a seam."""
    line = [(-9, 0), (back - radius, 0)]
    for i in range(1, 25):
        a = math.radians(90 * i / 24)
        line.append((back - radius + radius * math.sin(a), radius - radius * math.cos(a)))
    line.append((back, 12))
    verts = [(x, y, z) for y, z in line for x in (-14, 14)]
    faces = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(line) - 1)]
    mesh = bpy.data.meshes.new("backdrop")
    mesh.from_pydata(verts, [], faces)
    mesh.shade_smooth()
    mesh.materials.append(materials.plain(color, roughness))
    return _link("backdrop", mesh)


def softbox(at, toward, width, height, watts, color=(1, 1, 1), camera=False):
    data = bpy.data.lights.new("softbox", "AREA")
    data.shape, data.size, data.size_y = "RECTANGLE", width, height
    data.energy, data.color = watts, color
    light = _link("softbox", data)
    light.location = at
    light.rotation_euler = (Vector(toward) - Vector(at)).to_track_quat("-Z", "Y").to_euler()
    light.visible_camera = camera
    return light


def bulb(at, watts, color=(1.0, 0.62, 0.3), size=0.05):
    data = bpy.data.lights.new("bulb", "POINT")
    data.energy, data.color, data.shadow_soft_size = watts, color, size
    light = _link("bulb", data)
    light.location = at
    return light


def lights(key=130, fill=30, rim=110, top=45, side=-1, height=0.5, warm=0.0, ambient=0.42):
    """Key from one side, a broad weak fill from the other, a rim from behind, a ceiling box."""
    tint = (1, 1 - 0.12 * warm, 1 - 0.3 * warm)
    aim = (0, 0, height)
    if key:
        softbox((2.4 * side, -1.9, 2.5), aim, 1.7, 1.9, key, tint)
    if fill:
        softbox((-2.9 * side, -1.6, 1.5), aim, 2.0, 2.4, fill)
    if rim:
        softbox((-2.3 * side, 1.8, 2.3), aim, 0.7, 1.8, rim, tint).data.spread = math.radians(80)
    if top:
        softbox((0, 0.4, 3.6), (0, 0.3, 0), 3.2, 2.0, top)
    world(ambient)


def camera(size, azimuth=0, elevation=12, lens=85, fill=0.72, fstop=0.7, focus=None, lift=0.0):
    """Look from the front (-Y), turned by `azimuth`, and step back until everything modelled fills `fill` of the frame."""
    scene = bpy.context.scene
    scene.render.resolution_x, scene.render.resolution_y = size
    data = bpy.data.cameras.new("camera")
    data.lens = lens
    cam = _link("camera", data)
    scene.camera = cam
    a, e = math.radians(azimuth), math.radians(elevation)
    away = Vector((math.sin(a) * math.cos(e), -math.cos(a) * math.cos(e), math.sin(e)))
    points = _points()
    low = Vector([min(p[i] for p in points) for i in range(3)])
    high = Vector([max(p[i] for p in points) for i in range(3)])
    target, distance = (low + high) / 2, 6.0
    cam.rotation_euler = (-away).to_track_quat("-Z", "Y").to_euler()
    turn = cam.rotation_euler.to_matrix()
    right, up = turn.col[0], turn.col[1]
    half = 18 / lens  # half the sensor's long side at distance one
    wide, tall = (half, half * size[1] / size[0]) if size[0] >= size[1] else (half * size[0] / size[1], half)
    for _ in range(12):
        cam.location = target + away * distance
        xs, ys = [], []
        for p in points:
            v = p - cam.location
            depth = -v.dot(away)
            xs.append(v.dot(right) / depth)
            ys.append(v.dot(up) / depth)
        target = target + right * (min(xs) + max(xs)) / 2 * distance + up * (min(ys) + max(ys)) / 2 * distance
        distance *= max((max(xs) - min(xs)) / (2 * wide), (max(ys) - min(ys)) / (2 * tall)) / fill
    target = target + up * lift * tall * distance
    cam.location = target + away * distance
    data.dof.use_dof = fstop is not None
    if fstop is not None:
        data.dof.aperture_fstop = fstop
        near = min(-(p - cam.location).dot(away) for p in points)
        data.dof.focus_distance = -(Vector(focus) - cam.location).dot(away) if focus else near * 0.6 + distance * 0.4
    return cam


def render(path, samples=64, scale=100, transparent=False, exposure=-0.65):
    scene = bpy.context.scene
    scene.cycles.samples = samples
    scene.render.resolution_percentage = scale
    scene.view_settings.exposure = exposure
    scene.render.film_transparent = transparent
    settings = scene.render.image_settings
    settings.file_format = "PNG"
    settings.color_mode = "RGBA" if transparent else "RGB"
    settings.color_depth = "8"
    scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def _points():
    """Corners of everything that stands in the picture, a few hundred vertices an object."""
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    found = []
    for thing in bpy.context.scene.objects:
        if thing.type != "MESH" or thing.name.startswith(("backdrop", "set.")) or thing.hide_render:
            continue
        mesh = thing.evaluated_get(graph).data
        step = max(1, len(mesh.vertices) // 400)
        found += [thing.matrix_world @ mesh.vertices[i].co for i in range(0, len(mesh.vertices), step)]
    return found


def _link(name, data):
    thing = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(thing)
    return thing
