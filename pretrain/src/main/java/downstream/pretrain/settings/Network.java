package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import downstream.eval.Json;
import downstream.eval.encoder.SwinArchitecture;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.InitialWeights;
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
  /** A Swin Transformer for tests and small machines. */
  @JsonProperty("swin-micro")
  SWIN_MICRO,
  /** Swin-T (Liu et al., 2021). */
  @JsonProperty("swin-tiny")
  SWIN_TINY,
  /** He et al., 2016. */
  @JsonProperty("resnet18")
  RESNET_18,
  /** He et al., 2016, stride in the 3×3 convolution. */
  @JsonProperty("resnet50")
  RESNET_50;

  /** The name in files of settings. */
  @Override
  public String toString() {
    return Json.MAPPER.valueToTree(this).asText();
  }

  /** Tells whether the network is a plain Vision Transformer. */
  boolean isVit() {
    return switch (this) {
      case VIT_MICRO, VIT_TINY, VIT_SMALL, VIT_BASE -> true;
      case SWIN_MICRO, SWIN_TINY, RESNET_18, RESNET_50 -> false;
    };
  }

  /** Tells whether the network is a Vision Transformer or a Swin Transformer. */
  boolean isTransformer() {
    return isVit() || isSwin();
  }

  /** The way in which its random weights are drawn unless another is set. */
  InitialWeights own() {
    if (isSwin()) {
      return InitialWeights.TIMM;
    }
    return isVit() ? InitialWeights.MAE : InitialWeights.ZERO_LAST_NORM;
  }

  boolean isSwin() {
    return this == SWIN_MICRO || this == SWIN_TINY;
  }

  /**
   * The Swin Transformer at its own width.
   *
   * @throws IllegalStateException if it is none
   */
  SwinArchitecture swin(int imageSize) {
    return switch (this) {
      case SWIN_MICRO -> SwinArchitecture.micro(imageSize);
      case SWIN_TINY -> SwinArchitecture.tiny(imageSize);
      default -> throw new IllegalStateException(this + " is not a Swin Transformer");
    };
  }

  /**
   * The transformer at its own size.
   *
   * @throws IllegalStateException if it is none
   */
  VitArchitecture vit(int imageSize, int patch) {
    return switch (this) {
      case VIT_MICRO -> VitArchitecture.micro(imageSize, patch);
      case VIT_TINY -> VitArchitecture.tiny(imageSize, patch);
      case VIT_SMALL -> VitArchitecture.small(imageSize, patch);
      case VIT_BASE -> VitArchitecture.base(imageSize, patch);
      default -> throw new IllegalStateException(this + " is not a Vision Transformer");
    };
  }

  /**
   * The ResNet at its own width.
   *
   * @throws IllegalStateException if it is none
   */
  ResNet resNet() {
    return switch (this) {
      case RESNET_18 -> ResNet.eighteen();
      case RESNET_50 -> ResNet.fifty();
      default -> throw new IllegalStateException(this + " is not a ResNet");
    };
  }
}
