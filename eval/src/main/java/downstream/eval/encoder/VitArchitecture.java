package downstream.eval.encoder;

import com.fasterxml.jackson.annotation.JsonInclude;
import downstream.eval.Checks;
import java.util.List;

/**
 * A plain Vision Transformer (Dosovitskiy et al., 2021) with pre-norm blocks. It writes an ONNX
 * graph of opset 17 with a free batch and a free token count. As MAE builds it (He et al., 2022) it
 * has fixed 2-D sin-cos positions and no class token; both can be had otherwise.
 *
 * <p>Named values: {@code images} [N, 3, S, S]; {@code patches} [N, T, D] before positions; {@code
 * tokens} [N, T, D] after them; {@code blocks.0} … each block's output; {@code latent} [N, T, D]
 * after the last LayerNorm. T = (S/patch)² in raster order. With a class token, {@code tokens},
 * blocks and {@code latent} have 1 + T rows, the class token first, and {@code patch_latent} [N, T,
 * D] is {@code latent} without it, which is what heads read.
 *
 * @param imageSize S, a multiple of {@code patch}
 * @param patch side of a patch in pixels
 * @param width D, a multiple of 4 and of {@code heads}
 * @param depth number of blocks
 * @param heads attention heads
 * @param mlpRatio hidden width of a block's MLP as a multiple of D
 * @param classToken whether a learned token stands before the patches; it has no position
 * @param learnedPositions whether positions are a weight instead of the fixed table
 * @param piConv whether patches are embedded by three convolutions with batch norm, as RingMo does,
 *     instead of one
 * @param layerScale first value of a trained scale of each channel at the end of each branch of a
 *     block (Touvron et al., 2021); 0 for none
 * @param relativePositions whether attention has a trained bias for the distance of two patches, in
 *     place of positions that are added to the patches
 */
public record VitArchitecture(
    int imageSize,
    int patch,
    int width,
    int depth,
    int heads,
    int mlpRatio,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean classToken,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean learnedPositions,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean piConv,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) double layerScale,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean relativePositions)
    implements BuiltNetwork {
  public static final String IMAGES = "images";
  public static final String PATCHES = "patches";
  public static final String POSITIONS = "positions";
  public static final String LATENT = "latent";
  public static final String PATCH_LATENT = "patch_latent";

  public VitArchitecture {
    Checks.require(
        patch > 0 && imageSize > 0 && imageSize % patch == 0,
        "imageSize " + imageSize + " must be a multiple of patch " + patch);
    Checks.require(
        heads > 0 && width > 0 && width % heads == 0,
        "width " + width + " must be a multiple of heads " + heads);
    Checks.require(width % 4 == 0, "width " + width + " must be a multiple of 4");
    Checks.require(
        depth > 0 && mlpRatio > 0,
        "depth and mlpRatio must be positive, not " + depth + " and " + mlpRatio);
    Checks.require(layerScale >= 0, "layerScale must not be negative, not " + layerScale);
    Checks.require(
        !(learnedPositions && relativePositions),
        "positions are either learned or relative, not both");
  }

  /** Architecture as MAE builds it: fixed positions, no class token. */
  public VitArchitecture(int imageSize, int patch, int width, int depth, int heads, int mlpRatio) {
    this(imageSize, patch, width, depth, heads, mlpRatio, false, false, false, 0, false);
  }

  /** ViT-micro, for tests: width 96, depth 4, 3 heads. */
  public static VitArchitecture micro(int imageSize, int patch) {
    return new VitArchitecture(imageSize, patch, 96, 4, 3, 4);
  }

  /** ViT-Ti (Touvron et al., 2021): width 192, depth 12, 3 heads. */
  public static VitArchitecture tiny(int imageSize, int patch) {
    return new VitArchitecture(imageSize, patch, 192, 12, 3, 4);
  }

  /** ViT-S (Touvron et al., 2021): width 384, depth 12, 6 heads. */
  public static VitArchitecture small(int imageSize, int patch) {
    return new VitArchitecture(imageSize, patch, 384, 12, 6, 4);
  }

  /** ViT-B: width 768, depth 12, 12 heads. */
  public static VitArchitecture base(int imageSize, int patch) {
    return new VitArchitecture(imageSize, patch, 768, 12, 12, 4);
  }

  /** The same with a class token. */
  public VitArchitecture withClassToken() {
    return with(imageSize, true, learnedPositions, piConv);
  }

  /** The same with positions that are trained. */
  public VitArchitecture withLearnedPositions() {
    return with(imageSize, classToken, true, piConv);
  }

  /** The same with RingMo's patch embedding, {@code pi_conv}. */
  public VitArchitecture withPiConv() {
    return with(imageSize, classToken, learnedPositions, true);
  }

  @Override
  public int sizeUnit() {
    return patch;
  }

  @Override
  public VitArchitecture withImageSize(int size) {
    return with(size, classToken, learnedPositions, piConv);
  }

  /** The same with these blocks. */
  public VitArchitecture withBlocks(double scale, boolean relative) {
    return new VitArchitecture(
        imageSize,
        patch,
        width,
        depth,
        heads,
        mlpRatio,
        classToken,
        learnedPositions,
        piConv,
        scale,
        relative);
  }

  private VitArchitecture with(int size, boolean token, boolean learned, boolean convolutions) {
    return new VitArchitecture(
        size,
        patch,
        width,
        depth,
        heads,
        mlpRatio,
        token,
        learned,
        convolutions,
        layerScale,
        relativePositions);
  }

  /** Patches per side. */
  public int grid() {
    return imageSize / patch;
  }

  /** Returns the names of the graph's outputs. */
  public List<String> outputs() {
    return classToken ? List.of(LATENT, PATCH_LATENT) : List.of(LATENT);
  }

  /** Tokens of an output. */
  public long rows(String output) {
    long cells = (long) grid() * grid();
    return classToken && output.equals(LATENT) ? 1 + cells : cells;
  }
}
