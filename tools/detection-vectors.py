"""Writes the reference values of detection's self-test anew, by pycocotools and VOC's devkit.

python3 tools/detection-vectors.py [FILE]

Needs numpy and pycocotools 2.0.11. The cases themselves (ground truth, results, polygons) are read from FILE, by default
selftest/detection.json of the module's resources; what is recorded of them is worked out again, and FILE is written in place:

- coco: the twelve metrics of COCOeval and the AP of each category;
- masks: the RLE of polygons, its area and its box, by pycocotools.mask;
- voc: AP of the rules of 2007 and 2012, by a plain port of the devkit, over Detectron2's ten thresholds.

A last line says how many values moved, and by how much at most.
"""

import contextlib
import copy
import io
import json
import math
import pathlib
import sys

import numpy as np
from pycocotools import mask
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

HOME = pathlib.Path(__file__).parent.parent
BUNDLED = HOME / "detection/src/main/resources/selftest/detection.json"
METRICS = ["AP", "AP50", "AP75", "APs", "APm", "APl", "AR1", "AR10", "AR100", "ARs", "ARm", "ARl"]


def known(value):
    """pycocotools writes -1 where there is nothing to average."""
    return None if value == -1 else float(value)


def mean(values):
    values = values[values > -1]
    return float(np.mean(values)) if values.size else None


def coco(case):
    # pycocotools changes what it is given.
    case = copy.deepcopy(case)
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = case["ground_truth"]
        truth.createIndex()
        evaluation = COCOeval(truth, truth.loadRes(case["results"]), case["iou"])
        evaluation.params.useCats = 0 if case["class_agnostic"] else 1
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    # [threshold, recall, category, area, limit of detections]
    precision = evaluation.eval["precision"]
    names = {} if case["class_agnostic"] else {c["id"]: c["name"] for c in truth.dataset["categories"]}
    return {
        "expected": dict(zip(METRICS, map(known, evaluation.stats))),
        "per_class": {
            names[id]: mean(precision[:, :, k, 0, 2]) for k, id in enumerate(evaluation.params.catIds) if id in names
        },
    }


def polygons(case):
    merged = mask.merge(mask.frPyObjects(case["polygons"], case["height"], case["width"]))
    return {
        "counts": merged["counts"].decode("ascii"),
        "area": int(mask.area(merged)),
        "box": [float(v) for v in mask.toBbox(merged)],
    }


def corners(box):
    """First and last pixel of a box, numbered from 1, as in VOC's files."""
    x, y, width, height = box
    return x + 1, y + 1, x + width, y + height


def overlap(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0]) + 1
    height = min(a[3], b[3]) - max(a[1], b[1]) + 1
    if width <= 0 or height <= 0:
        return 0.0
    both = width * height
    areas = [(box[2] - box[0] + 1) * (box[3] - box[1] + 1) for box in (a, b)]
    return both / (areas[0] + areas[1] - both)


def voc_ap(recall, precision, eleven_points):
    """VOCap.m of the devkit of 2012, and the eleven points of 2007."""
    if eleven_points:
        points = [i * 0.1 for i in range(11)]
        return sum(max((p for r, p in zip(recall, precision) if r >= point), default=0) / 11 for point in points)
    recall = [0, *recall, 1]
    precision = [0, *precision, 0]
    for i in range(len(precision) - 2, -1, -1):
        precision[i] = max(precision[i], precision[i + 1])
    return sum((recall[i] - recall[i - 1]) * precision[i] for i in range(1, len(recall)))


def voc_class(truth, found, threshold, eleven_points):
    """VOCevaldet.m; None without an object that counts."""
    positives = sum(not t["difficult"] for t in truth)
    if not positives:
        return None
    taken = set()
    hits = misses = 0
    recall, precision = [], []
    for detection in sorted(found, key=lambda d: -d["score"]):
        best, most = None, -math.inf
        for t in truth:
            if t["image_id"] == detection["image_id"]:
                share = overlap(corners(detection["bbox"]), corners(t["bbox"]))
                if share > most:
                    best, most = t, share
        if most > threshold:
            if not best["difficult"]:
                hit = best["id"] not in taken
                taken.add(best["id"])
                hits += hit
                misses += not hit
        else:
            misses += 1
        recall.append(hits / positives)
        precision.append(hits / max(hits + misses, sys.float_info.epsilon))
    return voc_ap(recall, precision, eleven_points)


def voc(case):
    def rule(eleven_points):
        rows = []
        for category in case["ground_truth"]["categories"]:
            truth, found = (
                [row for row in rows if row["category_id"] == category["id"]]
                for rows in (case["ground_truth"]["annotations"], case["results"])
            )
            row = [voc_class(truth, found, (50 + 5 * i) / 100, eleven_points) for i in range(10)]
            if None not in row:
                rows.append(row)
        by_threshold = np.mean(np.array(rows), axis=0)
        return {"AP": float(np.mean(by_threshold)), "AP50": float(by_threshold[0]), "AP75": float(by_threshold[5])}

    return {"expected": {"voc07": rule(True), "voc12": rule(False)}}


def values(tree, path=()):
    """Leaves of recorded values by their path."""
    if isinstance(tree, (dict, list)):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from values(value, (*path, key))
    else:
        yield path, tree


def distance(before, after):
    if before == after:
        return 0.0
    numbers = isinstance(before, (int, float)) and isinstance(after, (int, float))
    return abs(before - after) if numbers else math.inf


def main(file):
    kinds = json.loads(file.read_text("utf-8"))
    distances = []
    for kind, record in ("coco", coco), ("masks", polygons), ("voc", voc):
        for case in kinds[kind]:
            recorded = record(case)
            before = dict(values({key: case.get(key) for key in recorded}))
            after = dict(values(recorded))
            for path in before.keys() | after.keys():
                distances.append(distance(before.get(path), after.get(path)))
                if distances[-1] > 1e-12:
                    print(kind, case["name"], path, before.get(path), after.get(path))
            case.update(recorded)
    lines = (
        f'"{kind}": [\n' + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]"
        for kind, cases in kinds.items()
    )
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
    moved = sum(d > 0 for d in distances)
    print(f"{len(distances)} values of {sum(map(len, kinds.values()))} cases; {moved} moved, by {max(distances):.3g} at most")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else BUNDLED)
