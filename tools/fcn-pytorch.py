#!/usr/bin/python3
"""Images per second of a training step of ResNet-50 with the fcn head in PyTorch.

The network is that of `eval --task segmentation` with head fcn, 64 wide, and its auxiliary head: 4
images of 256 pixels that are ready in memory, 11 classes, norms of the encoder on running statistics
as the protocol's default for small batches has it, AdamW. docs/evidence/performance.md has the command, and
the speed of this project.
"""
import sys
import time

import torch
import torchvision
from torch import nn
from torch.nn import functional


def normed(channels, width):
    return nn.Sequential(nn.Conv2d(channels, width, 3, padding=1, bias=False), nn.BatchNorm2d(width), nn.ReLU())


class Segmenter(nn.Module):
    def __init__(self, classes, width):
        super().__init__()
        self.encoder = torchvision.models.resnet50(weights=None)
        self.head = nn.Sequential(normed(2048, width), normed(width, width), nn.Conv2d(width, classes, 1))
        self.auxiliary = nn.Sequential(normed(1024, width), nn.Conv2d(width, classes, 1))

    def forward(self, images, labels):
        e = self.encoder
        x = e.maxpool(e.relu(e.bn1(e.conv1(images))))
        c4 = e.layer3(e.layer2(e.layer1(x)))
        return self.loss(self.head(e.layer4(c4)), labels) + 0.4 * self.loss(self.auxiliary(c4), labels)

    @staticmethod
    def loss(logits, labels):
        large = functional.interpolate(logits, labels.shape[1:], mode="bilinear", align_corners=False)
        return functional.cross_entropy(large, labels, ignore_index=255)


def main():
    rounds, steps = (int(a) for a in (sys.argv[1:] + ["3", "4"])[:2])
    torch.manual_seed(0)
    torch.set_num_threads(2)
    model = Segmenter(11, 64)
    for module in model.encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    adam = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.05)
    images = torch.randn(4, 3, 256, 256)
    labels = torch.randint(0, 11, (4, 256, 256))
    for round in range(rounds + 1):
        start = time.perf_counter()
        for _ in range(steps):
            adam.zero_grad()
            model(images, labels).backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1)
            adam.step()
        if round > 0:
            print(f"PyTorch {torch.__version__}: {4 * steps / (time.perf_counter() - start):.2f} images/s", flush=True)


main()
