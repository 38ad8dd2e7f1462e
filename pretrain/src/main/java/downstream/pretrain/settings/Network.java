package downstream.pretrain.settings;

import com.fasterxml.jackson.annotation.JsonValue;
import downstream.eval.encoder.SwinArchitecture;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.InitialWeights;
import downstream.eval.encoder.build.ResNet;

/** The architectures that can be pretrained, with their own sizes. */
public enum Network {
  /** A transformer for tests and small machines. */
  VIT_MICRO("vit-micro"),
  /** ViT-Ti (Touvron et al., 2021). */
  VIT_TINY("vit-tiny"),
  /** ViT-S (Touvron et al., 2021). */
  VIT_SMALL("vit-small"),
  /** ViT-B (Dosovitskiy et al., 2021). */
  VIT_BASE("vit-base"),
  /** A Swin Transformer for tests and small machines. */
  SWIN_MICRO("swin-micro"),
  /** Swin-T (Liu et al., 2021). */
  SWIN_TINY("swin-tiny"),
  /** He et al., 2016. */
  RESNET_18("resnet18"),
  /** He et al., 2016, stride in the 3×3 convolution. */
  RESNET_50("resnet50");

  private final String setting;

  Network(String setting) {
    this.setting = setting;
  }

  /** The name in files of settings. */
  @JsonValue
  @Override
  public String toString() {
    return setting;
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
