"""Writes the reference values of segmentation's self-test (numpy is all it needs; never run by the build).

python3 reference-cases.py > ../../../../../main/resources/selftest/segmentation.json

Every value is computed here in exact fractions, class by class from boolean masks, by the rules of
docs/reference/segmentation-metrics.md. Small cases also state values computed by hand, with the arithmetic in words ('why');
the script stops if its own values are not those.
"""

import json
import sys
from fractions import Fraction as F

import numpy as np

IGNORE = 255


def ratio(numerator, denominator):
    return None if denominator == 0 else F(int(numerator), int(denominator))


def mean(values):
    values = [v for v in values if v is not None]
    return sum(values, F(0)) / len(values) if values else None


def reach(shape):
    # Python rounds halves to even, as numpy's and Java's rint do.
    return max(1, int(round(0.02 * float(np.hypot(*map(float, shape))))))


def eroded(image, times):
    """The minimum over 3x3, so many times over, with 0 outside."""
    for _ in range(times):
        h, w = image.shape
        padded = np.pad(image, 1)
        image = np.min([padded[y : y + h, x : x + w] for y in range(3) for x in range(3)], axis=0)
    return image


def outline(mask):
    return mask & (eroded(mask.astype(int), reach(mask.shape)) == 0)


def without_erosion(labels):
    return labels - eroded(labels, reach(labels.shape))


class OfClass:
    """Pixels of one class over a set, from pairs of boolean masks."""

    def __init__(self, pairs):
        self.truth = sum(int(t.sum()) for t, _ in pairs)
        self.predicted = sum(int(p.sum()) for _, p in pairs)
        self.hits = sum(int((t & p).sum()) for t, p in pairs)
        self.union = sum(int((t | p).sum()) for t, p in pairs)
        self.iou = ratio(self.hits, self.union)
        self.accuracy = ratio(self.hits, self.truth)
        self.dice = ratio(2 * self.hits, self.truth + self.predicted)


def semantic(classes, images):
    """The report of a set: images are pairs of arrays, ground truth and prediction."""
    valid = [t != IGNORE for t, _ in images]
    plain, outlines, differences = [], [], []
    for c in range(classes):
        masks = [(t == c, (p == c) & v) for (t, p), v in zip(images, valid)]
        plain.append(OfClass(masks))
        outlines.append(OfClass([(outline(t), outline(p)) for t, p in masks]))
    grey = [
        (
            without_erosion(np.where(v, t, classes)),
            # What is predicted where nothing is true may be no class at all.
            without_erosion(np.minimum(p, classes)),
        )
        for (t, p), v in zip(images, valid)
    ]
    for c in range(classes):
        known = [(t < classes) & (p < classes) for t, p in grey]
        differences.append(OfClass([((t == c) & k, (p == c) & k) for (t, p), k in zip(grey, known)]))

    pixels = sum(int(v.sum()) for v in valid)
    mmseg = mean(c.iou for c in plain)
    detectron2 = mean(c.iou for c in plain if c.truth)
    torchvision = mmseg if all(c.union for c in plain) else None
    m_acc = mean(c.accuracy for c in plain)
    a_acc = ratio(sum(c.hits for c in plain), pixels)
    weighted = [F(c.truth, pixels) * c.iou for c in plain if c.truth]
    fw_iou = sum(weighted, F(0)) if pixels else None
    m_dice = mean(c.dice for c in plain)
    of_detectron2 = {"mIoU": detectron2, "aAcc": a_acc, "mAcc": m_acc, "fwIoU": fw_iou}
    if classes < 255:
        of_detectron2["mBoundaryIoU"] = mean(c.iou for c in differences)
    common = {"mIoU": mmseg, "mAcc": m_acc, "aAcc": a_acc, "fwIoU": fw_iou, "mDice": m_dice}
    counts = {
        "images": len(images),
        "pixels": pixels,
        "ignored_pixels": sum(int((~v).sum()) for v in valid),
    }
    return {
        "run": {**common, "mIoU.detectron2": detectron2, "mIoU.torchvision": torchvision, **counts},
        "metrics": {
            **common,
            "mBoundaryIoU": mean(c.iou for c in outlines),
            "conventions": {
                "mmseg": {"mIoU": mmseg, "aAcc": a_acc, "mAcc": m_acc, "mDice": m_dice},
                "detectron2": of_detectron2,
                "torchvision": {"mIoU": torchvision, "aAcc": a_acc},
            },
        },
        "per_class": {
            str(i): {
                "IoU": c.iou,
                "Acc": c.accuracy,
                "Dice": c.dice,
                "ground_truth_pixels": c.truth,
                "predicted_pixels": c.predicted,
                "BoundaryIoU": outlines[i].iou,
            }
            for i, c in enumerate(plain)
        },
        "confusion": [
            [sum(int(((t == a) & (p == b)).sum()) for t, p in images) for b in range(classes)]
            for a in range(classes)
        ],
        "counts": counts,
    }


def panoptic(things, stuff, images):
    """The report of a set: images are (ground-truth ids, {id: (class, crowd)}, predicted ids, {id: class})."""
    counts = {c: {"iou": F(0), "TP": 0, "FP": 0, "FN": 0} for c in things + stuff}
    for truth, true_segments, predicted, predicted_segments in images:
        matched_truth, matched = set(), set()
        for t, (category, crowd) in true_segments.items():
            for p, predicted_category in predicted_segments.items():
                true_mask, mask = truth == t, (predicted == p)
                union = (true_mask | (mask & (truth != 0))).sum()
                iou = F(int((true_mask & mask).sum()), int(union))
                if not crowd and category == predicted_category and iou > F(1, 2):
                    counts[category]["TP"] += 1
                    counts[category]["iou"] += iou
                    matched_truth.add(t)
                    matched.add(p)
        for t, (category, crowd) in true_segments.items():
            counts[category]["FN"] += 0 if crowd or t in matched_truth else 1
        for p, category in predicted_segments.items():
            crowds = [t for t, (c, crowd) in true_segments.items() if crowd and c == category]
            excusing = (truth == 0) | ((truth == crowds[-1]) if crowds else False)
            mask = predicted == p
            excused = F(int((mask & excusing).sum()), int(mask.sum())) > F(1, 2)
            counts[category]["FP"] += 0 if p in matched or excused else 1
    per_class = {}
    for c, n in counts.items():
        denominator = n["TP"] + F(n["FP"], 2) + F(n["FN"], 2)
        met = denominator > 0
        per_class[c] = {
            "PQ": n["iou"] / denominator if met else None,
            "SQ": (n["iou"] / n["TP"] if n["TP"] else F(0)) if met else None,
            "RQ": n["TP"] / denominator if met else None,
            "TP": n["TP"],
            "FP": n["FP"],
            "FN": n["FN"],
        }
    metrics = {}
    for suffix, group in (("", things + stuff), (".things", things), (".stuff", stuff)):
        for name in ("PQ", "SQ", "RQ"):
            metrics[name + suffix] = mean(per_class[c][name] for c in group)
    return {"metrics": metrics, "per_class": {str(c): per_class[c] for c in sorted(per_class)}}


def at(tree, path):
    for key in path.split("/"):
        tree = tree[key]
    return tree


def agree(name, report, stated):
    for path, value in stated.items():
        found = at(report, path)
        wanted = None if value is None else F(value)
        if found != wanted:
            sys.exit(f"{name}: {path} is {found}, by hand {value}")


MAPS, PANOPTIC = [], []


def arrays(rows_or_array):
    return np.array(rows_or_array, dtype=int)


def maps(name, why, classes, images, stated=None, leave_out=()):
    images = [(arrays(t), arrays(p)) for t, p in images]
    report = semantic(classes, images)
    agree(name, report, stated or {})
    MAPS.append(
        {
            "name": name,
            "why": why,
            "classes": classes,
            "images": [{"ground_truth": t.tolist(), "prediction": p.tolist()} for t, p in images],
            "expected": {k: v for k, v in report.items() if k not in leave_out},
        }
    )


def segments(name, why, images, stated=None, things=(1, 2), stuff=(3,)):
    """Images are (ground-truth rows, {id: class or (class, 'crowd')}, predicted rows, {id: class})."""
    exact, written = [], []
    for truth, true_classes, predicted, predicted_classes in images:
        known = {t: (c if isinstance(c, tuple) else (c, None)) for t, c in true_classes.items()}
        known = {t: (c, bool(crowd)) for t, (c, crowd) in known.items()}
        truth, predicted = arrays(truth), arrays(predicted)
        exact.append((truth, known, predicted, predicted_classes))
        written.append(
            {
                "ground_truth": truth.tolist(),
                "ground_truth_segments": [
                    {"id": t, "class": c, "crowd": crowd} for t, (c, crowd) in known.items()
                ],
                "prediction": predicted.tolist(),
                "predicted_segments": [{"id": p, "class": c} for p, c in predicted_classes.items()],
            }
        )
    report = panoptic(list(things), list(stuff), exact)
    agree(name, report, stated or {})
    report["per_class"] = [{"class": c, **metrics} for c, metrics in report["per_class"].items()]
    PANOPTIC.append(
        {
            "name": name,
            "why": why,
            "things": list(things),
            "stuff": list(stuff),
            "images": written,
            "expected": report,
        }
    )


def by_hand():
    maps("one pixel, right", "1 of 1 for class 1; class 0 is nowhere and in no mean, so torchvision has none; a lone pixel is outline.",
         2, [([[1]], [[1]])],
         {"run/mIoU": 1, "run/mAcc": 1, "run/aAcc": 1, "run/fwIoU": 1, "run/mDice": 1, "run/mIoU.torchvision": None,
          "per_class/0/IoU": None, "per_class/0/Dice": None, "per_class/1/IoU": 1, "metrics/mBoundaryIoU": 1})
    maps("one pixel, wrong", "0 of 1 for both classes; only class 0 has ground truth, so mAcc is its 0/1.",
         2, [([[0]], [[1]])],
         {"run/mIoU": 0, "run/mIoU.detectron2": 0, "run/mIoU.torchvision": 0, "run/mAcc": 0, "run/aAcc": 0, "run/fwIoU": 0,
          "run/mDice": 0, "per_class/1/IoU": 0, "per_class/1/Acc": None, "metrics/mBoundaryIoU": 0})
    maps("one pixel, ignored", "Nothing counts: no metric exists, none is 0.",
         2, [([[255]], [[1]])],
         {"run/mIoU": None, "run/mAcc": None, "run/aAcc": None, "run/fwIoU": None, "run/mDice": None,
          "metrics/mBoundaryIoU": None, "counts/pixels": 0, "counts/ignored_pixels": 1})
    maps("one class alone", "All right, with one class: every metric is 1.",
         1, [([[0, 0], [0, 255]], [[0, 0], [0, 0]])],
         {"run/mIoU": 1, "run/mIoU.torchvision": 1, "run/fwIoU": 1, "run/mDice": 1, "metrics/mBoundaryIoU": 1})
    maps("everything right", "Every class is predicted where it is true: all metrics are 1.",
         3, [([[0, 1], [2, 2]], [[0, 1], [2, 2]])],
         {"run/mIoU": 1, "run/mAcc": 1, "run/aAcc": 1, "run/fwIoU": 1, "run/mDice": 1, "run/mIoU.detectron2": 1,
          "run/mIoU.torchvision": 1, "metrics/mBoundaryIoU": 1, "metrics/conventions/detectron2/mBoundaryIoU": 1})
    maps("everything wrong", "Two classes change places: no hit, every metric is 0 and none is undefined.",
         2, [([[0, 0], [1, 1]], [[1, 1], [0, 0]])],
         {"run/mIoU": 0, "run/mAcc": 0, "run/aAcc": 0, "run/fwIoU": 0, "run/mDice": 0, "run/mIoU.detectron2": 0,
          "run/mIoU.torchvision": 0, "metrics/mBoundaryIoU": 0})
    maps("ignored pixels, class 2 nowhere else", "Class 2 is predicted only where the ground truth is ignored: it is nowhere, and 2 of 2 pixels are right.",
         3, [([[0, 1], [255, 255]], [[0, 1], [2, 0]])],
         {"run/mIoU": 1, "run/mAcc": 1, "run/aAcc": 1, "run/mDice": 1, "run/mIoU.detectron2": 1, "run/fwIoU": 1,
          "run/mIoU.torchvision": None, "per_class/2/IoU": None, "per_class/2/predicted_pixels": 0})
    maps("ignored pixels, prediction no class", "What is predicted on ignored pixels may be no class at all: 1, 9 and 255 lie there and are dropped.",
         2, [([[0, 255, 255, 255, 1]], [[0, 1, 9, 255, 1]])],
         {"run/mIoU": 1, "run/aAcc": 1, "counts/ignored_pixels": 3, "counts/pixels": 2, "per_class/1/predicted_pixels": 1})
    maps("class predicted, never true", "Class 0: 1/2, class 1: 2/2, class 2: 0/1. mmseg counts the 0: 1.5/3 = 1/2; detectron2 does not: 1.5/2 = 3/4. "
         "mDice (2/3 + 1 + 0)/3 = 5/9. fwIoU 2/4 * 1/2 + 2/4 * 1 = 3/4.",
         3, [([[0, 0], [1, 1]], [[0, 2], [1, 1]])],
         {"run/mIoU": "1/2", "run/mIoU.detectron2": "3/4", "run/mIoU.torchvision": "1/2", "run/mAcc": "3/4", "run/aAcc": "3/4",
          "run/mDice": "5/9", "run/fwIoU": "3/4", "per_class/2/IoU": 0, "per_class/2/Acc": None})
    maps("classes neither true nor predicted", "Classes 2 and 3 are nowhere: left out by mmseg and detectron2, no mean at all in torchvision.",
         4, [([[0, 0], [1, 1]], [[0, 0], [1, 1]])],
         {"run/mIoU": 1, "run/mIoU.detectron2": 1, "run/mIoU.torchvision": None, "per_class/2/IoU": None, "per_class/3/Dice": None,
          "metrics/mBoundaryIoU": 1})
    maps("counts are summed before they are divided", "Confusion [[2,1],[1,4]] over two images: IoU 2/4 and 4/6, mean 7/12; Acc 2/3 and 4/5, mean 11/15; "
         "aAcc 6/8; Dice 4/6 and 8/10, mean 11/15; fwIoU 3/8 * 1/2 + 5/8 * 2/3 = 29/48. A mean of two images' IoUs would be another number.",
         2, [([[0, 0], [1, 1]], [[0, 0], [0, 1]]), ([[1, 1], [1, 0]], [[1, 1], [1, 1]])],
         {"run/mIoU": "7/12", "run/mAcc": "11/15", "run/aAcc": "3/4", "run/mDice": "11/15", "run/fwIoU": "29/48",
          "run/mIoU.detectron2": "7/12", "run/mIoU.torchvision": "7/12"})
    maps("class true, never predicted", "Class 0: 2/4, class 1: 0/2, both count everywhere: 1/4. mAcc (1 + 0)/2; mDice (4/6 + 0)/2 = 1/3; fwIoU 1/2 * 1/2.",
         2, [([[0, 0, 1, 1]], [[0, 0, 0, 0]])],
         {"run/mIoU": "1/4", "run/mIoU.detectron2": "1/4", "run/mIoU.torchvision": "1/4", "run/mAcc": "1/2", "run/aAcc": "1/2",
          "run/mDice": "1/3", "run/fwIoU": "1/4"})
    maps("one class of each kind", "Class 0 is true and predicted: 2/3; 1 only true: 0; 2 only predicted: 0; 3 nowhere. mmseg 2/3 / 3 = 2/9, detectron2 2/3 / 2 = 1/3, "
         "torchvision none. mAcc (2/3 + 0)/2 = 1/3; aAcc 2/4; fwIoU 3/4 * 2/3 = 1/2; mDice 4/5 / 3 = 4/15.",
         4, [([[0, 0, 0, 1]], [[0, 0, 2, 2]])],
         {"run/mIoU": "2/9", "run/mIoU.detectron2": "1/3", "run/mIoU.torchvision": None, "run/mAcc": "1/3", "run/aAcc": "1/2",
          "run/fwIoU": "1/2", "run/mDice": "4/15"})
    maps("a rare class", "9 of 10 pixels are class 0 and all are predicted so. IoU 9/10 and 0: mean 9/20; fwIoU 9/10 * 9/10 = 81/100; mDice 18/19 / 2 = 9/19; aAcc 9/10; mAcc 1/2.",
         2, [([[0] * 9 + [1]], [[0] * 10])],
         {"run/mIoU": "9/20", "run/fwIoU": "81/100", "run/mDice": "9/19", "run/aAcc": "9/10", "run/mAcc": "1/2"})
    maps("areas of eight pixels and their ends", "Eight pixels alike may be counted at once. Class 0: 8/9, class 1: 7/8, class 2: 1/1; mean (64 + 63 + 72)/72/3 = 199/216; aAcc 16/17.",
         3, [([[0] * 8 + [1] * 8 + [2]], [[0] * 8 + [1] * 7 + [0, 2]])],
         {"run/mIoU": "199/216", "run/aAcc": "16/17", "per_class/0/IoU": "8/9", "per_class/1/IoU": "7/8", "per_class/2/IoU": 1})
    maps("255 classes", "As many as a byte holds beside 255 for ignored. 0 to 199 are right; all above are predicted as 254, one of them rightly: 1/55. "
         "mIoU (200 + 1/55)/255, aAcc 201/255. In one row every pixel is outline; detectron2 has no boundary metric from 255 classes on.",
         255, [([list(range(256))], [list(range(200)) + [254] * 55 + [7]])],
         {"run/mIoU": F(200 * 55 + 1, 55 * 255), "run/aAcc": "201/255", "per_class/253/IoU": 0, "per_class/254/IoU": "1/55",
          "per_class/7/IoU": 1, "metrics/mBoundaryIoU": F(200 * 55 + 1, 55 * 255)}, ("confusion",))
    maps("254 classes", "The most that detectron2's boundary metric exists for: all right, all 1.",
         254, [([list(range(254)) + [255]], [list(range(254)) + [0]])],
         {"run/mIoU": 1, "metrics/conventions/detectron2/mBoundaryIoU": 1}, ("confusion", "per_class"))


def outlines_by_hand():
    hole = np.zeros((5, 5), int)
    hole[2, 2] = 1
    maps("outline: the border of the image and a hole", "5x5, reach 1. True outline of class 0: the frame, 16. Predicted: the frame and the 8 around the hole, 24. 16/24 = 2/3; class 1 0/1; "
         "mean 1/3. detectron2 takes labels minus their minimum: 1 in the hole, else 0: 24/25 and 0/1, mean 12/25.",
         2, [(np.zeros((5, 5), int), hole)],
         {"per_class/0/BoundaryIoU": "2/3", "per_class/1/BoundaryIoU": 0, "metrics/mBoundaryIoU": "1/3",
          "metrics/conventions/detectron2/mBoundaryIoU": "12/25", "per_class/0/IoU": "24/25"})
    ignored = np.where(hole == 1, 255, 0)
    maps("outline: ignored pixels are of no class in the prediction either", "The middle is ignored. All 24 others are outline, in the ground truth and, whatever is predicted in the middle, in the prediction: 24/24.",
         1, [(ignored, np.zeros((5, 5), int))], {"metrics/mBoundaryIoU": 1, "run/mIoU": 1})
    truth = np.repeat([[0, 0, 0, 1, 1, 1]], 5, axis=0)
    shifted = np.repeat([[0, 0, 0, 0, 1, 1]], 5, axis=0)
    maps("outline: an edge one pixel off", "5x6, reach 1. Class 0: true 5x3 has 15 - 3 = 12 outline pixels, predicted 5x4 20 - 6 = 14; both: column 0 (5) and the ends of columns 1 and 2 (4) = 9; "
         "9/(12 + 14 - 9) = 9/17. Class 1: 12 and 10; both: column 5 (5) and the ends of column 4 (2) = 7; 7/15. Mean 127/255. IoU 15/20 and 10/15, mean 17/24.",
         2, [(truth, shifted)],
         {"per_class/0/BoundaryIoU": "9/17", "per_class/1/BoundaryIoU": "7/15", "metrics/mBoundaryIoU": "127/255", "run/mIoU": "17/24"})
    for height, width, d, why in (
        (5, 74, 1, "diagonal 74.17, 2% is 1.48"),
        (5, 75, 2, "diagonal 75.17, 2% is 1.503"),
        (21, 72, 2, "diagonal exactly 75, 2% is 1.5"),
        (35, 120, 2, "diagonal exactly 125, 2% is 2.5, and halves go to the even number"),
    ):
        prediction = np.zeros((height, width), int)
        prediction[height // 2, width // 2] = 1
        n = height * width
        frame = n - (height - 2 * d) * (width - 2 * d)
        # Of the square around the wrong pixel only what the frame does not hold is new.
        added = min(2 * d + 1, height - 2 * d) * (2 * d + 1) - 1
        maps(f"outline: {height}x{width} reaches {d}",
             f"{why}: reach {d}. The frame has {n} - {height - 2 * d} * {width - 2 * d} = {frame} pixels; the wrong pixel in the middle adds {added} to the predicted outline: "
             f"{frame}/{frame + added}.",
             2, [(np.zeros((height, width), int), prediction)],
             {"per_class/0/BoundaryIoU": F(frame, frame + added), "per_class/1/BoundaryIoU": 0,
              "metrics/conventions/detectron2/mBoundaryIoU": F(n - 1, 2 * n)})


def panoptic_by_hand():
    segments("the example of torchmetrics' documentation", "Known from there, to four digits: PQ .5463, SQ .6111, RQ .6667. Class 8 here is class 0 there.",
             [([[600, 2, 600, 2], [2, 2, 600, 2], [2, 2, 600, 101], [2, 700, 101, 101], [2, 700, 700, 700]],
               {600: 6, 2: 8, 101: 1, 700: 7},
               [[600, 1, 600, 600], [1, 1, 600, 2], [1, 1, 600, 2], [1, 700, 600, 101], [1, 700, 700, 700]],
               {600: 6, 1: 8, 2: 8, 101: 1, 700: 7})], things=(8, 1), stuff=(6, 7))
    known = PANOPTIC[-1]["expected"]["metrics"]
    assert [round(float(known[m]), 4) for m in ("PQ", "SQ", "RQ")] == [0.5463, 0.6111, 0.6667], known
    segments("everything right", "Two things and stuff, each found: PQ, SQ and RQ are 1.",
             [([[1, 1, 2], [3, 3, 3]], {1: 1, 2: 2, 3: 3}, [[7, 7, 8], [9, 9, 9]], {7: 1, 8: 2, 9: 3})],
             {"metrics/PQ": 1, "metrics/PQ.things": 1, "metrics/PQ.stuff": 1, "per_class/1/TP": 1})
    segments("everything wrong", "Right outlines, wrong classes: a false and a missed segment for each class, 0 over 1/2 + 1/2.",
             [([[1, 2]], {1: 1, 2: 2}, [[1, 2]], {1: 2, 2: 1})],
             {"metrics/PQ": 0, "metrics/SQ": 0, "metrics/RQ": 0, "per_class/1/FP": 1, "per_class/1/FN": 1, "per_class/3/PQ": None})
    segments("one pixel", "One segment, found; the other classes are nowhere and in no mean.",
             [([[5]], {5: 3}, [[6]], {6: 3})],
             {"metrics/PQ": 1, "metrics/PQ.stuff": 1, "metrics/PQ.things": None, "per_class/1/PQ": None})
    segments("nothing labelled", "Neither ground truth nor prediction has a segment: no metric, not 0.",
             [([[0, 0]], {}, [[0, 0]], {})], {"metrics/PQ": None, "metrics/SQ": None, "metrics/RQ": None})
    segments("class true, never predicted", "Missed: 0 / (1/2) = 0.",
             [([[1, 1]], {1: 1}, [[0, 0]], {})], {"metrics/PQ": 0, "per_class/1/FN": 1, "per_class/1/FP": 0})
    segments("one class of each kind", "Class 1 found, class 2 false, class 3 missed: (1 + 0 + 0)/3.",
             [([[1, 1, 1, 3]], {1: 1, 3: 3}, [[1, 1, 1, 2]], {1: 1, 2: 2})],
             {"metrics/PQ": "1/3", "per_class/2/FP": 1, "per_class/2/PQ": 0, "per_class/3/FN": 1})
    segments("an overlap of exactly half", "1 of 2 pixels: IoU 1/2 is not above 1/2, so both are mistakes.",
             [([[1, 1]], {1: 1}, [[1, 2]], {1: 1, 2: 2})],
             {"metrics/PQ": 0, "per_class/1/TP": 0, "per_class/1/FP": 1, "per_class/1/FN": 1, "per_class/2/FP": 1})
    segments("an overlap just above half", "3 of 5 pixels: IoU 3/5. PQ 3/5, SQ 3/5, RQ 1.",
             [([[1, 1, 1, 1, 1]], {1: 1}, [[1, 1, 1, 0, 0]], {1: 1})],
             {"metrics/PQ": "3/5", "metrics/SQ": "3/5", "metrics/RQ": 1})
    segments("unlabelled pixels are left out of the union", "4 of the prediction's 8 pixels are unlabelled: 4 / (8 + 4 - 4 - 4) = 1.",
             [([[1, 1, 1, 1, 0, 0, 0, 0]], {1: 1}, [[1, 1, 1, 1, 1, 1, 1, 1]], {1: 1})], {"metrics/PQ": 1, "per_class/1/TP": 1})
    segments("a crowd matches nothing", "The prediction covers a crowd of its class: neither right nor wrong.",
             [([[1, 1, 1]], {1: (1, "crowd")}, [[4, 4, 4]], {4: 1})],
             {"metrics/PQ": None, "per_class/1/TP": 0, "per_class/1/FP": 0, "per_class/1/FN": 0})
    segments("mostly on crowd and unlabelled pixels", "1 + 1 of 3 pixels, 2/3 > 1/2: no mistake. The thing of class 2 is missed.",
             [([[1, 0, 2]], {1: (1, "crowd"), 2: 2}, [[5, 5, 5]], {5: 1})],
             {"per_class/1/FP": 0, "per_class/2/FN": 1, "metrics/PQ": 0})
    segments("half on crowd and unlabelled pixels", "1 + 1 of 4 pixels are not more than half: a mistake.",
             [([[1, 0, 2, 2]], {1: (1, "crowd"), 2: 2}, [[5, 5, 5, 5]], {5: 1})], {"per_class/1/FP": 1, "per_class/1/PQ": 0})
    segments("a crowd of another class excuses nothing", "Class 2 predicted on a crowd of class 1: false.",
             [([[1, 1]], {1: (1, "crowd")}, [[5, 5]], {5: 2})], {"per_class/2/FP": 1, "metrics/PQ": 0})
    segments("two crowds of one class", "As in panopticapi the last counts: of the prediction 1 of 3 pixels is on it, so it is a mistake.",
             [([[1, 1, 2]], {1: (1, "crowd"), 2: (1, "crowd")}, [[5, 5, 5]], {5: 1})], {"per_class/1/FP": 1})
    segments("counts are summed before they are divided", "Class 1: IoU 1 in the first image; 3/4 and a false segment in the second: (1 + 3/4)/(2 + 1/2) = 7/10. A mean of images would be 3/4.",
             [([[1, 1]], {1: 1}, [[1, 1]], {1: 1}),
              ([[1, 1, 1, 1, 3, 3]], {1: 1, 3: 3}, [[1, 1, 1, 0, 3, 2]], {1: 1, 2: 1, 3: 3})],
             {"per_class/1/PQ": "7/10", "per_class/1/SQ": "7/8", "per_class/1/RQ": "4/5", "per_class/3/FN": 1, "per_class/3/FP": 1})
    segments("two instances of a class under one prediction", "The prediction of 4 pixels is 3/4 of the first thing and 1/4 of the second: one right (3/4), one missed: 3/4 / (1 + 1/2) = 1/2.",
             [([[1, 1, 1, 2]], {1: 1, 2: 1}, [[9, 9, 9, 9]], {9: 1})],
             {"metrics/PQ": "1/2", "metrics/SQ": "3/4", "metrics/RQ": "2/3"})
    segments("ids of three bytes", "Ids up to 256^3 - 1 stay apart.",
             [([[16777215, 65536, 256]], {16777215: 1, 65536: 2, 256: 3}, [[65536, 256, 16777215]], {65536: 1, 256: 2, 16777215: 3})],
             {"metrics/PQ": 1})


def blocks(random, shape, values, last=None):
    """Overlapping rectangles of random values, the last of a given one."""
    image = np.full(shape, values[0])
    for n in range(7):
        y, x = random.randint(shape[0]), random.randint(shape[1])
        bottom, right = random.randint(y, shape[0]) + 1, random.randint(x, shape[1]) + 1
        value = last if n == 6 and last is not None else values[random.randint(len(values))]
        image[y:bottom, x:right] = value
    return image


def worsened(random, image, values):
    """Some rectangles of another value, and the whole a pixel to the right."""
    other = np.roll(image, 1, axis=1)
    drawn = blocks(random, image.shape, values)
    return np.where(random.rand(*image.shape) < 0.1, drawn, other)


def at_random():
    for seed in range(10):
        random = np.random.RandomState(100 + seed)
        classes = 2 + seed % 5
        true_values = list(range(classes - (1 if seed % 3 == 0 else 0)))
        images = []
        for _ in range(1 + seed % 3):
            shape = (45, 60) if seed == 9 else (6 + random.randint(15), 6 + random.randint(19))
            truth = blocks(random, shape, true_values, IGNORE)
            shown = np.where(truth == IGNORE, random.randint(classes), truth)
            images.append((truth, worsened(random, shown, list(range(classes)))))
        maps(f"random {seed}", "Rectangles drawn at random, values by the script alone.", classes, images)
    for seed in range(6):
        random = np.random.RandomState(200 + seed)
        images = []
        for _ in range(1 + seed % 3):
            shape = (2 + random.randint(14), 2 + random.randint(16))
            truth = blocks(random, shape, [1, 2, 3, 4, 5, 6], 0)
            prediction = worsened(random, truth, [0, 1, 2, 3, 4, 5, 6])
            of = {1: 1, 2: 1, 3: 2, 4: 3, 5: (1, "crowd"), 6: (2, "crowd")}
            true_classes = {int(i): of[i] for i in np.unique(truth) if i}
            predicted = {1: 1, 2: 1, 3: 2, 4: 3, 5: 1, 6: 2}
            predicted = {int(i) + 10: predicted[i] for i in np.unique(prediction) if i}
            images.append((truth, true_classes, np.where(prediction == 0, 0, prediction + 10), predicted))
        segments(f"random {seed}", "Rectangles drawn at random, values by the script alone.", images)


def number(value):
    if isinstance(value, F):
        return float(value)
    raise TypeError(type(value))


def main():
    by_hand()
    outlines_by_hand()
    panoptic_by_hand()
    at_random()
    kinds = []
    for kind, cases in (("maps", MAPS), ("panoptic", PANOPTIC)):
        lines = ",\n".join(json.dumps(c, default=number, separators=(",", ":")) for c in cases)
        kinds.append(f'"{kind}": [\n{lines}\n]')
    print("{\n" + ",\n".join(kinds) + "\n}")


main()
