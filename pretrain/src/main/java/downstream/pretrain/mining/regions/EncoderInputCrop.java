package downstream.pretrain.mining.regions;

import downstream.eval.data.image.Image;
import downstream.pretrain.views.Region;

/** Crops and resizes images to the encoder's input. */
public final class EncoderInputCrop {
  /** ImageNet's usual crop: the shorter side to 256, then the middle 224. */
  private static final double MARGIN = 256.0 / 224;

  private EncoderInputCrop() {}

  /** The middle square, proportions kept. */
  public static Image centre(Image image, int size) {
    double scale = MARGIN * size / Math.min(image.width(), image.height());
    int width = (int) Math.round(scale * image.width());
    int height = (int) Math.round(scale * image.height());
    return image.resize(width, height).crop((width - size) / 2, (height - size) / 2, size, size);
  }

  /** All of it, proportions lost. */
  public static Image whole(Image image, int size) {
    return image.resize(size, size);
  }

  /** A region and nothing around it, proportions lost. */
  public static Image region(Image image, Region region, int size) {
    return image.crop(region.x(), region.y(), region.width(), region.height()).resize(size, size);
  }
}
