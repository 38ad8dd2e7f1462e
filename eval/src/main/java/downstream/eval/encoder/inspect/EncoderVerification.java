package downstream.eval.encoder.inspect;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.Device;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.build.WeightInit;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.eval.encoder.train.TrainableEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Runs an encoder in both engines on the same random images and compares every output of the graph
 * and every level; in the PyTorch engine also the graph as one call with its nodes one by one, and
 * each row of a batch with that image alone.
 */
public final class EncoderVerification {
  /** The largest relative difference that passes for a graph of this project. */
  public static final double TOLERANCE = 1e-4;

  /** The largest relative difference that passes for a foreign graph. */
  public static final double FOREIGN_TOLERANCE = 1e-3;

  /** The largest relative difference that passes between one call and single nodes. */
  private static final double NODE_TOLERANCE = 1e-5;

  private static final int[] BATCHES = {1, 3};
  private static final List<String> NAMED = List.of("patches", "tokens");

  private final EncoderFile file;
  private final int size;
  private final double tolerance;
  private final List<String> values;

  private EncoderVerification(EncoderFile file, int size) {
    this.file = file;
    this.size = size;
    this.tolerance = file.isOurs() ? TOLERANCE : FOREIGN_TOLERANCE;
    this.values = values(file);
  }

  /**
   * One value compared at one batch size.
   *
   * @param check {@code engines}: the PyTorch engine with ONNX Runtime; {@code nodes}: the graph as
   *     one call with its nodes one by one, and {@code rows}: each row of the batch with its image
   *     alone, both in the PyTorch engine
   * @param maxAbs max|a − b|
   * @param maxRel max|a − b| / max(1e-6, max|b|), b from ONNX Runtime, node by node or alone; NaN
   *     if either is, or if the shapes differ
   * @param agree whether {@code maxRel} is within {@code tolerance}
   */
  public record Difference(
      String check,
      String value,
      int batch,
      double maxAbs,
      double maxRel,
      double tolerance,
      boolean agree) {

    static Difference of(
        String check, String value, int batch, float[] a, float[] b, double tolerance) {
      double absolute = distance(a, b);
      double relative = absolute / scale(b);
      return new Difference(
          check, value, batch, absolute, relative, tolerance, relative <= tolerance);
    }
  }

  /**
   * Compares as {@link #compare(EncoderFile, int, long, Device)}, at the file's size, seed 0, on
   * the CPU.
   */
  public static List<Difference> compare(EncoderFile file) {
    return compare(file, SpecProposal.imageSize(file), 0, Device.CPU);
  }

  /**
   * Compares the engines at batches of 1 and 3 on standard-normal images.
   *
   * @param size side of the images in pixels
   * @param device of both engines
   * @throws downstream.eval.BadInput if an operator is missing or either engine refuses the file
   */
  public static List<Difference> compare(EncoderFile file, int size, long seed, Device device) {
    return new EncoderVerification(file, size).compare(seed, device);
  }

  private List<Difference> compare(long seed, Device device) {
    List<Difference> differences = new ArrayList<>();
    try (NDManager manager = device.newManager();
        OnnxEncoder frozen =
            new OnnxEncoder(file, values, Runtime.getRuntime().availableProcessors(), device)) {
      TrainableEncoder block = new TrainableEncoder(file, manager);
      int most = BATCHES[BATCHES.length - 1];
      float[] images = WeightInit.normal(new SplittableRandom(seed), 1, most * 3 * size * size);
      List<Map<String, float[]>> alone = new ArrayList<>();
      for (int row = 0; row < most; row++) {
        alone.add(trained(block::run, part(images, row), manager));
      }
      for (int batch : BATCHES) {
        float[] some = Arrays.copyOf(images, batch * 3 * size * size);
        Map<String, float[]> actual = trained(block::run, some, manager);
        Map<String, float[]> nodes = trained(block::runNodeByNode, some, manager);
        Map<String, float[]> expected = frozen(frozen, some);
        for (String value : values) {
          float[] a = Objects.requireNonNull(actual.get(value));
          float[] b = Objects.requireNonNull(expected.get(value));
          float[] c = Objects.requireNonNull(nodes.get(value));
          differences.add(Difference.of("engines", value, batch, a, b, tolerance));
          differences.add(Difference.of("nodes", value, batch, a, c, NODE_TOLERANCE));
          if (batch > 1) {
            float[] rows = joined(alone.subList(0, batch), value);
            differences.add(Difference.of("rows", value, batch, a, rows, tolerance));
          }
        }
      }
    }
    return differences;
  }

  /** Every level and output, and of our own graphs the patches, the tokens and each block. */
  private static List<String> values(EncoderFile file) {
    Set<String> values = new LinkedHashSet<>();
    if (file.hasSpec()) {
      file.spec()
          .vit()
          .ifPresent(
              vit -> {
                values.addAll(NAMED);
                for (int block = 0; block < vit.depth(); block++) {
                  values.add("blocks." + block);
                }
              });
    }
    values.addAll(file.levelValues());
    values.addAll(file.graph().outputs());
    return List.copyOf(values);
  }

  /** A way in which the PyTorch engine runs the encoder. */
  private interface Run {
    Map<String, NDArray> values(
        ParameterStore store, Map<String, NDArray> feeds, List<String> fetches, boolean training);
  }

  private Map<String, float[]> trained(Run run, float[] images, NDManager manager) {
    Map<String, float[]> found = new LinkedHashMap<>();
    try (NDManager scope = manager.newSubManager()) {
      NDArray input = scope.create(images, new Shape(shape(images)));
      String name = file.graph().input().getName();
      run.values(new ParameterStore(scope, false), Map.of(name, input), values, false)
          .forEach((value, array) -> found.put(value, array.toFloatArray()));
    }
    return found;
  }

  /** A file that fixes its batch is run row by row. */
  private Map<String, float[]> frozen(OnnxEncoder encoder, float[] images) {
    if (encoder.fixedBatch().isEmpty()) {
      return data(encoder, images);
    }
    List<Map<String, float[]>> rows = new ArrayList<>();
    for (int row = 0; row < shape(images)[0]; row++) {
      rows.add(data(encoder, part(images, row)));
    }
    Map<String, float[]> joined = new LinkedHashMap<>();
    values.forEach(value -> joined.put(value, joined(rows, value)));
    return joined;
  }

  private Map<String, float[]> data(OnnxEncoder encoder, float[] images) {
    Map<String, float[]> data = new LinkedHashMap<>();
    encoder
        .run(images, shape(images), values)
        .forEach((value, result) -> data.put(value, result.data()));
    return data;
  }

  private long[] shape(float[] images) {
    return new long[] {images.length / (3L * size * size), 3, size, size};
  }

  private float[] part(float[] images, int row) {
    int each = 3 * size * size;
    return Arrays.copyOfRange(images, row * each, (row + 1) * each);
  }

  private static float[] joined(List<Map<String, float[]>> rows, String value) {
    int each = Objects.requireNonNull(rows.get(0).get(value)).length;
    float[] joined = new float[rows.size() * each];
    for (int row = 0; row < rows.size(); row++) {
      float[] one = Objects.requireNonNull(rows.get(row).get(value));
      System.arraycopy(one, 0, joined, row * each, each);
    }
    return joined;
  }

  private static double distance(float[] a, float[] b) {
    if (a.length != b.length) {
      return Double.NaN;
    }
    double difference = 0;
    for (int i = 0; i < a.length; i++) {
      double apart = Math.abs((double) a[i] - b[i]);
      if (!Double.isFinite(apart)) {
        return Double.NaN;
      }
      difference = Math.max(difference, apart);
    }
    return difference;
  }

  private static double scale(float[] values) {
    double scale = 1e-6;
    for (float value : values) {
      scale = Math.max(scale, Math.abs(value));
    }
    return scale;
  }
}
