#!/usr/bin/python3
"""Writes losses and weights after one update in PyTorch: recorded values of ReferenceUpdateTest.

python3 tools/update-vectors.py [ROOT]

A ViT of one block on images of 8 and 4 pixels, four of them; one update of plain SGD at a rate of 1.
The stored file comes from PyTorch 1.13 (Debian 12), in double precision. Weights and images at the
start are not stored: ReferenceUpdateTest computes the same numbers.
"""

import json
import math
import pathlib
import sys

import torch
import torch.nn.functional as F

WIDTH, PATCH, HEADS, IMAGES = 8, 4, 2, 4

ENCODER = {
    "patch_embed.weight": (WIDTH, 3, PATCH, PATCH),
    "patch_embed.bias": (WIDTH,),
    "blocks.0.norm1.weight": (WIDTH,),
    "blocks.0.norm1.bias": (WIDTH,),
    "blocks.0.attention.qkv.bias": (3 * WIDTH,),
    "blocks.0.attention.qkv.weight": (WIDTH, 3 * WIDTH),
    "blocks.0.attention.out.bias": (WIDTH,),
    "blocks.0.attention.out.weight": (WIDTH, WIDTH),
    "blocks.0.norm2.weight": (WIDTH,),
    "blocks.0.norm2.bias": (WIDTH,),
    "blocks.0.mlp.fc1.bias": (4 * WIDTH,),
    "blocks.0.mlp.fc1.weight": (WIDTH, 4 * WIDTH),
    "blocks.0.mlp.fc2.bias": (WIDTH,),
    "blocks.0.mlp.fc2.weight": (4 * WIDTH, WIDTH),
    "norm.weight": (WIDTH,),
    "norm.bias": (WIDTH,),
}


def projector(hidden, out, last_bias):
    shapes = {
        "01Linear_weight": (hidden, WIDTH),
        "01Linear_bias": (hidden,),
        "02BatchNorm_gamma": (hidden,),
        "02BatchNorm_beta": (hidden,),
        "04Linear_weight": (out, hidden),
    }
    return {**shapes, "04Linear_bias": (out,)} if last_bias else shapes


def waves(count, number):
    """sin(0.7 i² + number), rounded to float32."""
    values = [math.sin(0.7 * i * i + number) for i in range(count)]
    return torch.tensor(values, dtype=torch.float32).double()


def weights(head, others):
    shapes = {"encoder." + name: shape for name, shape in ENCODER.items()}
    shapes.update({"projector." + name: shape for name, shape in head.items()})
    shapes.update(others)
    started = {}
    for number, (name, shape) in enumerate(shapes.items()):
        scale = "gamma" in name or ("norm" in name and name.endswith("weight"))
        values = 0.5 * waves(math.prod(shape), number) + (1 if scale else 0)
        started[name] = values.reshape(shape).requires_grad_()
    return started


def views(sides):
    """[N, 3, S, S] each."""
    return [
        torch.stack([
            waves(3 * side * side, 100 + 10 * image + view).reshape(3, side, side)
            for image in range(IMAGES)
        ])
        for view, side in enumerate(sides)
    ]


# The network ------------------------------------------------------------------------------------


def positions(grid):
    """MAE's table: columns in the first half of the channels, rows in the second."""
    rates = 10000 ** (-torch.arange(WIDTH // 4, dtype=torch.float64) / (WIDTH // 4))
    angles = torch.arange(grid, dtype=torch.float64)[:, None] * rates
    axis = torch.cat([angles.sin(), angles.cos()], 1)
    columns, rows = axis.repeat(grid, 1), axis.repeat_interleave(grid, 0)
    return torch.cat([columns, rows], 1)


def norm(w, name, x):
    return F.layer_norm(x, (WIDTH,), w[name + ".weight"], w[name + ".bias"], 1e-6)


def linear(w, name, x):
    return x @ w[name + ".weight"] + w[name + ".bias"]


def embedding(w, images):
    """The mean patch token: [N, 3, S, S] to [N, D]."""
    w = {name[len("encoder."):]: value for name, value in w.items() if name.startswith("encoder.")}
    patches = F.conv2d(images, w["patch_embed.weight"], w["patch_embed.bias"], stride=PATCH)
    x = patches.flatten(2).transpose(1, 2) + positions(images.shape[2] // PATCH)
    n, t, d = x.shape
    block = "blocks.0."
    qkv = linear(w, block + "attention.qkv", norm(w, block + "norm1", x))
    q, k, v = qkv.reshape(n, t, 3, HEADS, d // HEADS).permute(2, 0, 3, 1, 4)
    shares = (q @ k.transpose(-2, -1) / math.sqrt(d // HEADS)).softmax(-1)
    x = x + linear(w, block + "attention.out", (shares @ v).transpose(1, 2).reshape(n, t, d))
    hidden = F.gelu(linear(w, block + "mlp.fc1", norm(w, block + "norm2", x)))
    x = x + linear(w, block + "mlp.fc2", hidden)
    return norm(w, "norm", x).mean(1)


def projection(w, x):
    """Linear, batch norm, ReLU, linear, then rows of length 1."""
    head = {name[len("projector."):]: value for name, value in w.items()}
    x = F.linear(x, head["01Linear_weight"], head["01Linear_bias"])
    x = F.batch_norm(
        x, None, None, head["02BatchNorm_gamma"], head["02BatchNorm_beta"], training=True, eps=1e-5)
    return F.normalize(F.linear(x.relu(), head["04Linear_weight"], head.get("04Linear_bias")), dim=1)


# The methods ------------------------------------------------------------------------------------


def siamese(loss_of_pair, negatives):
    """Each image is paired with the next ones of its batch."""
    w = weights(projector(2 * WIDTH, 4, last_bias=False), {})
    a, b = [projection(w, embedding(w, view)) for view in views((8, 8))]
    pairs = [loss_of_pair(a, b, True)]
    pairs += [loss_of_pair(a, b.roll(-k, 0), False) for k in range(1, negatives + 1)]
    return w, torch.cat(pairs).mean()


def margin(a, b, similar):
    distance = (a - b).norm(dim=1)
    return distance**2 / 2 if similar else (1.5 - distance).clamp(min=0) ** 2 / 2


def cosine(a, b, similar):
    return ((a * b).sum(1) - (1 if similar else -1)) ** 2


def sinkhorn(scores):
    """SwAV's distributed_sinkhorn, on one device."""
    q = (scores / 0.05).exp().t()
    k, b = q.shape
    q = q / q.sum()
    for _ in range(3):
        q = q / q.sum(1, keepdim=True) / k
        q = q / q.sum(0, keepdim=True) / b
    return (q * b).t()


def swav():
    """Two large crops and a small one, three prototypes."""
    w = weights(projector(WIDTH, 4, last_bias=True), {"prototypes": (3, 4)})
    with torch.no_grad():
        w["prototypes"].copy_(F.normalize(w["prototypes"], dim=1))
    crops = views((8, 8, 4))
    embeddings = torch.cat([embedding(w, torch.cat(crops[:2])), embedding(w, crops[2])])
    scores = (projection(w, embeddings) @ w["prototypes"].t()).chunk(3)
    loss = 0
    for large in range(2):
        codes = sinkhorn(scores[large].detach())
        others = [crop for crop in range(3) if crop != large]
        terms = [-(codes * F.log_softmax(scores[crop] / 0.1, 1)).sum(1).mean() for crop in others]
        loss = loss + sum(terms) / len(terms)
    return w, loss / 2


def update(w, loss):
    loss.backward()
    after = {name: (value - value.grad).flatten().tolist() for name, value in w.items()}
    return {
        "loss": round(loss.item(), 7),
        "weights": {name: [round(v, 6) for v in values] for name, values in after.items()},
    }


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    file = root / "pretrain/src/test/resources/downstream/pretrain/method/contrast/updates.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    recorded = {
        "siamese_margin": update(*siamese(margin, 2)),
        "siamese_cosine": update(*siamese(cosine, 2)),
        "swav": update(*swav()),
    }
    lines = []
    for method, values in recorded.items():
        arrays = ",\n".join(f'  "{n}": {json.dumps(v)}' for n, v in values["weights"].items())
        lines.append(f'"{method}": {{"loss": {values["loss"]}, "weights": {{\n{arrays}\n}}}}')
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
