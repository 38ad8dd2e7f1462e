package downstream.eval.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
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
    int bfloat16 = ScriptType.BFLOAT16.number();
    int float32 = ScriptType.FLOAT32.number();
    boolean fast = Bfloat16.isFast(owner);
    List<String> body = new ArrayList<>();
    for (int i = 0; i < (includeBias ? 3 : 2); i++) {
      body.add("r%d = torch.to(w[%d], %d)".formatted(i, i, bfloat16));
      body.add("a%d = %s".formatted(i, fast ? "r" + i : "torch.to(r%d, %d)".formatted(i, float32)));
    }
    String last = "torch.contiguous(a0, memory_format=%d)".formatted(TorchScript.CHANNELS_LAST);
    body.add("maps = " + (fast ? last : "a0"));
    body.add(
        "y = torch.conv2d(maps, a1, %s, %s, %s, %s, %d)"
            .formatted(
                includeBias ? "a2" : "None",
                list(stride.getShape()),
                list(padding.getShape()),
                list(dilation.getShape()),
                groups));
    body.add("z = torch.to(torch.to(y, %d), %d)".formatted(bfloat16, float32));
    return TorchScript.of(owner, List.of("w"), body, List.of("torch.contiguous(z)"));
  }

  private static String list(long[] numbers) {
    return java.util.Arrays.toString(numbers);
  }
}
