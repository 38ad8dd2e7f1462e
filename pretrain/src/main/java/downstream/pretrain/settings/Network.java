package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The architectures that can be pretrained, with their own sizes. */
public enum Network {
  /** A transformer for tests and small machines: width 96, 4 blocks, 3 heads. */
  @JsonProperty("vit-micro")
  VIT_MICRO(96, 4, 3),
  /** ViT-Ti (Touvron et al., 2021). */
  @JsonProperty("vit-tiny")
  VIT_TINY(192, 12, 3),
  /** ViT-S (Touvron et al., 2021). */
  @JsonProperty("vit-small")
  VIT_SMALL(384, 12, 6),
  /** ViT-B (Dosovitskiy et al., 2021). */
  @JsonProperty("vit-base")
  VIT_BASE(768, 12, 12),
  /** He et al., 2016; the width is that of the stem. */
  @JsonProperty("resnet18")
  RESNET_18(64, 18, 0),
  /** He et al., 2016, stride in the 3×3 convolution; the width is that of the stem. */
  @JsonProperty("resnet50")
  RESNET_50(64, 50, 0);

  private final int width;
  private final int depth;
  private final int heads;

  Network(int width, int depth, int heads) {
    this.width = width;
    this.depth = depth;
    this.heads = heads;
  }

  int width() {
    return width;
  }

  int depth() {
    return depth;
  }

  int heads() {
    return heads;
  }

  /** Tells whether the network is a Vision Transformer instead of a ResNet. */
  boolean isTransformer() {
    return heads > 0;
  }
}
