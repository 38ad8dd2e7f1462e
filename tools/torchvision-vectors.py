"""Writes what PyTorch and torchvision make of seeded inputs: recorded values that tests compare with.

python3 tools/torchvision-vectors.py [ROOT]

The stored files come from torchvision 0.14 and PyTorch 1.13 (Debian 12). Another version may differ
in the last digits; the tests (TorchvisionTest, RoiAlignTest, BicubicTableTest) say how much they
allow. Inputs are not stored: Seeded.java draws the same numbers.
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F
from torchvision import ops
from torchvision.models.detection import _utils, rpn

# Seeded.java ------------------------------------------------------------------------------------


def draws(seed):
    """Numbers in [0, 1) of 23 bits, by a linear congruential generator."""
    while True:
        seed = (seed * 1103515245 + 12345) % 2**31
        yield (seed >> 8) / 8388608


def numbers(count, seed, factor=1, offset=0):
    drawn = draws(seed)
    return torch.tensor([next(drawn) * factor + offset for _ in range(count)], dtype=torch.float32)


def boxes(count, seed):
    """Boxes of sides 4 to 40 in a square of 100: [count, 4]."""
    drawn = draws(seed)
    rows = []
    for _ in range(count):
        x, y = next(drawn) * 60, next(drawn) * 60
        rows.append([x, y, x + 4 + next(drawn) * 36, y + 4 + next(drawn) * 36])
    return torch.tensor(rows, dtype=torch.float32)


def waves(count, a, b):
    return torch.tensor([math.sin(a * i + b) for i in range(count)], dtype=torch.float32)


# What is recorded -------------------------------------------------------------------------------


def floats(tensor):
    return [float("%.7g" % v) for v in tensor.detach().flatten().tolist()]


def suppression():
    of_boxes, scores = boxes(60, 7), numbers(60, 11)
    classes = (3 * numbers(60, 13)).long()
    return {
        "one_class": ops.nms(of_boxes, scores, 0.3).tolist(),
        "three_classes": ops.batched_nms(of_boxes, scores, classes, 0.3).tolist(),
    }


def coding(weights):
    coder = _utils.BoxCoder(weights)
    from_boxes, deltas = boxes(6, 17), numbers(24, 23, 6, -3).reshape(6, 4)
    return {
        "encoded": floats(coder.encode_single(boxes(6, 19), from_boxes)),
        "decoded": floats(coder.decode_single(deltas, from_boxes)),
    }


def matching(low, high, keep_best):
    matcher = _utils.Matcher(high, low, allow_low_quality_matches=keep_best)
    return matcher(ops.box_iou(boxes(8, 31), boxes(200, 29))).tolist()


def proposals():
    """25 a level before suppression at 0.7, 30 after; levels end at 60, 90, 100; a side of 90."""
    anchors, deltas = boxes(100, 47), numbers(400, 59, 1, -0.5).reshape(100, 4)
    logits = numbers(100, 53, 6, -3)
    counts = {"training": 25, "testing": 25}, {"training": 30, "testing": 30}
    network = rpn.RegionProposalNetwork(None, None, 0.7, 0.3, 256, 0.5, *counts, 0.7).eval()
    moved = network.box_coder.decode(deltas, [anchors])[:, 0]
    kept, _ = network.filter_proposals(moved[None], logits[None], [(90, 90)], [60, 30, 10])
    return floats(kept[0])


def focal():
    logits = numbers(12, 37, 8, -4).requires_grad_()
    loss = ops.sigmoid_focal_loss(logits, (numbers(12, 41) > 0.6).float(), 0.25, 2, "sum")
    loss.backward()
    return {"sum": floats(loss)[0], "gradient": floats(logits.grad)}


def smooth_l1(beta):
    error = numbers(6, 43, 2, -1)
    return floats(F.smooth_l1_loss(error, torch.zeros(6), reduction="none", beta=beta))


def corners(distances):
    """Distances to left, top, right, bottom [4, cells] to boxes about the origin [cells, 4]."""
    left, top, right, bottom = distances
    return torch.stack([-left, -top, right, bottom], 1)


def giou():
    found = numbers(24, 61, 19, 1).reshape(4, 6).requires_grad_()
    truth = numbers(24, 67, 19, 1).reshape(4, 6)
    loss = ops.generalized_box_iou_loss(corners(found), corners(truth), "sum")
    loss.backward()
    return {"sum": floats(loss)[0], "gradient": floats(found.grad)}


def roi_align(samples):
    """Two maps of 3 × 9 × 9 at scale 1/4, four regions, 3 × 3 bins, aligned."""
    maps = waves(2 * 3 * 9 * 9, 0.37, 0.1).reshape(2, 3, 9, 9).requires_grad_()
    regions = torch.tensor(
        [
            [0, 3.3, 5.1, 40.2, 30.7],
            [1, 0, 0, 47.9, 35.5],
            [0, 20, 10, 23, 12.5],
            [1, -3, 4, 60, 50],
        ]
    )
    pooled = ops.roi_align(maps, regions, 3, 0.25, samples, aligned=True)
    weighted = (pooled * waves(pooled.numel(), 0.11, 0.7).reshape(pooled.shape)).sum()
    weighted.backward()
    return {"bins": floats(pooled), "weighted_sum": floats(weighted)[0], "gradient": floats(maps.grad)}


def bicubic(size):
    """A table of 3 × 3 cells of width 2, stored cell by cell, brought to size × size cells."""
    table = waves(18, 1.7, 0).reshape(1, 3, 3, 2).permute(0, 3, 1, 2)
    resized = F.interpolate(table, size=(size, size), mode="bicubic", align_corners=False)
    return floats(resized.permute(0, 2, 3, 1))


DETECTION = {
    "suppression": suppression,
    "proposal_coding": lambda: coding((1.0, 1.0, 1.0, 1.0)),
    "region_coding": lambda: coding((10.0, 10.0, 5.0, 5.0)),
    "proposal_matches": lambda: matching(0.3, 0.7, True),
    "region_matches": lambda: matching(0.5, 0.5, False),
    "proposals": proposals,
    "focal": focal,
    "smooth_l1": lambda: {"ninth": smooth_l1(1 / 9), "one": smooth_l1(1), "zero": smooth_l1(0)},
    "giou": giou,
    "roi_align": lambda: {"adaptive": roi_align(0), "two_samples": roi_align(2)},
}
BICUBIC = {"two": lambda: bicubic(2), "five": lambda: bicubic(5)}


def write(path, values):
    """One line a name, so that a difference shows what it is of."""
    lines = (f"{json.dumps(name)}: {json.dumps(make())}" for name, make in values.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(path)


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    resources = "src/test/resources/downstream"
    write(root / "detection" / resources / "detection/heads/torchvision.json", DETECTION)
    write(root / "eval" / resources / "eval/encoder/rewrite/bicubic.json", BICUBIC)


if __name__ == "__main__":
    main()
