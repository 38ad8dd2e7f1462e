"""Writes goldens.json: what torchvision 0.14 makes of a small image.

python3 goldens.py > goldens.json
"""

import json

import numpy as np
import torch
from PIL import Image, ImageFilter
from torchvision.transforms import functional as F
from torchvision.transforms.functional import InterpolationMode as Mode

WIDTH, HEIGHT, SIZE = 14, 11, 6
pixels = np.random.RandomState(7).randint(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)
image = torch.from_numpy(pixels).permute(2, 0, 1).float() / 255
LEFT, TOP, CROP_WIDTH, CROP_HEIGHT = 2, 1, 11, 9


def crop(mode, size, antialias):
    return F.resized_crop(image, TOP, LEFT, CROP_HEIGHT, CROP_WIDTH, [size, size], mode, antialias=antialias)


def flat(tensor):
    return [round(float(v), 6) for v in tensor.clamp(0, 1).flatten()]


base = crop(Mode.BILINEAR, SIZE, True)
soft = Image.fromarray(pixels).resize((16, 16), Image.BICUBIC)
results = {
    "bilinear": flat(base),
    "bicubic": flat(crop(Mode.BICUBIC, SIZE, True)),
    "bilinear enlarged": flat(crop(Mode.BILINEAR, 16, True)),
    "bicubic enlarged": flat(crop(Mode.BICUBIC, 16, True)),
    "brightness 1.3": flat(F.adjust_brightness(base, 1.3)),
    "contrast 0.7": flat(F.adjust_contrast(base, 0.7)),
    "contrast 1.4": flat(F.adjust_contrast(base, 1.4)),
    "saturation 0.6": flat(F.adjust_saturation(base, 0.6)),
    "saturation 1.4": flat(F.adjust_saturation(base, 1.4)),
    "hue 0.1": flat(F.adjust_hue(base, 0.1)),
    "hue -0.08": flat(F.adjust_hue(base, -0.08)),
    "grey": flat(F.rgb_to_grayscale(base, 3)),
}
blurs = {
    str(sigma): np.asarray(soft.filter(ImageFilter.GaussianBlur(sigma))).flatten().tolist()
    for sigma in (0.1, 0.6, 1.2, 2.0)
}
print(
    json.dumps(
        {
            "width": WIDTH,
            "height": HEIGHT,
            "size": SIZE,
            "crop": [LEFT, TOP, CROP_WIDTH, CROP_HEIGHT],
            "pixels": pixels.flatten().tolist(),
            "results": results,
            "soft": np.asarray(soft).flatten().tolist(),
            "blurs": blurs,
        }
    )
)
