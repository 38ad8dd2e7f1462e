package downstream.detection.layers;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * Group normalisation (Wu and He, 2018) of [N, C, H, W]: each image's groups of channels get mean 0
 * and variance 1, then each channel its own scale and offset. The engine has none of its own: a
 * group laid out as one row is layer normalisation.
 */
final class GroupNorm extends AbstractBlock {
  private static final byte VERSION = 1;
  private static final float EPSILON = 1e-5f;

  private final int groups;
  private final Parameter scale;
  private final Parameter offset;

  GroupNorm(int groups, int channels) {
    super(VERSION);
    if (channels % groups != 0) {
      throw new IllegalArgumentException(channels + " channels in " + groups + " groups");
    }
    this.groups = groups;
    // Shaped to broadcast as they are: an array derived from a weight would outlive the step.
    Shape shape = new Shape(1, channels, 1, 1);
    scale = addParameter(parameter("scale", Parameter.Type.GAMMA, shape));
    offset = addParameter(parameter("offset", Parameter.Type.BETA, shape));
  }

  private static Parameter parameter(String name, Parameter.Type type, Shape shape) {
    return Parameter.builder().setName(name).setType(type).optShape(shape).build();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDArray maps = inputs.singletonOrThrow();
    Shape shape = maps.getShape();
    long length = shape.size() / shape.get(0) / groups;
    NDArray rows = maps.reshape(shape.get(0) * groups, length);
    NDArray ones = rows.getManager().ones(new Shape(length));
    NDArray zeros = rows.getManager().zeros(new Shape(length));
    NDArray normal =
        LayerNorm.layerNorm(rows, new Shape(length), ones, zeros, EPSILON).singletonOrThrow();
    NDArray scaled = normal.reshape(shape).mul(store.getValue(scale, maps.getDevice(), training));
    return new NDList(scaled.add(store.getValue(offset, maps.getDevice(), training)));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
