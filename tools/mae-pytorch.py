#!/usr/bin/python3
"""Images per second of MAE's training step in PyTorch, on views that are ready in memory.

The network is that of `downstream pretrain mae` at preset small: ViT-micro on 64 pixels with
patches of 8, a decoder of two blocks 64 wide, three quarters of the tokens removed, AdamW.
docs/evidence/performance.md has the command, and the speed of this project.
"""
import sys
import time

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width, eps=1e-6)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        n, t, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).reshape(n, t, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) * (d // self.heads) ** -0.5).softmax(-1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(n, t, d))
        return x + self.mlp(self.norm2(x))


class Autoencoder(nn.Module):
    def __init__(self, size, patch, width, depth, heads, decoder, decoder_depth, decoder_heads):
        super().__init__()
        self.patch = patch
        tokens = (size // patch) ** 2
        self.embed = nn.Conv2d(3, width, patch, patch)
        self.register_buffer("positions", torch.randn(1, tokens, width))
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width, eps=1e-6)
        self.narrow = nn.Linear(width, decoder)
        self.mask_token = nn.Parameter(torch.zeros(1, 1, decoder))
        self.register_buffer("decoder_positions", torch.randn(1, tokens, decoder))
        self.decoder = nn.Sequential(
            *[Block(decoder, decoder_heads) for _ in range(decoder_depth)],
            nn.LayerNorm(decoder, eps=1e-6), nn.Linear(decoder, 3 * patch * patch))

    def forward(self, images):
        n, p = images.shape[0], self.patch
        x = self.embed(images).flatten(2).transpose(1, 2) + self.positions
        tokens, width = x.shape[1:]
        order = torch.rand(n, tokens).argsort(1)
        restore = order.argsort(1)
        kept = order[:, : tokens // 4]
        x = x.gather(1, kept.unsqueeze(2).expand(-1, -1, width))
        x = self.narrow(self.norm(self.blocks(x)))
        x = torch.cat([x, self.mask_token.expand(n, tokens - x.shape[1], -1)], 1)
        x = x.gather(1, restore.unsqueeze(2).expand(-1, -1, x.shape[2])) + self.decoder_positions
        g = images.shape[2] // p
        target = images.reshape(n, 3, g, p, g, p).permute(0, 2, 4, 3, 5, 1).reshape(n, tokens, -1)
        target = (target - target.mean(2, True)) / (target.var(2, keepdim=True) + 1e-6).sqrt()
        removed = (restore >= tokens // 4).float()
        return (((self.decoder(x) - target) ** 2).mean(2) * removed).sum() / removed.sum()


def main():
    batch, steps = 64, int(sys.argv[1]) if len(sys.argv) > 1 else 60
    torch.manual_seed(0)
    torch.set_num_threads(2)
    model = Autoencoder(64, 8, 96, 4, 3, 64, 2, 4)
    adam = torch.optim.AdamW(model.parameters(), lr=1e-3, betas=(0.9, 0.95), weight_decay=0.05)
    images = torch.randn(batch, 3, 64, 64)
    for step in range(steps + 10):
        if step == 10:
            start = time.perf_counter()
        adam.zero_grad()
        model(images).backward()
        adam.step()
    seconds = time.perf_counter() - start
    print(f"PyTorch {torch.__version__}: {batch * steps / seconds:.0f} images/s")


main()
