"""Render the sample catalogue: `python make.py [name…]`, `--draft` for a small quick look, `--out FOLDER`.

Renders land as PNG in the folder; finish.py turns them into the delivered files.
"""

import argparse
import pathlib
import time

import beauty
import gear
import kitchen
import living
import materials as m
import studio
import wear

SQUARE, TALL, WIDE = (1200, 1200), (1200, 1500), (1650, 1100)
WARM = (0.84, 0.72, 0.58)
BLUSH = (0.80, 0.47, 0.38)
COBALT, LEAF, CLAY = (0.016, 0.055, 0.24), (0.25, 0.32, 0.22), (0.52, 0.19, 0.09)


def shot(build, size=SQUARE, paper=WARM, light=None, view=None, **film):
    return {"build": build, "size": size, "paper": paper, "light": light or {}, "view": view or {}, "film": film}


SHOTS = {
    "mug-cobalt": shot(lambda: kitchen.mug(COBALT), TALL, WARM, {}, {"azimuth": -18, "elevation": 16, "fill": 0.68}),
    "mug-sage": shot(lambda: kitchen.mug(LEAF), TALL, (0.72, 0.70, 0.56), {}, {"azimuth": -18, "elevation": 16, "fill": 0.68}),
    "mug-terracotta": shot(lambda: kitchen.mug(CLAY), TALL, (0.84, 0.66, 0.52), {}, {"azimuth": -18, "elevation": 16, "fill": 0.68}),
    "mug-cobalt-above": shot(lambda: kitchen.mug(COBALT), SQUARE, WARM, {}, {"azimuth": 30, "elevation": 38, "fill": 0.7}),
    "perfume": shot(beauty.perfume, TALL, BLUSH, {"key": 110, "rim": 170, "fill": 40}, {"azimuth": 14, "elevation": 7, "fill": 0.74}),
    "serum": shot(beauty.serum, TALL, (0.80, 0.60, 0.38), {"rim": 170, "fill": 50}, {"elevation": 8, "fill": 0.74}),
    "cream": shot(beauty.cream, SQUARE, (0.82, 0.58, 0.47), {"fill": 50}, {"azimuth": 4, "elevation": 22, "fill": 0.76}),
    "candle": shot(beauty.candle, TALL, (0.30, 0.22, 0.17), {"key": 50, "fill": 10, "rim": 70, "top": 8, "ambient": 0.08, "warm": 0.6}, {"elevation": 12, "fill": 0.66}),
    "olive-oil": shot(kitchen.olive_oil, TALL, (0.74, 0.66, 0.40), {"rim": 190, "fill": 45}, {"azimuth": 6, "elevation": 9, "fill": 0.76}),
    "knife": shot(kitchen.knife, WIDE, (0.52, 0.50, 0.47), {"key": 90, "top": 30, "rim": 120, "fill": 25}, {"azimuth": -8, "elevation": 46, "fill": 0.9}),
    "dog-bowl-slate": shot(lambda: kitchen.dog_bowl((0.05, 0.075, 0.10)), WIDE, (0.80, 0.64, 0.47), {}, {"elevation": 22, "fill": 0.72}),
    "dog-bowl-ochre": shot(lambda: kitchen.dog_bowl((0.62, 0.33, 0.07)), WIDE, (0.44, 0.56, 0.56), {}, {"elevation": 22, "fill": 0.72}),
    "honey-dipper": shot(kitchen.honey_dipper, (900, 600), WARM, {}, {"elevation": 25, "fill": 0.8}),
    "lamp": shot(living.lamp, TALL, (0.42, 0.36, 0.30), {"key": 34, "fill": 8, "rim": 35, "top": 8, "ambient": 0.09}, {"elevation": 5, "fill": 0.74, "fstop": 0.9}),
    "plant": shot(living.plant, TALL, (0.74, 0.72, 0.60), {"key": 150, "fill": 45}, {"azimuth": 10, "elevation": 10, "fill": 0.80}),
    "chair": shot(living.stool, TALL, (0.56, 0.60, 0.54), {"key": 150, "fill": 40}, {"azimuth": 32, "elevation": 14, "fill": 0.76, "fstop": 1.4}),
    "books": shot(living.books, WIDE, (0.70, 0.50, 0.34), {"key": 150}, {"azimuth": 16, "elevation": 16, "fill": 0.72, "fstop": 3}),
    "toy-rings": shot(living.toy, SQUARE, (0.90, 0.78, 0.58), {"key": 140, "fill": 50}, {"elevation": 12, "fill": 0.74}),
    "watch": shot(wear.watch, SQUARE, (0.50, 0.53, 0.56), {"key": 130, "rim": 130}, {"azimuth": 20, "elevation": 18, "fill": 0.74}),
    "watch-black": shot(lambda: wear.watch((0.012, 0.07, 0.035), (0.02, 0.019, 0.018)), SQUARE, (0.66, 0.62, 0.55), {"key": 130, "rim": 130}, {"azimuth": -22, "elevation": 18, "fill": 0.74}),
    "ring": shot(wear.ring, SQUARE, (0.74, 0.46, 0.40), {"key": 100, "rim": 160, "fill": 60, "ambient": 0.9}, {"azimuth": 28, "elevation": 14, "fill": 0.62}),
    "tote": shot(wear.tote, TALL, (0.84, 0.72, 0.58), {"key": 150}, {"azimuth": 20, "elevation": 12, "fill": 0.78, "fstop": 1.4}),
    "beanie-rust": shot(lambda: wear.beanie((0.46, 0.13, 0.045)), SQUARE, (0.66, 0.70, 0.66), {}, {"elevation": 8, "fill": 0.70}),
    "beanie-ink": shot(lambda: wear.beanie((0.03, 0.05, 0.09)), SQUARE, (0.80, 0.68, 0.54), {}, {"elevation": 8, "fill": 0.70}),
    "headphones": shot(gear.headphones, TALL, (0.60, 0.58, 0.55), {"rim": 190, "fill": 50}, {"azimuth": 34, "elevation": 10, "fill": 0.74}),
    "headphones-sand": shot(lambda: gear.headphones((0.62, 0.52, 0.42), (0.50, 0.38, 0.28), m.BRASS), TALL, (0.80, 0.62, 0.50), {"rim": 150}, {"azimuth": 34, "elevation": 10, "fill": 0.74}),
    "phone": shot(gear.phone, TALL, (0.50, 0.58, 0.68), {"rim": 150, "fill": 45}, {"elevation": 8, "fill": 0.76, "fstop": 1.2}),
    "kettlebell": shot(gear.kettlebell, SQUARE, None, {"key": 170, "rim": 240, "fill": 70}, {"azimuth": 9, "elevation": 9, "fill": 0.86, "fstop": 2}, transparent=True),
}


def make(name, folder, draft):
    spec = SHOTS[name]
    start = time.time()
    studio.clear()
    spec["build"]()
    if spec["paper"]:
        studio.backdrop(spec["paper"])
    studio.lights(**spec["light"])
    studio.camera(spec["size"], **spec["view"])
    studio.render(folder / f"{name}.png", 12 if draft else 16, 32 if draft else 100, **spec["film"])
    print(f"{name}: {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("names", nargs="*")
    options.add_argument("--draft", action="store_true")
    options.add_argument("--out", type=pathlib.Path, default=pathlib.Path("/tmp/renders"))
    chosen = options.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name in chosen.names or SHOTS:
        make(name, chosen.out, chosen.draft)
