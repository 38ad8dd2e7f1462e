package downstream.segmentation.heads;

import ai.djl.nn.Block;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.train.IntermediateLevels;
import java.util.List;

/** The heads of this module, by the name a protocol gives them. */
public final class SegmentationHeads {
  private SegmentationHeads() {}

  /**
   * The maps that a head reads of an encoder, finest first: of one with several strides its levels,
   * of a plain transformer the outputs of some blocks.
   */
  public static List<FeatureLevel> levels(HeadSettings settings, EncoderFile encoder) {
    List<FeatureLevel> levels = encoder.spec().levels();
    FeatureLevel last = levels.get(levels.size() - 1);
    if (settings.type() == SegmentationHeadType.UPERNET) {
      return levels.size() > 1 ? levels : IntermediateLevels.of(encoder, settings.outBlocks());
    }
    if (!settings.hasAuxiliary()) {
      return List.of(last);
    }
    return levels.size() > 1
        ? levels.subList(levels.size() - 2, levels.size())
        : List.of(IntermediateLevels.of(encoder, List.of(beforeLast(settings))).get(0), last);
  }

  private static double beforeLast(HeadSettings settings) {
    return settings.outBlocks().get(settings.outBlocks().size() - 2);
  }

  /**
   * A head on these levels, not yet initialised: maps [N, C, h, w], finest first, to class logits
   * [N, classes, h, w], in training followed by those of its auxiliary head.
   */
  public static Block create(HeadSettings settings, List<FeatureLevel> levels, int classes) {
    return switch (settings.type()) {
      case FCN -> new FcnHead(settings, classes);
      case LINEAR -> new LinearHead(settings, classes);
      case UPERNET -> new UperNetHead(settings, levels, classes);
    };
  }
}
