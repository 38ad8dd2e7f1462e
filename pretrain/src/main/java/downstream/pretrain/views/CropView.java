package downstream.pretrain.views;

import downstream.eval.data.image.Image;
import java.util.random.RandomGenerator;

/** Random resized crop and flip, no more: what masked image modelling trains on. */
public final class CropView implements View {
  private static final double FLIP = .5;

  private final int size;
  private final RandomResizedCrop crop;
  private final Resampler resampler;

  private CropView(int size, double minArea, Resampler resampler) {
    this.size = size;
    this.crop = new RandomResizedCrop(minArea, 1);
    this.resampler = resampler;
  }

  /**
   * MAE's (He et al. 2022, {@code main_pretrain.py}): bicubic.
   *
   * @param size side of the view, pixels
   * @param minArea smallest crop as a share of the image; the paper's is 0.2
   */
  public static CropView mae(int size, double minArea) {
    return new CropView(size, minArea, Resampler.BICUBIC);
  }

  /**
   * SimMIM's (Xie et al. 2022, {@code data_simmim.py}): bilinear.
   *
   * @param minArea smallest crop as a share of the image; the paper's is 0.67
   */
  public static CropView simmim(int size, double minArea) {
    return new CropView(size, minArea, Resampler.BILINEAR);
  }

  /**
   * RingMo's (Sun et al. 2022, {@code pretrain_dataset.yaml}): bicubic.
   *
   * @param minArea smallest crop as a share of the image; the paper's is 0.67
   */
  public static CropView ringmo(int size, double minArea) {
    return new CropView(size, minArea, Resampler.BICUBIC);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public float[] draw(Image image, RandomGenerator random) {
    return drawCropped(image, random).planes();
  }

  /** The same view with its place in the image. */
  public CroppedView drawCropped(Image image, RandomGenerator random) {
    Region part = crop.region(image, random);
    boolean flip = random.nextDouble() < FLIP;
    float[][] rgb = resampler.draw(image, part, flip, size);
    return new CroppedView(ImageNetStatistics.normalised(rgb), size, part, flip);
  }
}
