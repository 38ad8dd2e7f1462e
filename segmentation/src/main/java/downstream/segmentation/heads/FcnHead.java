package downstream.segmentation.heads;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.ParameterStore;

/**
 * The fully convolutional head (Long et al., 2015) as self-supervised papers fine-tune it: two 3×3
 * convolutions, each with batch norm and ReLU, and a 1×1 convolution, on the last map. mmseg, whose
 * recipe most of them use, puts the encoder's map beside the result and a third 3×3 convolution
 * behind both ({@code concat}), and trains an {@link AuxiliaryHead} on the map before the last.
 */
final class FcnHead extends SegmentationHead {
  private final SequentialBlock hidden;
  private final Block joined;
  private final SequentialBlock decision;
  private final AuxiliaryHead auxiliary;
  private final HeadSettings settings;

  FcnHead(HeadSettings settings, int classes) {
    this.settings = settings;
    int width = settings.width();
    hidden =
        addChildBlock(
            "hidden",
            new SequentialBlock()
                .add(HeadLayers.normed(3, width))
                .add(HeadLayers.normed(3, width)));
    joined =
        addChildBlock(
            "joined", settings.concat() ? HeadLayers.normed(3, width) : new SequentialBlock());
    decision = addChildBlock("decision", HeadLayers.classifier(classes, settings.dropout()));
    auxiliary = addChildBlock("auxiliary", new AuxiliaryHead(settings, classes));
  }

  /** [N, C, h, w] → [N, W, h, w] → [N, C + W, h, w] → [N, W, h, w] → [N, classes, h, w]. */
  @Override
  NDList outputs(ParameterStore store, NDList maps, boolean training) {
    NDList map = new NDList(maps.get(maps.size() - 1));
    NDList features = hidden.forward(store, map, training);
    if (settings.concat()) {
      NDList both = new NDList(map.head().concat(features.head(), 1));
      features = joined.forward(store, both, training);
    }
    NDList logits = decision.forward(store, features, training);
    logits.addAll(auxiliary.outputs(store, maps, training));
    return logits;
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... maps) {
    Shape map = maps[maps.length - 1];
    hidden.initialize(manager, type, map);
    Shape features = after(hidden, map);
    if (settings.concat()) {
      joined.initialize(manager, type, wider(map, features.get(1)));
    }
    decision.initialize(manager, type, features);
    auxiliary.initialize(manager, type, maps);
  }

  /** Shapes in prediction. */
  @Override
  public Shape[] getOutputShapes(Shape[] maps) {
    Shape features = after(hidden, maps[maps.length - 1]);
    return decision.getOutputShapes(new Shape[] {features});
  }

  private static Shape wider(Shape map, long channels) {
    return new Shape(map.get(0), map.get(1) + channels, map.get(2), map.get(3));
  }
}
