package downstream.segmentation.heads;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.train.IntermediateLevels;
import java.util.List;

/** The heads of this module, by the name a protocol gives them. */
public final class SegmentationHeads {
  /** Those that there are. */
  public static final List<String> NAMES = List.of("fcn", "linear", "upernet");

  private SegmentationHeads() {}

  /**
   * The maps that a head reads of an encoder, finest first: of one with several strides its levels,
   * of a plain transformer the outputs of some blocks.
   */
  public static List<FeatureLevel> reads(HeadSettings settings, EncoderFile encoder) {
    List<FeatureLevel> levels = encoder.spec().levels();
    FeatureLevel last = levels.get(levels.size() - 1);
    if (settings.name().equals("upernet")) {
      return levels.size() > 1 ? levels : IntermediateLevels.of(encoder, settings.blocks());
    }
    if (!settings.hasAuxiliary()) {
      return List.of(last);
    }
    return levels.size() > 1
        ? levels.subList(levels.size() - 2, levels.size())
        : List.of(IntermediateLevels.of(encoder, List.of(beforeLast(settings))).get(0), last);
  }

  private static double beforeLast(HeadSettings settings) {
    return settings.blocks().get(settings.blocks().size() - 2);
  }

  /**
   * A head on these maps, its weights drawn from {@code seed}: maps [N, C, h, w], finest first, to
   * class logits [N, classes, h, w], in training followed by those of its auxiliary head.
   *
   * @param imageSize side of the images, pixels
   */
  public static Block create(
      HeadSettings settings,
      List<FeatureLevel> levels,
      int imageSize,
      int classes,
      long seed,
      NDManager owner) {
    Block head =
        switch (settings.name()) {
          case "fcn" -> new FcnHead(settings, classes);
          case "linear" -> new LinearHead(settings, classes);
          case "upernet" -> new UperNetHead(settings, levels, classes);
          default -> throw new IllegalArgumentException("no head '" + settings.name() + "'");
        };
    // PyTorch's generator takes 32 bits through DJL.
    Engine.getInstance().setRandomSeed((int) (seed ^ (seed >>> 32)));
    Shape[] shapes =
        levels.stream()
            .map(l -> new Shape(1, l.channels(), imageSize / l.stride(), imageSize / l.stride()))
            .toArray(Shape[]::new);
    head.initialize(owner, DataType.FLOAT32, shapes);
    return head;
  }
}
