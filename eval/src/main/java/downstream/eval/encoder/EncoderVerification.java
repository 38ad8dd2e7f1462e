package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Runs an encoder in both engines on the same random images and compares every value that heads may
 * read.
 */
public final class EncoderVerification {
  /** The largest relative difference that passes. */
  public static final double TOLERANCE = 1e-4;

  private static final int[] BATCHES = {1, 3};
  private static final List<String> NAMED = List.of("patches", "tokens");

  private EncoderVerification() {}

  /**
   * One value compared at one batch size.
   *
   * @param maxRel max|a − b| / max(1e-6, max|b|), a from the PyTorch engine, b from ONNX Runtime;
   *     NaN if either is
   */
  public record Difference(String value, int batch, double maxRel) {
    /** Whether both engines agree. */
    public boolean passes() {
      return maxRel <= TOLERANCE;
    }
  }

  /** Compares the engines at batches of 1 and 3, on the same standard-normal images every time. */
  public static List<Difference> compare(EncoderFile file) {
    List<String> values = values(file);
    List<Difference> differences = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager();
        OnnxEncoder frozen =
            new OnnxEncoder(file, values, Runtime.getRuntime().availableProcessors())) {
      EncoderBlock block = new EncoderBlock(file, manager);
      for (int batch : BATCHES) {
        differences.addAll(compare(file.spec(), block, frozen, values, batch, manager));
      }
    }
    return differences;
  }

  /** Every feature level, and of our own graphs the patches, the tokens and each block's output. */
  private static List<String> values(EncoderFile file) {
    Set<String> values = new LinkedHashSet<>();
    file.spec()
        .builder()
        .ifPresent(
            vit -> {
              values.addAll(NAMED);
              for (int block = 0; block < vit.depth(); block++) {
                values.add("blocks." + block);
              }
            });
    file.spec().levels().forEach(level -> values.add(level.value()));
    return List.copyOf(values);
  }

  private static List<Difference> compare(
      EncoderSpec spec,
      EncoderBlock block,
      OnnxEncoder frozen,
      List<String> values,
      int batch,
      NDManager manager) {
    long[] shape = {batch, 3, spec.imageSize(), spec.imageSize()};
    float[] images = normal(Math.toIntExact(new Shape(shape).size()));
    Map<String, OnnxEncoder.Value> expected = frozen.run(images, shape, values);
    List<Difference> differences = new ArrayList<>();
    try (NDManager scope = manager.newSubManager()) {
      NDArray input = scope.create(images, new Shape(shape));
      Map<String, NDArray> actual =
          block.run(new ParameterStore(scope, false), Map.of(spec.input(), input), values, false);
      actual.forEach(
          (name, array) -> {
            float[] other = java.util.Objects.requireNonNull(expected.get(name)).data();
            differences.add(new Difference(name, batch, maxRel(array.toFloatArray(), other)));
          });
    }
    return differences;
  }

  private static float[] normal(int count) {
    SplittableRandom random = new SplittableRandom(count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static double maxRel(float[] a, float[] b) {
    if (a.length != b.length) {
      return Double.NaN;
    }
    double difference = 0;
    double scale = 1e-6;
    for (int i = 0; i < a.length; i++) {
      double distance = Math.abs((double) a[i] - b[i]);
      if (!Double.isFinite(distance)) {
        return Double.NaN;
      }
      difference = Math.max(difference, distance);
      scale = Math.max(scale, Math.abs(b[i]));
    }
    return difference / scale;
  }
}
