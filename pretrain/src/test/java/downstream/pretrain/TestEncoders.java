package downstream.pretrain;

import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.Network;

/** The smallest encoders that methods can be tried on. */
public final class TestEncoders {
  /** 16 tokens of 4 × 4 pixels, 16 wide. */
  public static final EncoderSettings VIT = EncoderSettings.vit(16, 4, 16, 1, 2);

  /** The same with a class token. */
  public static final EncoderSettings VIT_WITH_CLASS_TOKEN =
      new EncoderSettings(Network.VIT_MICRO, 16, 4, 16, 1, 2, true, false);

  /** The same with RingMo's patch embedding. */
  public static final EncoderSettings VIT_WITH_PI_CONV =
      new EncoderSettings(Network.VIT_MICRO, 16, 4, 16, 1, 2, false, true);

  /** 32 px, 8 channels in the first stage, one cell in the last. */
  public static final EncoderSettings SWIN =
      new EncoderSettings(Network.SWIN_MICRO, 32, 4, 8, 0, 0, false, false);

  /** 32 px, 2 channels in the stem. */
  public static final EncoderSettings RESNET =
      new EncoderSettings(Network.RESNET_18, 32, 16, 2, 0, 0, false, false);

  private TestEncoders() {}
}
