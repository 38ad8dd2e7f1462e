package downstream.eval.encoder;

import downstream.eval.Checks;
import java.util.List;

/**
 * A Swin Transformer (Liu et al., 2021): four stages of blocks that attend within windows of
 * patches, every second one shifted by half a window, with a bias on attention for the distance of
 * two patches; between the stages four neighbours become one. It writes an ONNX graph of opset 17
 * with a free batch.
 *
 * <p>Named values: {@code images} [N, 3, S, S]; {@code patches} [N, T, C] after the norm of the
 * patch embedding, T = (S/4)² in raster order; the outputs of the four stages, {@code C2} [N, S/4,
 * S/4, C] to {@code C5} [N, S/32, S/32, 8C], the last after a norm.
 *
 * @param imageSize S, a multiple of 32
 * @param width C, channels of the first stage
 * @param depths blocks of each of the four stages
 * @param heads attention heads of the first stage; each stage has twice as many
 */
public record SwinArchitecture(int imageSize, int width, List<Integer> depths, int heads)
    implements BuiltNetwork {
  /** Side of a patch in pixels. */
  public static final int PATCH = 4;

  /** Pixels that a cell of the last stage spans along each side. */
  public static final int STRIDE = 32;

  public static final int STAGES = 4;
  private static final int WIDEST_WINDOW = 7;

  public SwinArchitecture {
    depths = List.copyOf(depths);
    Checks.require(
        imageSize > 0 && imageSize % STRIDE == 0,
        "imageSize must be a multiple of 32, not " + imageSize);
    Checks.require(
        depths.size() == STAGES && depths.stream().allMatch(depth -> depth > 0),
        "depths must be four positive numbers, not " + depths);
    Checks.require(
        heads > 0 && width > 0 && width % heads == 0,
        "width " + width + " must be a multiple of heads " + heads);
  }

  /** Swin-T: 96 channels, 2, 2, 6, 2 blocks, 3 heads. */
  public static SwinArchitecture tiny(int imageSize) {
    return new SwinArchitecture(imageSize, 96, List.of(2, 2, 6, 2), 3);
  }

  /** Swin-micro, for tests and small machines: 32 channels, 2 blocks a stage, 1 head. */
  public static SwinArchitecture micro(int imageSize) {
    return new SwinArchitecture(imageSize, 32, List.of(2, 2, 2, 2), 1);
  }

  @Override
  public int sizeUnit() {
    return STRIDE;
  }

  @Override
  public SwinArchitecture withImageSize(int size) {
    return new SwinArchitecture(size, width, depths, heads);
  }

  /** Channels of stage 0 to 3. */
  public int channels(int stage) {
    return width << stage;
  }

  /** Attention heads of stage 0 to 3. */
  public int heads(int stage) {
    return heads << stage;
  }

  /** Cells of stage 0 to 3 along each side. */
  public int grid(int stage) {
    return (imageSize / PATCH) >> stage;
  }

  /**
   * Side of the windows of stage 0 to 3 in cells: the widest up to 7 that divides the grid of every
   * stage which is not within one (7 at 224 pixels, 6 at 192), or the whole grid.
   */
  public int window(int stage) {
    int window = WIDEST_WINDOW;
    while (!fits(window)) {
      window--;
    }
    return Math.min(window, grid(stage));
  }

  private boolean fits(int window) {
    for (int stage = 0; stage < STAGES; stage++) {
      if (grid(stage) > window && grid(stage) % window != 0) {
        return false;
      }
    }
    return true;
  }

  /** The name of what stage 0 to 3 puts out. */
  public static String level(int stage) {
    return "C" + (stage + 2);
  }
}
