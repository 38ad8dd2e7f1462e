package downstream.detection.heads;

import downstream.detection.boxes.PyramidShape;
import downstream.detection.layers.FeaturePyramid;
import downstream.detection.layers.LayerFactory;
import downstream.detection.layers.SimplePyramid;
import downstream.eval.BadInput;
import downstream.eval.encoder.FeatureLevel;
import java.util.ArrayList;
import java.util.List;

/** Chooses the neck that fits an encoder. */
final class NeckFactory {
  private static final int FINEST_CELL = 8;

  private NeckFactory() {}

  /**
   * Creates the neck of a region detector: a feature pyramid network over all maps of an encoder
   * that has several strides, or the simple pyramid over the map of one that has a single stride.
   * Either has an extra, coarsest level for anchors.
   */
  static Neck forRegions(
      List<FeatureLevel> levels, DetectionProtocol protocol, LayerFactory layers) {
    List<Integer> strides = doubled(protocol.head().minStride(), protocol.head().levels());
    return levels.size() > 1
        ? over(levels, protocol, layers)
        : over(levels.get(0), strides, protocol, layers, true);
  }

  private static Neck over(
      List<FeatureLevel> levels, DetectionProtocol protocol, LayerFactory layers) {
    checkDoubling(levels);
    FeaturePyramid block = new FeaturePyramid(levels.size(), protocol.head().width(), layers);
    List<Integer> strides = levels.stream().map(FeatureLevel::stride).toList();
    return new Neck(block, levels, pyramid(protocol.imageSize(), strides, true));
  }

  private static Neck over(
      FeatureLevel level,
      List<Integer> strides,
      DetectionProtocol protocol,
      LayerFactory layers,
      boolean extra) {
    checkReach(level, strides);
    SimplePyramid block =
        new SimplePyramid(
            level.channels(), level.stride(), strides, protocol.head().width(), extra, layers);
    return new Neck(block, List.of(level), pyramid(protocol.imageSize(), strides, extra));
  }

  /**
   * Creates the neck of a detector that predicts at every cell, of the kinds of {@link
   * #forRegions}. Its finest stride is {@code head.minStride}; if that is 0, stride 8 over several
   * maps, and half the encoder's stride over a single one.
   */
  static Neck forCells(List<FeatureLevel> levels, DetectionProtocol protocol, LayerFactory layers) {
    int given = protocol.head().minStride();
    if (levels.size() > 1) {
      int finest = given == 0 ? FINEST_CELL : given;
      List<FeatureLevel> read = levels.stream().filter(l -> l.stride() >= finest).toList();
      return over(read.isEmpty() ? levels : read, protocol, layers);
    }
    int finest = given == 0 ? levels.get(0).stride() / 2 : given;
    return over(levels.get(0), doubled(finest, protocol.head().levels()), protocol, layers, false);
  }

  private static List<Integer> doubled(int finest, int count) {
    List<Integer> strides = new ArrayList<>();
    for (int level = 0; level < count; level++) {
      strides.add(finest << level);
    }
    return strides;
  }

  private static void checkDoubling(List<FeatureLevel> levels) {
    for (int i = 1; i < levels.size(); i++) {
      if (levels.get(i).stride() != 2 * levels.get(i - 1).stride()) {
        throw new BadInput(
            "levels",
            "have the strides " + levels.stream().map(FeatureLevel::stride).toList(),
            "Name levels in the encoder's spec whose strides double");
      }
    }
  }

  private static void checkReach(FeatureLevel level, List<Integer> strides) {
    if (!strides.contains(level.stride())) {
      throw new BadInput(
          "head.minStride",
          "a pyramid of the strides " + strides + " lacks the encoder's, " + level.stride(),
          fix(level.stride(), strides.get(0)));
    }
  }

  private static String fix(int stride, int finest) {
    int ratio = stride / finest;
    boolean doubling = ratio * finest == stride && Integer.bitCount(ratio) == 1;
    return doubling
        ? "Set head.levels=" + (Integer.numberOfTrailingZeros(ratio) + 1) + " or more"
        : "Set head.minStride=" + stride + ", or a half or a quarter of it";
  }

  /**
   * Strides and sides of the pyramid's maps: halving drops an odd row, every second cell keeps it.
   */
  private static PyramidShape pyramid(int imageSize, List<Integer> strides, boolean extra) {
    List<Integer> all = new ArrayList<>(strides);
    List<Integer> sides = new ArrayList<>(strides.stream().map(s -> imageSize / s).toList());
    if (extra) {
      all.add(2 * strides.get(strides.size() - 1));
      sides.add((sides.get(sides.size() - 1) + 1) / 2);
    }
    return PyramidShape.of(all, sides);
  }
}
