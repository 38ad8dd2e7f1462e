package downstream.eval.encoder.operators;

import downstream.eval.torch.TorchScript;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Convolutions over one to three spatial axes, and their transposes. */
final class Convolutions {
  private Convolutions() {}

  /**
   * Conv: x [N, C, ...], weight [M, C/groups, ...], bias [M]. The engine pads evenly only; what is
   * uneven is padded by hand.
   */
  static String convolution(Operands in) {
    KernelWindow window = KernelWindow.of(in.node(), in.shape(0), kernel(in));
    String x = channelsLast(in);
    long[] padding = window.begin;
    if (!window.even()) {
      x = Code.pad(x, KernelWindow.perAxis(window.begin), KernelWindow.perAxis(window.end), 0);
      padding = new long[padding.length];
    }
    return Code.call(
        "convolution",
        x,
        in.code(1),
        in.codeOrNone(2),
        window.strides,
        padding,
        window.dilations,
        false,
        new long[padding.length],
        in.node().integer("group", 1));
  }

  /**
   * Returns the images or maps; in bfloat16 with the channels of a pixel next to each other, the
   * order that its kernels compute in.
   */
  private static String channelsLast(Operands in) {
    return in.writer().multipliesBfloat16() && in.rank(0) == 4
        ? in.let(Code.call("contiguous", in.code(0), "memory_format=" + TorchScript.CHANNELS_LAST))
        : in.code(0);
  }

  /** The kernel's size, from a weight with two leading axes. */
  private static long[] kernel(Operands in) {
    return in.shape(1).slice(2).getShape();
  }

  /**
   * ConvTranspose: x [N, C, ...], weight [C, M/groups, ...], bias [M]. What the engine cannot cut
   * off or add by its own settings is cut or added by hand, before the bias.
   */
  static String transposed(Operands in) {
    long[] kernel = kernel(in);
    long[] ones = new long[kernel.length];
    Arrays.fill(ones, 1);
    long[] strides = in.node().integers("strides", ones);
    long[] dilations = in.node().integers("dilations", ones);
    long[][] cut = cut(in, kernel, strides, dilations);
    long[] begin = cut[0];
    long[] end = cut[1];
    long[] extra = IntStream.range(0, kernel.length).mapToLong(i -> begin[i] - end[i]).toArray();
    boolean direct =
        IntStream.range(0, kernel.length)
            .allMatch(
                i ->
                    begin[i] >= 0
                        && extra[i] >= 0
                        && extra[i] < Math.max(strides[i], dilations[i]));
    if (direct) {
      return transposed(in, in.codeOrNone(2), strides, begin, dilations, extra);
    }
    long[] none = new long[kernel.length];
    String whole = in.let(transposed(in, Code.NONE, strides, none, dilations, none));
    String shifted = Code.pad(whole, negated(begin), negated(end), 0);
    long[] perChannel = new long[kernel.length + 1];
    Arrays.fill(perChannel, 1);
    perChannel[0] = -1;
    return in.has(2)
        ? Code.call("add", shifted, Code.call("reshape", in.code(2), perChannel))
        : shifted;
  }

  private static String transposed(
      Operands in, String bias, long[] strides, long[] padding, long[] dilations, long[] extra) {
    return Code.call(
        "convolution",
        in.code(0),
        in.code(1),
        bias,
        strides,
        padding,
        dilations,
        true,
        extra,
        in.node().integer("group", 1));
  }

  private static long[] negated(long[] spatial) {
    return KernelWindow.perAxis(Arrays.stream(spatial).map(cut -> -cut).toArray());
  }

  /** Returns what is cut off the whole result before the first place and after the last one. */
  private static long[][] cut(Operands in, long[] kernel, long[] strides, long[] dilations) {
    Node node = in.node();
    int axes = kernel.length;
    long[] pads = node.integers("pads", new long[2 * axes]);
    long[] begin = Arrays.copyOf(pads, axes);
    long[] end = Arrays.copyOfRange(pads, axes, 2 * axes);
    long[] extra = node.integers("output_padding", new long[axes]);
    String automatic = node.text("auto_pad", "NOTSET");
    boolean same = automatic.startsWith("SAME");
    long[] wanted = node.integers("output_shape");
    for (int i = 0; i < axes; i++) {
      long size = in.shape(0).get(i + 2);
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
    return new long[][] {begin, end};
  }
}
