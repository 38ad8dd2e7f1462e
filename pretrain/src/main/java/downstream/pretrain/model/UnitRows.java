package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer without bias whose weights are rows of length 1: weight normalisation (Salimans
 * and Kingma 2016) with a gain that stays 1, as DINO's last layer. [N, in] to [N, out].
 */
final class UnitRows extends AbstractBlock {
  private final int out;
  private final Parameter weight;

  UnitRows(int out) {
    this.out = out;
    weight =
        addParameter(Parameter.builder().setName("weight").setType(Parameter.Type.WEIGHT).build());
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> options) {
    NDArray x = inputs.singletonOrThrow(); // [N, in]
    NDArray rows = store.getValue(weight, x.getDevice(), training); // [out, in]
    return new NDList(x.matMul(Similarity.normalised(rows).transpose()));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), out)};
  }

  @Override
  protected void prepare(Shape[] inputs) {
    weight.setShape(new Shape(out, inputs[0].get(1)));
  }
}
