#!/usr/bin/python3
"""500 pairs of label maps of 2048 x 1024 pixels and 19 classes, to time `score segmentation` on.

python3 tools/label-map-load.py DIR writes DIR/gt and DIR/dt: ragged ellipses, one in twenty of them
255; the prediction is the ground truth moved by a few pixels, with blocks of noise. Needs NumPy and Pillow.
"""
import sys
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from PIL import Image

WIDTH, HEIGHT, CLASSES, PAIRS = 2048, 1024, 19, 500


def ground_truth(random):
    labels = np.full((HEIGHT, WIDTH), random.integers(CLASSES), np.uint8)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    ripples = 0.2 * np.sin(x / 7 + random.random()) * np.cos(y / 5)
    for _ in range(60):
        cx, cy = random.integers(WIDTH), random.integers(HEIGHT)
        a, b = random.integers(20, 400), random.integers(20, 200)
        part = np.s_[max(0, cy - b) : cy + b, max(0, cx - a) : cx + a]
        inside = ((x[part] - cx) / a) ** 2 + ((y[part] - cy) / b) ** 2 + ripples[part] < 1
        labels[part][inside] = 255 if random.random() < 0.05 else random.integers(CLASSES)
    return labels


def prediction(labels, random):
    moved = np.roll(labels, (3, -4), (0, 1)).copy()
    moved[moved == 255] = 0
    cells = (HEIGHT // 16, WIDTH // 16)
    noise = np.kron(random.integers(0, CLASSES, cells), np.ones((16, 16))).astype(np.uint8)
    chosen = np.kron(random.random(cells) < 0.05, np.ones((16, 16), bool))
    moved[chosen] = noise[chosen]
    return moved


def pair(number):
    random = np.random.default_rng(number)
    labels = ground_truth(random)
    Image.fromarray(labels).save(Path(sys.argv[1], "gt", f"{number:04d}.png"))
    Image.fromarray(prediction(labels, random)).save(Path(sys.argv[1], "dt", f"{number:04d}.png"))


if __name__ == "__main__":
    for name in "gt", "dt":
        Path(sys.argv[1], name).mkdir(parents=True, exist_ok=True)
    with Pool() as pool:
        pool.map(pair, range(PAIRS))
