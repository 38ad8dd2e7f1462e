package downstream.eval.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A convolution that follows {@link Autocast}: in bfloat16 maps and kernels are rounded and the
 * channels of a pixel are neighbours in memory; results are float32 in every precision.
 */
public final class AutocastConvolution extends Conv2d {
  private @Nullable TorchScript rounded;

  /** Creates the convolution that a builder describes. */
  public AutocastConvolution(Conv2d.Builder builder) {
    super(builder);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> parameters) {
    if (Autocast.current() != Precision.BFLOAT16) {
      return super.forwardInternal(store, inputs, training, parameters);
    }
    NDArray maps = inputs.singletonOrThrow();
    NDManager scope = maps.getManager();
    NDList arguments = new NDList(maps);
    arguments.add(store.getValue(weight, maps.getDevice(), training));
    if (includeBias) {
      arguments.add(store.getValue(bias, maps.getDevice(), training));
    }
    if (rounded == null) {
      rounded = script(weight.getArray().getManager());
    }
    return new NDList(rounded.call(scope, arguments));
  }

  private TorchScript script(NDManager owner) {
    boolean fast = Bfloat16.isFast(owner);
    String maps = Bfloat16.operand("w[0]", fast);
    String ordered = "torch.contiguous(%s, memory_format=%d)";
    String product =
        "torch.conv2d(%s, %s, %s, %s, %s, %s, %d)"
            .formatted(
                fast ? ordered.formatted(maps, TorchScript.CHANNELS_LAST) : maps,
                Bfloat16.operand("w[1]", fast),
                includeBias ? Bfloat16.operand("w[2]", fast) : "None",
                Arrays.toString(stride.getShape()),
                Arrays.toString(padding.getShape()),
                Arrays.toString(dilation.getShape()),
                groups);
    String result = "torch.contiguous(" + Bfloat16.result(product) + ")";
    return TorchScript.of(owner, List.of("w"), List.of(), List.of(result));
  }
}
