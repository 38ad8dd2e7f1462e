package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.ResNet;

/** The architectures that can be pretrained, with their own sizes. */
public enum Network {
  /** A transformer for tests and small machines. */
  @JsonProperty("vit-micro")
  VIT_MICRO,
  /** ViT-Ti (Touvron et al., 2021). */
  @JsonProperty("vit-tiny")
  VIT_TINY,
  /** ViT-S (Touvron et al., 2021). */
  @JsonProperty("vit-small")
  VIT_SMALL,
  /** ViT-B (Dosovitskiy et al., 2021). */
  @JsonProperty("vit-base")
  VIT_BASE,
  /** He et al., 2016. */
  @JsonProperty("resnet18")
  RESNET_18,
  /** He et al., 2016, stride in the 3×3 convolution. */
  @JsonProperty("resnet50")
  RESNET_50;

  /** Tells whether the network is a Vision Transformer instead of a ResNet. */
  boolean isTransformer() {
    return this != RESNET_18 && this != RESNET_50;
  }

  /**
   * The transformer at its own size.
   *
   * @throws IllegalStateException if it is a ResNet
   */
  VitArchitecture vit(int imageSize, int patch) {
    return switch (this) {
      case VIT_MICRO -> VitArchitecture.micro(imageSize, patch);
      case VIT_TINY -> VitArchitecture.tiny(imageSize, patch);
      case VIT_SMALL -> VitArchitecture.small(imageSize, patch);
      case VIT_BASE -> VitArchitecture.base(imageSize, patch);
      case RESNET_18, RESNET_50 -> throw new IllegalStateException(this + " is not a transformer");
    };
  }

  /**
   * The ResNet at its own width.
   *
   * @throws IllegalStateException if it is a transformer
   */
  ResNet resNet() {
    return switch (this) {
      case RESNET_18 -> ResNet.eighteen();
      case RESNET_50 -> ResNet.fifty();
      case VIT_MICRO, VIT_TINY, VIT_SMALL, VIT_BASE ->
          throw new IllegalStateException(this + " is not a ResNet");
    };
  }
}
