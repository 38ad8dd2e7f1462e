#!/usr/bin/python3
"""Images per second of a Mask R-CNN training step (ResNet-50, FPN) in torchvision.

Noise with six rectangles per image, random weights, batch norms over the batch, SGD: what
MaskRcnnBenchmark of module detection times in this project. Arguments: steps, side, images;
docs/evidence/performance.md has the commands.
"""
import random
import sys
import time

import torch
import torchvision

STEPS, SIDE, IMAGES = (int(argument) for argument in sys.argv[1:4])


def example():
    boxes, masks = [], []
    for _ in range(6):
        x, y = (random.uniform(0, SIDE * 0.6875) for _ in range(2))
        width, height = (random.uniform(SIDE * 0.075, SIDE * 0.3) for _ in range(2))
        mask = torch.zeros(SIDE, SIDE, dtype=torch.uint8)
        mask[int(y) : int(y + height), int(x) : int(x + width)] = 1
        boxes.append([x, y, x + width, y + height])
        masks.append(mask)
    target = {
        "boxes": torch.tensor(boxes),
        "labels": torch.randint(1, 4, (6,)),
        "masks": torch.stack(masks),
    }
    return torch.rand(3, SIDE, SIDE), target


def main():
    random.seed(0)
    torch.manual_seed(0)
    model = torchvision.models.detection.maskrcnn_resnet50_fpn(
        weights=None, weights_backbone=None, num_classes=4, min_size=SIDE, max_size=SIDE
    ).train()
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9, weight_decay=1e-4)
    batches = [[example() for _ in range(IMAGES)] for _ in range(4)]

    def step(index):
        images, targets = zip(*batches[index % 4])
        loss = sum(model(list(images), list(targets)).values())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        return loss.item()

    for index in range(2):
        step(index)
    began = time.perf_counter()
    for index in range(STEPS):
        step(index)
    seconds = (time.perf_counter() - began) / STEPS
    print(f"torchvision {IMAGES / seconds} images/s, {seconds} s")


main()
