package downstream.eval.encoder.operators;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * One axis of ONNX's Resize: which places of the input each place of the output is interpolated
 * from, and with what weight. Coordinates are computed in float32, as ONNX Runtime does, so that
 * ties fall on the same side.
 *
 * @param length places of the input
 * @param places places of the output
 * @param scale output over input, as the node states it
 * @param start where the crop of tf_crop_and_resize starts, as a fraction of the input
 * @param end where it ends
 */
record ResizeAxis(Node node, int length, int places, float scale, float start, float end) {

  /** The input's coordinate of a place of the output; see ONNX, Resize. */
  float coordinate(int place) {
    return switch (node.text("coordinate_transformation_mode", "half_pixel")) {
      case "asymmetric" -> place / scale;
      case "align_corners" -> places == 1 ? 0 : (float) place * (length - 1) / (places - 1);
      case "pytorch_half_pixel" -> places > 1 ? (place + 0.5f) / scale - 0.5f : 0;
      case "tf_half_pixel_for_nn" -> (place + 0.5f) / scale;
      case "half_pixel_symmetric" -> {
        float adjustment = places / (scale * length);
        float offset = length / 2f * (1 - adjustment);
        yield offset + (place + 0.5f) / scale - 0.5f;
      }
      case "tf_crop_and_resize" ->
          places > 1
              ? start * (length - 1) + place * (end - start) * (length - 1) / (places - 1)
              : 0.5f * (start + end) * (length - 1);
      default -> (place + 0.5f) / scale - 0.5f;
    };
  }

  /** Tells whether a place is outside the input, where tf_crop_and_resize extrapolates. */
  boolean outside(int place) {
    float x = coordinate(place);
    return x < 0 || x > length - 1;
  }

  /** Nearest place of the input for each place of the output. */
  long[] nearest() {
    long[] sources = new long[places];
    for (int i = 0; i < places; i++) {
      sources[i] = Math.max(0, Math.min(length - 1, round(coordinate(i))));
    }
    return sources;
  }

  private long round(float x) {
    return switch (node.text("nearest_mode", "round_prefer_floor")) {
      case "floor" -> (long) Math.floor(x);
      case "ceil" -> (long) Math.ceil(x);
      case "round_prefer_ceil" -> (long) Math.floor(x + 0.5f);
      default -> (long) Math.ceil(x - 0.5f);
    };
  }

  /** [places · length] weights of a linear or cubic interpolation. */
  double[] weights(boolean cubic) {
    boolean wide = node.integer("antialias", 0) != 0 && scale < 1;
    double[] weights = new double[places * length];
    for (int i = 0; i < places; i++) {
      double[] row = wide ? antialiased(i, cubic) : row(coordinate(i), cubic);
      System.arraycopy(row, 0, weights, i * length, length);
    }
    return weights;
  }

  private double[] row(float x, boolean cubic) {
    double[] row = new double[length];
    if (!cubic) {
      float inside = Math.max(0, Math.min(length - 1, x));
      int low = (int) inside;
      row[low] += 1 - (inside - low);
      row[Math.min(low + 1, length - 1)] += inside - low;
      return row;
    }
    int floor = (int) Math.floor(x);
    for (int tap = floor - 1; tap <= floor + 2; tap++) {
      add(row, tap, cubic(x - tap));
    }
    return excludesOutside() ? normalized(row) : row;
  }

  /** The kernel is stretched over the places that fall together. */
  private double[] antialiased(int place, boolean cubic) {
    DoubleUnaryOperator kernel = cubic ? this::cubic : x -> Math.max(0, 1 - Math.abs(x));
    double reach = (cubic ? 2 : 1) / scale;
    float centre = coordinate(place);
    double[] row = new double[length];
    for (int tap = (int) Math.ceil(centre - reach); tap <= Math.floor(centre + reach); tap++) {
      add(row, tap, kernel.applyAsDouble((tap - centre) * scale));
    }
    return normalized(row);
  }

  /** Places outside the input count as the border's, unless they are excluded. */
  private void add(double[] row, int tap, double weight) {
    if ((tap >= 0 && tap < length) || !excludesOutside()) {
      row[Math.max(0, Math.min(length - 1, tap))] += weight;
    }
  }

  private boolean excludesOutside() {
    return node.integer("exclude_outside", 0) != 0;
  }

  private static double[] normalized(double[] row) {
    double sum = Arrays.stream(row).sum();
    return Arrays.stream(row).map(weight -> weight / sum).toArray();
  }

  private double cubic(double distance) {
    return CubicKernel.weight(distance, node.number("cubic_coeff_a", -0.75f));
  }
}
