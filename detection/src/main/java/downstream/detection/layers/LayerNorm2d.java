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
 * Layer normalisation over the channels of every cell of [N, C, H, W], as ViTDet has it (Li et al.
 * 2022).
 */
final class LayerNorm2d extends AbstractBlock {
  private static final byte VERSION = 1;
  private static final float EPSILON = 1e-6f;

  private final int channels;
  private final Parameter scale;
  private final Parameter offset;

  LayerNorm2d(int channels) {
    super(VERSION);
    this.channels = channels;
    scale = addParameter(parameter("scale", Parameter.Type.GAMMA));
    offset = addParameter(parameter("offset", Parameter.Type.BETA));
  }

  private Parameter parameter(String name, Parameter.Type type) {
    return Parameter.builder().setName(name).setType(type).optShape(new Shape(channels)).build();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    NDArray cells = inputs.singletonOrThrow().transpose(0, 2, 3, 1);
    NDArray gamma = store.getValue(scale, cells.getDevice(), training);
    NDArray beta = store.getValue(offset, cells.getDevice(), training);
    NDArray normal =
        LayerNorm.layerNorm(cells, new Shape(channels), gamma, beta, EPSILON).singletonOrThrow();
    return new NDList(normal.transpose(0, 3, 1, 2));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
