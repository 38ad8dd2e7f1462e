"""Predictions to time the scoring of runs on.

python3 tools/score-load.py SCENES FOLDER

SCENES is a folder of `data scenes`. Writes predictions.json.gz (100 boxes with masks an image, 60 near an object)
and predictions.zip (each label map is that of the next image) into FOLDER; tools/ScoringTimes.java reads them.
"""

import gzip
import json
import os
import random
import sys
import zipfile


def rle(height, width, x, y, w, h):
    """COCO's compressed text of a box's pixels, column by column."""
    left, top = max(0, int(x)), max(0, int(y))
    right, bottom = min(width, max(left + 1, int(x + w))), min(height, max(top + 1, int(y + h)))
    runs, position = [], 0
    if top == 0 and bottom == height:
        runs, position = [left * height, (right - left) * height], right * height
    else:
        for column in range(left, right):
            start = column * height + top
            runs += [start - position, bottom - top]
            position = start + bottom - top
    runs.append(height * width - position)
    text = ""
    for i, run in enumerate(runs):
        run -= runs[i - 2] if i > 2 else 0
        more = True
        while more:
            code = run & 0x1F
            run >>= 5
            more = run != (-1 if code & 0x10 else 0)
            text += chr((code | 0x20 if more else code) + 48)
    return text


def detections(truth, rng):
    objects = {}
    for annotation in truth["annotations"]:
        objects.setdefault(annotation["image_id"], []).append(annotation)
    categories = [category["id"] for category in truth["categories"]]
    for image in truth["images"]:
        width, height = image["width"], image["height"]
        near = objects.get(image["id"], [])
        for k in range(100):
            category = rng.choice(categories)
            if near and k < 60:
                known = rng.choice(near)
                category = known["category_id"] if rng.random() < 0.8 else category
                x, y, w, h = (side + rng.gauss(0, 4) for side in known["bbox"])
            else:
                x, y = rng.uniform(0, width - 20), rng.uniform(0, height - 20)
                w, h = rng.uniform(3, width - x), rng.uniform(3, height - y)
            x, y = min(max(0, x), width - 3), min(max(0, y), height - 3)
            box = [round(v, 2) for v in (x, y, max(2, min(width - x, w)), max(2, min(height - y, h)))]
            yield {
                "image_id": image["id"],
                "category_id": category,
                "bbox": box,
                "score": round(rng.random(), 6),
                "segmentation": {"size": [height, width], "counts": rle(height, width, *box)},
            }


def main(scenes, folder):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(scenes, "val", "instances.json")) as file:
        truth = json.load(file)
    with gzip.open(os.path.join(folder, "predictions.json.gz"), "wt") as file:
        json.dump(list(detections(truth, random.Random(1))), file)
    masks = os.path.join(scenes, "val", "masks")
    names = sorted(os.listdir(masks))
    with zipfile.ZipFile(os.path.join(folder, "predictions.zip"), "w") as archive:
        for i, name in enumerate(names):
            archive.write(os.path.join(masks, names[(i + 1) % len(names)]), name)


main(*sys.argv[1:])
