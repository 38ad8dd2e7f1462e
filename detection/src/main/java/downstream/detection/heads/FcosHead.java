package downstream.detection.heads;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.ConstantInitializer;
import ai.djl.util.PairList;
import downstream.detection.layers.LayerFactory;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * FCOS (Tian et al. 2019): every cell of every pyramid level says which class it shows, how far the
 * sides of its object are, and how central it lies. Two towers, shared by all levels, feed the
 * classifier and the box branch; centerness sits on the box branch (the authors' later choice).
 *
 * <p>In: the pyramid's maps [N, width, ·, ·]. Out, cells of all levels in a row: class logits [N,
 * classes, cells], distances in strides [N, 4, cells] (positive), centerness logits [N, 1, cells].
 */
final class FcosHead extends AbstractBlock {
  private static final byte VERSION = 1;

  /** exp() of more is no distance of any object; it keeps an early step finite. */
  private static final int LARGEST_LOG_DISTANCE = 6;

  private final DetectionProtocol protocol;
  private final SequentialBlock classTower;
  private final SequentialBlock boxTower;
  private final Conv2d classes;
  private final Conv2d boxes;
  private final List<Parameter> scales = new ArrayList<>();

  FcosHead(DetectionProtocol protocol, int levels, int categories) {
    super(VERSION);
    this.protocol = protocol;
    LayerFactory layers = new LayerFactory(protocol.head().norm());
    classTower = layers.tower(protocol.fcosSettings().headConvolutions(), protocol.head().width());
    boxTower = layers.tower(protocol.fcosSettings().headConvolutions(), protocol.head().width());
    if (protocol.fcosSettings().headConvolutions() > 0) {
      addChildBlock("classTower", classTower);
      addChildBlock("boxTower", boxTower);
    }
    classes = addChildBlock("classes", predictor(categories));
    boxes = addChildBlock("boxes", predictor(5));
    for (int level = 0; level < levels; level++) {
      Parameter scale =
          Parameter.builder()
              .setName("scale" + level)
              .setType(Parameter.Type.GAMMA)
              .optShape(new Shape(1))
              .build();
      scales.add(addParameter(scale));
    }
  }

  private static Conv2d predictor(int filters) {
    return LayerFactory.convolution(3, filters, true, LayerFactory.normal(0.01));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList levels,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDList logits = new NDList();
    NDList distances = new NDList();
    NDList centerness = new NDList();
    for (int i = 0; i < levels.size(); i++) {
      NDList level = new NDList(levels.get(i));
      NDList classFeatures = classTower.forward(store, level, training);
      NDList boxFeatures = boxTower.forward(store, level, training);
      logits.add(flat(classes.forward(store, classFeatures, training)));
      NDList sides = flat(boxes.forward(store, boxFeatures, training)).split(new long[] {4}, 1);
      NDArray scale = store.getValue(scales.get(i), levels.get(i).getDevice(), training);
      NDArray logDistances = sides.get(0).mul(scale);
      distances.add(logDistances.clip(-LARGEST_LOG_DISTANCE, LARGEST_LOG_DISTANCE).exp());
      centerness.add(sides.get(1));
    }
    return new NDList(
        NDArrays.concat(logits, 2), NDArrays.concat(distances, 2), NDArrays.concat(centerness, 2));
  }

  /** [N, C, H, W] → [N, C, H·W]. */
  private static NDArray flat(NDList map) {
    NDArray array = map.singletonOrThrow();
    Shape shape = array.getShape();
    return array.reshape(shape.get(0), shape.get(1), shape.get(2) * shape.get(3));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputShapes) {
    Shape maps = new Shape(1, protocol.head().width(), 8, 8);
    float bias =
        (float) -Math.log((1 - protocol.fcosSettings().prior()) / protocol.fcosSettings().prior());
    classes.setInitializer(new ConstantInitializer(bias), Parameter.Type.BIAS);
    if (protocol.fcosSettings().headConvolutions() > 0) {
      classTower.initialize(manager, type, maps);
      boxTower.initialize(manager, type, maps);
    }
    classes.initialize(manager, type, maps);
    boxes.initialize(manager, type, maps);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    long cells = 0;
    for (Shape map : inputShapes) {
      cells += map.slice(2).size();
    }
    long images = inputShapes[0].get(0);
    long categories = classes.getOutputShapes(new Shape[] {inputShapes[0]})[0].get(1);
    return new Shape[] {
      new Shape(images, categories, cells), new Shape(images, 4, cells), new Shape(images, 1, cells)
    };
  }
}
