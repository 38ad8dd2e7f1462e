package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import downstream.detection.layers.LayerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The layers of a region proposal network (Ren et al. 2015, section 3.1), shared by all levels of a
 * pyramid: 3×3 convolutions, then for each anchor of a cell whether it is an object and where to.
 *
 * <p>In: the pyramid's maps. Out, anchors of all levels in the order of {@code Anchors}: logits [N,
 * anchors], deltas [N, anchors, 4].
 */
final class Rpn extends AbstractBlock {
  private static final byte VERSION = 1;
  private static final double DEVIATION = 0.01;

  private final int width;
  private final SequentialBlock tower = new SequentialBlock();
  private final Conv2d object;
  private final Conv2d box;

  Rpn(int width, int convolutions, int anchorsPerCell) {
    super(VERSION);
    this.width = width;
    for (int i = 0; i < convolutions; i++) {
      tower.add(LayerFactory.convolution(3, width, true, LayerFactory.normal(DEVIATION)));
      tower.add(Activation.reluBlock());
    }
    addChildBlock("tower", tower);
    object = addChildBlock("object", predictor(anchorsPerCell));
    box = addChildBlock("box", predictor(4 * anchorsPerCell));
  }

  private static Conv2d predictor(int filters) {
    return LayerFactory.convolution(1, filters, true, LayerFactory.normal(DEVIATION));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList maps,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDList logits = new NDList();
    NDList deltas = new NDList();
    for (NDArray map : maps) {
      long images = map.getShape().get(0);
      NDList features = tower.forward(store, new NDList(map), training);
      logits.add(byAnchor(object.forward(store, features, training)).reshape(images, -1));
      deltas.add(byAnchor(box.forward(store, features, training)).reshape(images, -1, 4));
    }
    return new NDList(NDArrays.concat(logits, 1), NDArrays.concat(deltas, 1));
  }

  /** [N, A·k, H, W] → [N, H, W, A·k]. */
  private static NDArray byAnchor(NDList map) {
    return map.singletonOrThrow().transpose(0, 2, 3, 1);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    Shape map = new Shape(1, width, 8, 8);
    tower.initialize(manager, type, map);
    object.initialize(manager, type, map);
    box.initialize(manager, type, map);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long anchors = 0;
    for (Shape map : inputShapes) {
      anchors += object.getOutputShapes(new Shape[] {map})[0].slice(1).size();
    }
    long images = inputShapes[0].get(0);
    return new Shape[] {new Shape(images, anchors), new Shape(images, anchors, 4)};
  }
}
