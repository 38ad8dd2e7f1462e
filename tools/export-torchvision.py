"""Exports torchvision networks with random weights to ONNX, opset 16, dynamic batch.

    python3 tools/export-torchvision.py FOLDER [NAME ...]

Debian's python3-torch and python3-torchvision will do.
"""

import sys

import torch
import torchvision

NAMES = [
    "resnet18",
    "resnet50",
    "mobilenet_v3_small",
    "convnext_tiny",
    "efficientnet_b0",
    "regnet_y_400mf",
    "squeezenet1_1",
    "shufflenet_v2_x0_5",
    "swin_t",
    "vit_b_16",
    "densenet121",
]

folder = sys.argv[1]
torch.manual_seed(0)
for name in sys.argv[2:] or NAMES:
    network = getattr(torchvision.models, name)(weights=None).eval()
    torch.onnx.export(
        network,
        torch.randn(1, 3, 224, 224),
        f"{folder}/{name}.onnx",
        opset_version=16,
        input_names=["images"],
        output_names=["logits"],
        dynamic_axes={"images": {0: "batch"}, "logits": {0: "batch"}},
    )
    print(name)
