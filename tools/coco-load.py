"""Writes COCO ground truth and detections, to time an evaluator on: coco-load.py DIR [IMAGES].

Every image has about 7 boxes of 80 classes and 100 detections; after 5,000 images they begin
again under other ids, so that a large load is written as fast as a disk takes it.
"""
import json
import random
import sys

BLOCK = 5000


def near(rng, box):
    x, y, w, h = box
    return [x + rng.gauss(0, 0.1) * w, y + rng.gauss(0, 0.1) * h, max(2, rng.gauss(1, 0.1) * w), max(2, rng.gauss(1, 0.1) * h)]


def image(rng):
    objects = []
    for _ in range(rng.randint(1, 13)):
        w, h = 2 ** rng.uniform(3, 8.7), 2 ** rng.uniform(3, 8.5)
        objects.append((1 + min(79, int(rng.expovariate(0.06))), [rng.uniform(0, 640 - w), rng.uniform(0, 480 - h), w, h]))
    found = []
    for _ in range(100):
        category, box = rng.choice(objects)
        hit = rng.random() < 0.35
        score = min(0.9999, max(0.001, rng.gauss(0.6, 0.2))) if hit else 0.6 * rng.random() ** 3
        if not hit:
            category, box = rng.randint(1, 80), [rng.uniform(0, 500), rng.uniform(0, 400), rng.uniform(8, 140), rng.uniform(8, 80)]
        found.append((category, near(rng, box), score))
    rounded = lambda box: [round(v, 2) for v in box]
    detections = ", ".join(json.dumps(dict(image_id="@", category_id=c, bbox=rounded(b), score=round(s, 5))) for c, b, s in found)
    return [(c, rounded(b), round(0.7 * b[2] * b[3], 2), int(rng.random() < 0.01)) for c, b in objects], detections.replace('"@"', "@")


def main(folder, images):
    rng = random.Random(7)
    block = [image(rng) for _ in range(min(BLOCK, images))]
    number = 0
    with open(folder + "/gt.json", "w") as gt, open(folder + "/dt.json", "w") as dt:
        listed = [dict(id=i + 1, width=640, height=480, file_name="%012d.jpg" % (i + 1)) for i in range(images)]
        gt.write('{"images": %s, "categories": %s, "annotations": [' % (json.dumps(listed), json.dumps([dict(id=c, name="c%d" % c) for c in range(1, 81)])))
        dt.write("[")
        for i in range(images):
            objects, detections = block[i % BLOCK]
            dt.write((", " if i else "") + detections.replace("@", str(i + 1)))
            for category, box, area, crowd in objects:
                number += 1
                entry = dict(id=number, image_id=i + 1, category_id=category, bbox=box, area=area, iscrowd=crowd)
                gt.write((", " if number > 1 else "") + json.dumps(entry))
        gt.write("]}")
        dt.write("]")


main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else BLOCK)
