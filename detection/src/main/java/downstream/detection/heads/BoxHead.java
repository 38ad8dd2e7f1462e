package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import downstream.detection.layers.LayerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Second-stage head that classifies a region and refines its box: two linear layers (Lin et al.
 * 2017, section 4.2), or four convolutions with a norm and one linear layer (Wu and He 2018), then
 * two predictors.
 *
 * <p>In: pooled regions [R · side · side, C], bins row by row. Out: class logits [R, classes + 1],
 * background last; deltas [R, 4 · classes].
 */
final class BoxHead extends AbstractBlock {
  static final int SIDE = 7;
  private static final byte VERSION = 1;
  private static final int CONVOLUTIONS = 4;

  private final int width;
  private final boolean convolutional;
  private final SequentialBlock convolutions;
  private final SequentialBlock linear;
  private final Linear classes;
  private final Linear boxes;

  /**
   * @param width channels C of the pyramid
   */
  BoxHead(int width, RoiSettings roi, LayerFactory layers, int categories) {
    super(VERSION);
    this.width = width;
    convolutional = roi.head() == BoxHeadType.FOUR_CONVOLUTIONS;
    convolutions = layers.tower(convolutional ? CONVOLUTIONS : 0, width);
    linear = new SequentialBlock();
    for (int i = 0; i < (convolutional ? 1 : 2); i++) {
      linear
          .add(LayerFactory.linear(roi.fcWidth(), LayerFactory.uniform()))
          .add(Activation.reluBlock());
    }
    if (convolutional) {
      addChildBlock("convolutions", convolutions);
    }
    addChildBlock("linear", linear);
    classes =
        addChildBlock("classes", LayerFactory.linear(categories + 1, LayerFactory.normal(0.01)));
    boxes = addChildBlock("boxes", LayerFactory.linear(4 * categories, LayerFactory.normal(0.001)));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDArray bins = inputs.singletonOrThrow();
    NDArray flat = bins.reshape(-1, (long) SIDE * SIDE * width);
    if (convolutional) {
      NDArray maps = bins.reshape(-1, SIDE, SIDE, width).transpose(0, 3, 1, 2);
      NDArray seen = convolutions.forward(store, new NDList(maps), training).singletonOrThrow();
      flat = seen.reshape(-1, (long) SIDE * SIDE * width);
    }
    NDList features = linear.forward(store, new NDList(flat), training);
    return new NDList(
        classes.forward(store, features, training).singletonOrThrow(),
        boxes.forward(store, features, training).singletonOrThrow());
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    if (convolutional) {
      convolutions.initialize(manager, type, new Shape(1, width, SIDE, SIDE));
    }
    Shape flat = new Shape(1, (long) SIDE * SIDE * width);
    linear.initialize(manager, type, flat);
    Shape[] features = linear.getOutputShapes(new Shape[] {flat});
    classes.initialize(manager, type, features);
    boxes.initialize(manager, type, features);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long regions = inputShapes[0].get(0) / (SIDE * SIDE);
    Shape[] flat = {new Shape(regions, (long) SIDE * SIDE * width)};
    Shape[] features = linear.getOutputShapes(flat);
    return new Shape[] {classes.getOutputShapes(features)[0], boxes.getOutputShapes(features)[0]};
  }
}
