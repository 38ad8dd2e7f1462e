package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import downstream.eval.encoder.build.SinCosPositions;
import downstream.eval.train.optimiser.Scalars;
import java.util.List;

/** A plain {@link VitArchitecture} in DJL's blocks. */
final class HandWrittenTransformer extends HandWritten {
  private final VitArchitecture size;
  private final NDArray positions;

  HandWrittenTransformer(VitArchitecture size, NDManager manager) {
    this.size = size;
    int width = size.width();
    long cells = (long) size.grid() * size.grid();
    positions =
        manager.create(SinCosPositions.table(size.grid(), width), new Shape(1, cells, width));
    Shape patch = new Shape(size.patch(), size.patch());
    layer(
        "patch_embed",
        Conv2d.builder().setFilters(width).setKernelShape(patch).optStride(patch).build(),
        1,
        3,
        size.imageSize(),
        size.imageSize());
    for (int block = 0; block < size.depth(); block++) {
      String name = "blocks." + block;
      norm(name + ".norm1");
      linear(name + ".attention.qkv", width, 3 * width);
      linear(name + ".attention.out", width, width);
      norm(name + ".norm2");
      linear(name + ".mlp.fc1", width, size.mlpRatio() * width);
      linear(name + ".mlp.fc2", size.mlpRatio() * width, width);
    }
    norm("norm");
  }

  private void norm(String name) {
    layer(name, LayerNorm.builder().axis(2).optEpsilon(1e-6f).build(), 1, 1, size.width());
  }

  private void linear(String name, int in, int out) {
    layer(name, Linear.builder().setUnits(out).build(), 1, 1, in);
  }

  @Override
  List<NDArray> forward(NDArray images, ParameterStore store, boolean training) {
    NDArray map = run("patch_embed", images, store, training); // [N, D, S/p, S/p]
    NDArray x = map.reshape(map.getShape().get(0), size.width(), -1).transpose(0, 2, 1);
    x = x.add(positions); // [N, T, D]
    for (int block = 0; block < size.depth(); block++) {
      String name = "blocks." + block;
      NDArray normed = run(name + ".norm1", x, store, training);
      x = x.add(attention(name + ".attention", normed, store, training));
      NDArray hidden =
          run(name + ".mlp.fc1", run(name + ".norm2", x, store, training), store, training);
      x = x.add(run(name + ".mlp.fc2", Activation.gelu(hidden), store, training));
    }
    return List.of(run("norm", x, store, training));
  }

  /** softmax(q kᵀ / √d) v for each head: [N, T, D] → [N, T, D]. */
  private NDArray attention(String name, NDArray x, ParameterStore store, boolean training) {
    Shape shape = x.getShape();
    int each = size.width() / size.heads();
    NDArray qkv =
        run(name + ".qkv", x, store, training)
            .reshape(shape.get(0), shape.get(1), 3, size.heads(), each)
            .transpose(2, 0, 3, 1, 4); // [3, N, h, T, d]
    NDArray query = Scalars.times(qkv.get(0), 1 / Math.sqrt(each));
    NDArray weights = query.matMul(qkv.get(1).swapAxes(2, 3)).softmax(-1); // [N, h, T, T]
    NDArray mixed = weights.matMul(qkv.get(2)).transpose(0, 2, 1, 3).reshape(shape);
    return run(name + ".out", mixed, store, training);
  }
}
