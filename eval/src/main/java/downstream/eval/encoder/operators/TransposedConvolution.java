package downstream.eval.encoder.operators;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * ConvTranspose, which the engine lacks: x [N, C, ...], weight [C, M/groups, ...], bias [M]. Zeros
 * are put between the values and the flipped kernel slides over them; where kernel and stride are
 * equal the pieces do not overlap, and a matrix product is enough.
 */
final class TransposedConvolution {
  private final Operands in;
  private final NDArray x;
  private final NDArray weight;
  private final int axes;
  private final int groups;
  private final long[] kernel;
  private final long[] strides;
  private final long[] dilations;
  private final long[] begin;
  private final long[] end;

  private TransposedConvolution(Operands in) {
    this.in = in;
    x = in.array(0);
    weight = in.array(1);
    kernel = Convolutions.spatial(weight);
    axes = kernel.length;
    groups = Math.toIntExact(in.node().integer("group", 1));
    long[] ones = new long[axes];
    Arrays.fill(ones, 1);
    strides = in.node().integers("strides", ones);
    dilations = in.node().integers("dilations", ones);
    long[] pads = in.node().integers("pads", new long[2 * axes]);
    begin = Arrays.copyOf(pads, axes);
    end = Arrays.copyOfRange(pads, axes, 2 * axes);
    pad();
  }

  static NDArray apply(Operands in) {
    TransposedConvolution convolution = new TransposedConvolution(in);
    return convolution.tiles() ? convolution.product() : convolution.stuffed();
  }

  /** Computes the padding of both sides; {@code end} may become negative, which adds. */
  private void pad() {
    long[] extra = in.node().integers("output_padding", new long[axes]);
    String automatic = in.node().text("auto_pad", "NOTSET");
    boolean same = automatic.startsWith("SAME");
    long[] wanted = in.node().integers("output_shape");
    for (int i = 0; i < axes; i++) {
      long size = x.getShape().get(i + 2);
      if (wanted.length > 0 || same) {
        long output = wanted.length > 0 ? wanted[wanted.length - axes + i] : size * strides[i];
        long total =
            strides[i] * (size - 1) + extra[i] + (kernel[i] - 1) * dilations[i] + 1 - output;
        long half = Math.max(total, 0) / 2;
        begin[i] = automatic.equals("SAME_UPPER") ? half : Math.max(total, 0) - half;
        end[i] = total - begin[i];
      }
      end[i] -= extra[i];
    }
  }

  private boolean tiles() {
    long[] none = new long[axes];
    return groups == 1
        && Arrays.equals(kernel, strides)
        && Arrays.stream(dilations).allMatch(dilation -> dilation == 1)
        && Arrays.equals(begin, none)
        && Arrays.equals(end, none);
  }

  /** [N, C, H, W] → [N, H, W, C] · [C, M·k·k] → [N, M, H, k, W, k] → [N, M, H·k, W·k]. */
  private NDArray product() {
    Shape size = x.getShape().slice(2);
    long batch = x.getShape().get(0);
    long channels = weight.getShape().get(1);
    Shape split = new Shape(batch).addAll(size).add(channels).addAll(new Shape(kernel));
    Shape output = new Shape(batch, channels);
    for (int i = 0; i < axes; i++) {
      output = output.add(size.get(i) * kernel[i]);
    }
    NDArray kernels = weight.reshape(weight.getShape().get(0), -1);
    NDArray pieces = x.transpose(channelsLast()).matMul(kernels).reshape(split);
    return addBias(pieces.transpose(interleaved()).reshape(output));
  }

  private int[] channelsLast() {
    int[] order = IntStream.rangeClosed(1, axes + 2).toArray();
    order[0] = 0;
    order[axes + 1] = 1;
    return order;
  }

  /** Permutation of [N, H, W, M, k, k] to [N, M, H, k, W, k]. */
  private int[] interleaved() {
    int[] order = new int[2 * axes + 2];
    order[1] = axes + 1;
    for (int i = 0; i < axes; i++) {
      order[2 * i + 2] = i + 1;
      order[2 * i + 3] = axes + 2 + i;
    }
    return order;
  }

  private NDArray addBias(NDArray y) {
    NDArray bias = in.arrayOrNull(2);
    long[] perChannel = new long[axes + 1];
    Arrays.fill(perChannel, 1);
    perChannel[0] = y.getShape().get(1);
    return bias == null ? y : y.add(bias.reshape(perChannel));
  }

  private NDArray stuffed() {
    long[] before = new long[axes];
    long[] after = new long[axes];
    for (int i = 0; i < axes; i++) {
      long reach = (kernel[i] - 1) * dilations[i];
      before[i] = reach - begin[i];
      after[i] = reach - end[i] - (strides[i] - 1);
    }
    NDArray padded =
        Torch.pad(stuff(), KernelWindow.perAxis(before), KernelWindow.perAxis(after), 0);
    long[] ones = new long[axes];
    Arrays.fill(ones, 1);
    return Convolutions.convolve(
        padded, flipped(), in.arrayOrNull(2), ones, new long[axes], dilations, groups);
  }

  /** Inserts stride − 1 zeros after every value. */
  private NDArray stuff() {
    long[] shape = x.getShape().getShape();
    long[] apart = new long[2 * axes + 2];
    long[] zeros = new long[2 * axes + 2];
    long[] together = shape.clone();
    apart[0] = shape[0];
    apart[1] = shape[1];
    for (int i = 0; i < axes; i++) {
      apart[2 * i + 2] = shape[i + 2];
      apart[2 * i + 3] = 1;
      zeros[2 * i + 3] = strides[i] - 1;
      together[i + 2] *= strides[i];
    }
    return Torch.pad(x.reshape(apart), new long[zeros.length], zeros, 0).reshape(together);
  }

  /** [C, M/groups, ...] → [M, C/groups, ...], each kernel turned round. */
  private NDArray flipped() {
    long inputs = weight.getShape().get(0) / groups;
    long outputs = weight.getShape().get(1);
    Shape space = new Shape(kernel);
    NDArray turned = weight;
    for (int i = 0; i < axes; i++) {
      turned = Torch.flip(turned, i + 2);
    }
    return turned
        .reshape(new Shape(groups, inputs, outputs).addAll(space))
        .swapAxes(1, 2)
        .reshape(new Shape(groups * outputs, inputs).addAll(space));
  }
}
