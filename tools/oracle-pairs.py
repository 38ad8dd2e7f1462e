#!/usr/bin/env python3
"""Writes pairs of two objects of one class, from the ground truth: the ceiling of what mining could find.

    tools/oracle-pairs.py INSTANCES PAIRS OUT

INSTANCES is the COCO file of the images that were mined, PAIRS a pairs.jsonl that `mine` wrote for them. OUT has
the ground-truth boxes as regions and, with up to ten images, every box's partner of its class. An encoder that
learned from it has seen labels: it is a diagnosis, never a result.
"""
import hashlib
import json
import random
import re
import sys

NEIGHBOURS = 10


def framed(sha, text):
    data = text.encode()
    sha.update(str(len(data)).encode() + b":" + data)


def boxes_by_image(instances):
    names = {image["id"]: image["file_name"] for image in instances["images"]}
    sizes = {image["file_name"]: (image["width"], image["height"]) for image in instances["images"]}
    found = {name: [] for name in names.values()}
    for annotation in instances["annotations"]:
        name = names[annotation["image_id"]]
        width, height = sizes[name]
        x, y, w, h = annotation["bbox"]
        left, top = max(0, int(x)), max(0, int(y))
        right, bottom = min(width, round(x + w)), min(height, round(y + h))
        if right - left >= 4 and bottom - top >= 4 and not annotation.get("iscrowd"):
            found[name].append(([left, top, right - left, bottom - top], annotation["category_id"]))
    return found


def main(instances_file, pairs_file, out_file):
    with open(instances_file, encoding="utf-8") as file:
        boxes = boxes_by_image(json.load(file))
    with open(pairs_file, encoding="utf-8") as file:
        header, *lines = file.read().splitlines()
    names = [json.loads(line)["image"] for line in lines]
    draw = random.Random(0)
    empty = re.sub(r'"digest":"[0-9a-f]*"', '"digest":""', header, count=1)
    sha = hashlib.sha256()
    framed(sha, empty)
    written = []
    for i, name in enumerate(names):
        own = boxes[name]
        if not own:
            sys.exit(f"{name} has no object of at least 4 pixels; leave it out of the mining")
        candidates = [j for j in range(len(names)) if j != i and boxes[names[j]]]
        draw.shuffle(candidates)
        neighbours, pairs = [], []
        for j in candidates:
            other = boxes[names[j]]
            found = []
            for k, (_, kind) in enumerate(own):
                same = [m for m, (_, theirs) in enumerate(other) if theirs == kind]
                if same:
                    found.append([k, draw.choice(same), 1.0])
            if found:
                neighbours.append([j, 1.0])
                pairs.append(found)
            if len(neighbours) == NEIGHBOURS:
                break
        line = json.dumps(
            {
                "image": name,
                "regions": [box for box, _ in own],
                "hubness": [0.0] * len(own),
                "neighbours": neighbours,
                "pairs": pairs,
            },
            separators=(",", ":"),
        )
        framed(sha, line)
        written.append(line)
    with open(out_file, "w", encoding="utf-8") as file:
        file.write("\n".join([empty.replace('"digest":""', f'"digest":"{sha.hexdigest()}"'), *written]) + "\n")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
