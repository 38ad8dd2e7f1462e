"""Writes update.json: one update of DINO's head by PyTorch.

python3 update.py > update.json

Scores, loss, clipping and update are written here from the equations of the paper and PyTorch's
own layers; the embeddings of crops are drawn.
"""

import json

import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(5)
torch.set_default_dtype(torch.float64)
IMAGES, CROPS, WIDTH, HIDDEN, BOTTLENECK, SCORES = 3, 4, 16, 5, 3, 6
STUDENT_TEMPERATURE, TEACHER_TEMPERATURE, MOMENTUM = 0.1, 0.05, 0.9
RATE, DECAY, CLIP = 0.01, 0.04, 0.5


class Head(nn.Module):
    def __init__(self):
        super().__init__()
        layers = [nn.Linear(WIDTH, HIDDEN), nn.GELU(), nn.Linear(HIDDEN, HIDDEN), nn.GELU()]
        self.mlp = nn.Sequential(*layers, nn.Linear(HIDDEN, BOTTLENECK))
        self.last = nn.utils.weight_norm(nn.Linear(BOTTLENECK, SCORES, bias=False))
        self.last.weight_g.data.fill_(1)
        self.last.weight_g.requires_grad = False

    def forward(self, rows):
        return self.last(F.normalize(self.mlp(rows), dim=-1))


def rounded(tensor):
    return [float("%.9g" % value) for value in tensor.detach().flatten()]


def weights(head):
    return [rounded(p) for name, p in head.named_parameters() if name != "last.weight_g"]


student, teacher = Head(), Head()
seen = torch.randn(IMAGES, CROPS, WIDTH)
large = torch.randn(IMAGES, 2, WIDTH)
centre = 0.1 * torch.randn(SCORES)
known = {
    "seen": rounded(seen),
    "large": rounded(large),
    "centre": rounded(centre),
    "student": weights(student),
    "teacher": weights(teacher),
}
with torch.no_grad():
    target = teacher(large)
    wanted = F.softmax((target - centre) / TEACHER_TEMPERATURE, dim=-1)
found = F.log_softmax(student(seen) / STUDENT_TEMPERATURE, dim=-1)
pairs = [(q, v) for q in range(2) for v in range(CROPS) if v != q]
loss = sum((-wanted[:, q] * found[:, v]).sum(-1).mean() for q, v in pairs) / len(pairs)
loss.backward()
trained = [p for p in student.parameters() if p.requires_grad]
norms = [float(p.grad.norm()) for p in trained]
for parameter in trained:
    nn.utils.clip_grad_norm_([parameter], CLIP)
torch.optim.AdamW(
    [
        {"params": [p for p in trained if p.dim() > 1], "weight_decay": DECAY},
        {"params": [p for p in trained if p.dim() < 2], "weight_decay": 0},
    ],
    lr=RATE,
).step()
known["loss"] = float(loss)
known["norms"] = norms
known["student_after"] = weights(student)
known["centre_after"] = rounded(
    MOMENTUM * centre + (1 - MOMENTUM) * target.mean(dim=(0, 1))
)
print(json.dumps(known))
