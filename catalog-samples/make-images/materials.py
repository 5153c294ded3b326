"""Materials, all procedural: no picture is loaded anywhere."""

import bpy

_made = {}


def forget():
    _made.clear()


class Nodes:
    """A material's node tree, written as calls."""

    def __init__(self, name):
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.surface = self.tree.nodes["Principled BSDF"]
        self.output = self.tree.nodes["Material Output"]

    def add(self, kind, inputs=None, **settings):
        node = self.tree.nodes.new("ShaderNode" + kind)
        for name, value in settings.items():
            setattr(node, name, value)
        self.set(node, inputs or {})
        return node

    def set(self, node, inputs):
        for name, value in inputs.items():
            socket = node.inputs[name]
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            elif isinstance(value, tuple) and len(value) == 3 and socket.type == "RGBA":
                socket.default_value = (*value, 1)
            else:
                socket.default_value = value

    def principled(self, **inputs):
        self.set(self.surface, {name.replace("_", " "): value for name, value in inputs.items()})
        return self.material

    def place(self, scale=(1, 1, 1), generated=False):
        where = self.add("TexCoord").outputs["Generated" if generated else "Object"]
        return self.add("Mapping", {"Vector": where, "Scale": scale}).outputs[0]

    def noise(self, scale, detail=4, stretch=(1, 1, 1), roughness=0.5, distortion=0.0):
        return self.add("TexNoise", {"Vector": self.place(stretch), "Scale": scale, "Detail": detail,
                                     "Roughness": roughness, "Distortion": distortion}).outputs["Fac"]

    def voronoi(self, scale, feature="F1", stretch=(1, 1, 1)):
        return self.add("TexVoronoi", {"Vector": self.place(stretch), "Scale": scale}, feature=feature).outputs["Distance"]

    def ramp(self, value, *stops):
        node = self.add("ValToRGB", {"Fac": value})
        points = node.color_ramp.elements
        while len(points) < len(stops):
            points.new(0.5)
        for point, (position, color) in zip(points, stops):
            point.position = position
            point.color = (*color, 1) if isinstance(color, tuple) else (color, color, color, 1)
        return node.outputs["Color"]

    def mix(self, factor, a, b, blend="MIX"):
        node = self.tree.nodes.new("ShaderNodeMix")
        node.data_type, node.blend_type = "RGBA", blend
        colors = [s for s in node.inputs if s.type == "RGBA"]
        for socket, value in ((node.inputs[0], factor), (colors[0], a), (colors[1], b)):
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            else:
                socket.default_value = (*value, 1) if isinstance(value, tuple) else value
        return [s for s in node.outputs if s.type == "RGBA"][0]

    def bump(self, height, strength=0.3, distance=0.02, onto=None):
        inputs = {"Height": height, "Strength": strength, "Distance": distance}
        if onto is not None:
            inputs["Normal"] = onto
        return self.add("Bump", inputs).outputs[0]


def _once(make):
    def made(*args, **kwargs):
        key = (make.__name__, args, tuple(sorted(kwargs.items())))
        if key not in _made:
            _made[key] = make(*args, **kwargs)
        return _made[key]
    return made


def dark(color, by=0.5):
    return tuple(c * by for c in color)


@_once
def paper(color, roughness=0.7):
    n = Nodes("paper")
    grain = n.bump(n.noise(220, 2), 0.05, 0.003)
    return n.principled(Base_Color=color, Roughness=roughness, Normal=grain, Specular_IOR_Level=0.3)


@_once
def plain(color, roughness=0.4, coat=0.0):
    return Nodes("plain").principled(Base_Color=color, Roughness=roughness, Coat_Weight=coat, Coat_Roughness=0.08)


@_once
def matte(color, grain=0.15):
    n = Nodes("matte")
    return n.principled(Base_Color=color, Roughness=0.55, Normal=n.bump(n.noise(160, 3), grain, 0.004))


@_once
def metal(color, roughness=0.18):
    n = Nodes("metal")
    spots = n.ramp(n.noise(6, 5), (0.3, max(roughness - 0.05, 0.02)), (0.7, roughness + 0.05))
    return n.principled(Base_Color=color, Metallic=1.0, Roughness=spots)


@_once
def brushed(color, roughness=0.28, stretch=(2, 2, 120)):
    n = Nodes("brushed")
    lines = n.noise(9, 4, stretch)
    return n.principled(Base_Color=color, Metallic=1.0, Roughness=n.ramp(lines, (0.3, roughness - 0.06), (0.7, roughness + 0.1)),
                        Normal=n.bump(lines, 0.06, 0.004))


GOLD = (0.95, 0.66, 0.30)
STEEL = (0.72, 0.73, 0.75)
BRASS = (0.83, 0.60, 0.26)
CHROME = (0.86, 0.87, 0.89)


@_once
def glass(color=(1, 1, 1), roughness=0.0, ior=1.48, shadow=0.9):
    """Glass that lets light through for shadows, so that nothing sparkles and nothing goes black."""
    n = Nodes("glass")
    n.principled(Base_Color=color, Transmission_Weight=1.0, Roughness=roughness, IOR=ior)
    clear = n.add("BsdfTransparent", {"Color": tuple(c * shadow for c in color)})
    mixed = n.add("MixShader", {0: n.add("LightPath").outputs["Is Shadow Ray"], 1: n.surface.outputs[0], 2: clear.outputs[0]})
    n.set(n.output, {"Surface": mixed.outputs[0]})
    return n.material


@_once
def crystal(strength=0.12):
    """A watch glass: nothing but a reflection."""
    n = Nodes("crystal")
    clear, shine = n.add("BsdfTransparent"), n.add("BsdfGlossy", {"Roughness": 0.02})
    fresnel = n.add("Fresnel", {"IOR": 1.45}).outputs[0]
    mixed = n.add("MixShader", {0: n.add("Math", {0: fresnel, 1: strength * 8}, operation="MULTIPLY").outputs[0],
                                1: clear.outputs[0], 2: shine.outputs[0]})
    n.set(n.output, {"Surface": mixed.outputs[0]})
    return n.material


@_once
def glaze(color, clay=(0.62, 0.45, 0.33), line=0.1, speckle=0.5):
    """Stoneware: a speckled glaze that stops at a foot of raw clay."""
    n = Nodes("glaze")
    drift = n.mix(n.ramp(n.noise(3, 4), (0.35, 0.0), (0.7, 1.0)), dark(color, 0.82), color)
    dots = n.ramp(n.voronoi(34), (0.07, speckle), (0.12, 0.0))
    glazed = n.mix(dots, drift, dark(clay, 0.35))
    height = n.add("SeparateXYZ", {0: n.place()}).outputs["Z"]
    edge = n.add("Math", {0: height, 1: n.add("Math", {0: n.noise(7, 2), 1: 0.018}, operation="MULTIPLY").outputs[0]}, operation="ADD")
    over = n.ramp(edge.outputs[0], (max(line - 0.002, 0), 0.0), (line + 0.004, 1.0))
    raw = n.mix(n.noise(90, 3), dark(clay, 0.8), clay)
    rough = n.ramp(over, (0, 0.85), (1, 0.16))
    waves = n.bump(n.noise(5, 2), 0.08, 0.02)
    grain = n.bump(n.noise(120, 3), 0.12, 0.004, waves)
    return n.principled(Base_Color=n.mix(over, raw, glazed), Roughness=rough, Normal=grain, Coat_Weight=n.ramp(over, (0, 0.0), (1, 0.35)), Coat_Roughness=0.05)


@_once
def leather(color, scale=60.0, strength=0.35, roughness=0.45):
    n = Nodes("leather")
    drift = n.mix(n.ramp(n.noise(2.2, 5), (0.3, 0.0), (0.75, 1.0)), dark(color, 0.66), color)
    cells = n.voronoi(scale, "SMOOTH_F1")
    grain = n.bump(cells, strength, 0.008)
    fine = n.bump(n.noise(scale * 4, 3), 0.12, 0.003, grain)
    return n.principled(Base_Color=drift, Roughness=roughness, Normal=fine, Specular_IOR_Level=0.45)


@_once
def fabric(color, scale=90.0, strength=0.4):
    n = Nodes("fabric")
    warp = n.noise(scale, 2, (1, 0.14, 0.14))
    weft = n.noise(scale, 2, (0.14, 1, 1))
    weave = n.add("Math", {0: warp, 1: weft}, operation="MAXIMUM").outputs[0]
    tone = n.mix(n.ramp(weave, (0.4, 0.0), (0.7, 1.0)), dark(color, 0.68), color)
    return n.principled(Base_Color=tone, Roughness=0.9, Sheen_Weight=0.25, Normal=n.bump(weave, strength, 0.006))


@_once
def wool(color):
    n = Nodes("wool")
    fuzz = n.noise(140, 6, roughness=0.7)
    tone = n.mix(n.noise(40, 5), dark(color, 0.7), color)
    return n.principled(Base_Color=tone, Roughness=0.95, Sheen_Weight=0.6, Sheen_Roughness=0.5, Normal=n.bump(fuzz, 0.5, 0.012))


@_once
def wood(light, deep, along="x", scale=3.0, roughness=0.42, coat=0.1):
    """Grain runs along one axis of the object."""
    stretch = {"x": (0.12, 1, 1), "y": (1, 0.12, 1), "z": (1, 1, 0.12)}[along]
    fine = {"x": (0.03, 1, 1), "y": (1, 0.03, 1), "z": (1, 1, 0.03)}[along]
    n = Nodes("wood")
    rings = n.noise(scale, 6, stretch, 0.55, 1.2)
    tone = n.ramp(rings, (0.25, deep), (0.42, light), (0.5, tuple((a * 2 + b) / 3 for a, b in zip(light, deep))), (0.62, light), (0.8, deep))
    pores = n.noise(scale * 28, 3, fine)
    tone = n.mix(n.ramp(pores, (0.55, 0.0), (0.75, 0.45)), tone, dark(deep, 0.6))
    return n.principled(Base_Color=tone, Roughness=roughness, Coat_Weight=coat, Coat_Roughness=0.2, Normal=n.bump(pores, 0.12, 0.004))


OAK = ((0.66, 0.45, 0.25), (0.46, 0.28, 0.13))
WALNUT = ((0.26, 0.135, 0.07), (0.10, 0.045, 0.022))
BEECH = ((0.80, 0.58, 0.37), (0.66, 0.43, 0.25))


@_once
def terracotta(color=(0.62, 0.25, 0.13)):
    n = Nodes("terracotta")
    chalk = n.ramp(n.noise(2.5, 7, roughness=0.65), (0.48, 0.0), (0.78, 0.45))
    tone = n.mix(chalk, n.mix(n.noise(18, 4), dark(color, 0.8), color), (0.80, 0.62, 0.52))
    return n.principled(Base_Color=tone, Roughness=0.88, Normal=n.bump(n.noise(70, 5), 0.22, 0.008))


@_once
def soil():
    n = Nodes("soil")
    lumps = n.noise(26, 8, roughness=0.7)
    return n.principled(Base_Color=n.mix(lumps, (0.012, 0.007, 0.004), (0.09, 0.05, 0.03)), Roughness=1.0, Normal=n.bump(lumps, 1.0, 0.06))


@_once
def leaf(color=(0.055, 0.17, 0.05), edge=(0.55, 0.58, 0.18)):
    """Snake plant: dark bands across. Its sheet carries u from edge to edge as the attribute `across`."""
    n = Nodes("leaf")
    bands = n.ramp(n.noise(7, 3, (0.5, 0.5, 2.6), 0.6, 1.4), (0.42, 0.0), (0.55, 1.0))
    green = n.mix(bands, color, tuple(min(1, c * 2.4) for c in color))
    across = n.add("Attribute", attribute_name="across").outputs["Fac"]
    rim = n.ramp(across, (0.0, 1.0), (0.09, 1.0), (0.15, 0.0), (0.85, 0.0), (0.91, 1.0), (1.0, 1.0))
    return n.principled(Base_Color=n.mix(rim, green, edge), Roughness=0.38, Subsurface_Weight=0.12, Subsurface_Scale=0.03, Coat_Weight=0.15)


@_once
def iron(color=(0.03, 0.031, 0.033)):
    n = Nodes("iron")
    return n.principled(Base_Color=color, Roughness=0.46, Specular_IOR_Level=0.6, Normal=n.bump(n.noise(75, 4), 0.4, 0.008))


@_once
def wax(color=(0.93, 0.87, 0.74)):
    return Nodes("wax").principled(Base_Color=color, Roughness=0.4, Subsurface_Weight=0.7, Subsurface_Radius=(0.2, 0.12, 0.06), Subsurface_Scale=0.35)


@_once
def glow(color, strength):
    n = Nodes("glow")
    n.set(n.output, {"Surface": n.add("Emission", {"Color": color, "Strength": strength}).outputs[0]})
    return n.material


@_once
def shade_linen(color=(0.92, 0.85, 0.74)):
    """A lampshade: light falls through it."""
    n = Nodes("shade")
    weave = n.noise(60, 3, (1, 1, 0.15))
    cross = n.noise(60, 3, (0.15, 0.15, 1))
    tone = n.mix(n.add("Math", {0: weave, 1: cross}, operation="MULTIPLY").outputs[0], dark(color, 0.75), color)
    through = n.add("BsdfTranslucent", {"Color": tone})
    front = n.add("BsdfDiffuse", {"Color": tone})
    mixed = n.add("MixShader", {0: 0.55, 1: front.outputs[0], 2: through.outputs[0]})
    n.set(n.output, {"Surface": mixed.outputs[0]})
    return n.material


@_once
def pages():
    n = Nodes("pages")
    lines = n.noise(40, 2, (0.05, 0.05, 9))
    return n.principled(Base_Color=n.mix(lines, (0.62, 0.56, 0.45), (0.90, 0.85, 0.75)), Roughness=0.9, Normal=n.bump(lines, 0.3, 0.006))


@_once
def wallpaper():
    """What a telephone shows: dunes of colour, lit from inside."""
    n = Nodes("wallpaper")
    wave = n.noise(1.7, 1.5, (1, 1, 0.7), 0.4, 1.6)
    tone = n.ramp(wave, (0.25, (0.01, 0.02, 0.10)), (0.42, (0.10, 0.05, 0.42)), (0.52, (0.85, 0.16, 0.30)), (0.62, (1.0, 0.52, 0.18)), (0.8, (0.10, 0.42, 0.62)))
    return n.principled(Base_Color=(0.005, 0.005, 0.006), Roughness=0.06, Emission_Color=tone, Emission_Strength=1.15)
