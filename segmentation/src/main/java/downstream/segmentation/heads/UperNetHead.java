package downstream.segmentation.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.FeatureLevel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * UPerNet's semantic head (Xiao et al., 2018, section 3.1), as mmseg has it: {@link PyramidPooling}
 * on the coarsest map; a feature pyramid from there down, 1×1 convolutions sideways, bilinear
 * enlargement and addition, a 3×3 convolution on each finer level; all levels enlarged to the
 * finest, side by side, through a 3×3 convolution, and the decision. Every convolution has batch
 * norm and ReLU. An {@link AuxiliaryHead} sees the map before the last. Maps of one stride become a
 * {@link FeatureToPyramid} first.
 */
final class UperNetHead extends SegmentationHead {
  private final Optional<FeatureToPyramid> pyramid;
  private final PyramidPooling pooling;
  private final List<SequentialBlock> sideways = new ArrayList<>();
  private final List<SequentialBlock> smoothed = new ArrayList<>();
  private final SequentialBlock fused;
  private final SequentialBlock decision;
  private final AuxiliaryHead auxiliary;

  /**
   * @param levels that are read, finest first; at least two
   */
  UperNetHead(HeadSettings settings, List<FeatureLevel> levels, int classes) {
    int width = settings.width();
    FeatureLevel last = levels.get(levels.size() - 1);
    boolean plain = levels.stream().map(FeatureLevel::stride).distinct().count() == 1;
    pyramid =
        plain
            ? Optional.of(new FeatureToPyramid(last.channels(), last.stride(), levels.size()))
            : Optional.empty();
    pyramid.ifPresent(block -> addChildBlock("pyramid", block));
    pooling = addChildBlock("pooling", new PyramidPooling(width));
    for (int level = 0; level < levels.size() - 1; level++) {
      sideways.add(addChildBlock("sideways" + level, HeadLayers.normed(1, width)));
      smoothed.add(addChildBlock("smoothed" + level, HeadLayers.normed(3, width)));
    }
    fused = addChildBlock("fused", HeadLayers.normed(3, width));
    decision = addChildBlock("decision", HeadLayers.classifier(classes, settings.dropout()));
    auxiliary = addChildBlock("auxiliary", new AuxiliaryHead(settings, classes));
  }

  /** Maps [N, Cₗ, hₗ, wₗ] → [N, W, h₀, w₀] each → [N, L·W, h₀, w₀] → [N, classes, h₀, w₀]. */
  @Override
  NDList outputs(ParameterStore store, NDList encoded, boolean training) {
    NDList maps = pyramid.isEmpty() ? encoded : pyramid.get().outputs(store, encoded, training);
    int coarsest = maps.size() - 1;
    NDArray above =
        pooling.forward(store, new NDList(maps.get(coarsest)), training).singletonOrThrow();
    NDArray[] levels = new NDArray[maps.size()];
    levels[coarsest] = above;
    for (int level = coarsest - 1; level >= 0; level--) {
      NDList map = new NDList(maps.get(level));
      NDArray lateral = sideways.get(level).forward(store, map, training).singletonOrThrow();
      above = lateral.add(resized(above, lateral));
      levels[level] =
          smoothed.get(level).forward(store, new NDList(above), training).singletonOrThrow();
    }
    NDList all = new NDList();
    for (NDArray level : levels) {
      all.add(resized(level, levels[0]));
    }
    NDList features = fused.forward(store, new NDList(joined(all)), training);
    NDList logits = decision.forward(store, features, training);
    logits.addAll(auxiliary.outputs(store, maps, training));
    return logits;
  }

  private static NDArray resized(NDArray map, NDArray like) {
    return Bilinear.resize(map, like.getShape().get(2), like.getShape().get(3));
  }

  /** Side by side, channel after channel. */
  static NDArray joined(NDList maps) {
    return maps.head().getNDArrayInternal().concat(maps.subNDList(1), 1);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... encoded) {
    pyramid.ifPresent(block -> block.initialize(manager, type, encoded));
    Shape[] maps = levels(encoded);
    int coarsest = maps.length - 1;
    pooling.initialize(manager, type, maps[coarsest]);
    for (int level = 0; level < coarsest; level++) {
      sideways.get(level).initialize(manager, type, maps[level]);
      smoothed.get(level).initialize(manager, type, after(sideways.get(level), maps[level]));
    }
    Shape all = joined(maps);
    fused.initialize(manager, type, all);
    decision.initialize(manager, type, after(fused, all));
    auxiliary.initialize(manager, type, maps);
  }

  private Shape[] levels(Shape[] encoded) {
    return pyramid.map(block -> block.getOutputShapes(encoded)).orElse(encoded);
  }

  /** Shape of all levels, enlarged to the finest, concatenated. */
  private Shape joined(Shape[] maps) {
    Shape finest = maps[0];
    long width = after(pooling, maps[maps.length - 1]).get(1);
    return new Shape(finest.get(0), width * maps.length, finest.get(2), finest.get(3));
  }

  /** Shapes in prediction. */
  @Override
  public Shape[] getOutputShapes(Shape[] encoded) {
    return decision.getOutputShapes(new Shape[] {after(fused, joined(levels(encoded)))});
  }
}
