package downstream.segmentation.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A confusion matrix for every image of a set: what a bootstrap over images needs. Stored as
 * gzipped JSON; of each matrix only the cells that are not 0, as triples (ground truth, prediction,
 * pixels) in one flat list.
 */
public final class PerImageConfusion {
  private static final String SCHEMA = "downstream/segmentation-statistics/1";

  private final List<String> classes;
  private final List<String> images;
  private final List<ConfusionMatrix> matrices;

  public PerImageConfusion(
      List<String> classes, List<String> images, List<ConfusionMatrix> matrices) {
    this.classes = List.copyOf(classes);
    this.images = List.copyOf(images);
    this.matrices = List.copyOf(matrices);
  }

  /** The layout of the file. */
  private record Stored(String schema, List<String> classes, List<StoredImage> images) {}

  private record StoredImage(String name, long ignored, List<Long> cells) {}

  public List<String> classes() {
    return classes;
  }

  public List<String> images() {
    return images;
  }

  public ConfusionMatrix sum() {
    double[] once = new double[matrices.size()];
    java.util.Arrays.fill(once, 1);
    return sum(once);
  }

  /** Positions of the images with the lowest mean IoU of their own, the lowest first. */
  public List<Integer> worst(int count) {
    Comparator<Integer> byIou =
        Comparator.comparingDouble(
            i -> SegmentationMetrics.of(matrices.get(i)).meanIou().orElse(1.0));
    return IntStream.range(0, matrices.size()).boxed().sorted(byIou).limit(count).toList();
  }

  /**
   * The matrix of the set with each image counted as often as {@code times} says.
   *
   * @param times one whole number ≥ 0 for every image, in order
   */
  public ConfusionMatrix sum(double[] times) {
    if (times.length != matrices.size()) {
      throw new IllegalArgumentException(
          times.length + " weights for " + matrices.size() + " images");
    }
    ConfusionMatrix sum = new ConfusionMatrix(classes.size());
    for (int i = 0; i < times.length; i++) {
      sum.add(matrices.get(i), whole(times[i]));
    }
    return sum;
  }

  public static long whole(double weight) {
    if (!(weight >= 0) || weight != Math.rint(weight) || weight > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("weights must be whole numbers ≥ 0, not " + weight);
    }
    return (long) weight;
  }

  public void write(Path file) {
    List<StoredImage> stored = new ArrayList<>();
    for (int i = 0; i < matrices.size(); i++) {
      ConfusionMatrix matrix = matrices.get(i);
      stored.add(new StoredImage(images.get(i), matrix.dropped(), cells(matrix)));
    }
    AtomicFile.write(
        file,
        out -> {
          GZIPOutputStream gzip = new GZIPOutputStream(out);
          gzip.write(Json.MAPPER.writeValueAsBytes(new Stored(SCHEMA, classes, stored)));
          gzip.finish();
        });
  }

  private static List<Long> cells(ConfusionMatrix matrix) {
    List<Long> cells = new ArrayList<>();
    for (int t = 0; t < matrix.classes(); t++) {
      for (int p = 0; p < matrix.classes(); p++) {
        if (matrix.count(t, p) > 0) {
          cells.addAll(List.of((long) t, (long) p, matrix.count(t, p)));
        }
      }
    }
    return cells;
  }

  /**
   * @throws BadInput if it is not such a file
   */
  public static PerImageConfusion read(Path file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      JsonNode tree = Json.MAPPER.readTree(in);
      if (!SCHEMA.equals(tree.path("schema").asText())) {
        throw new BadInput(
            file, "is not of schema " + SCHEMA, "Write the statistics again with `rescore`");
      }
      return of(Json.as(file, tree, Stored.class));
    } catch (JsonProcessingException | java.util.zip.ZipException | java.io.EOFException e) {
      throw new BadInput(
          file, "is damaged (" + e.getMessage() + ")", "Write it again with `rescore`", e);
    }
  }

  private static PerImageConfusion of(Stored stored) {
    List<ConfusionMatrix> matrices = new ArrayList<>();
    for (StoredImage image : stored.images()) {
      ConfusionMatrix matrix = new ConfusionMatrix(stored.classes().size());
      List<Long> cells = image.cells();
      for (int i = 0; i + 2 < cells.size(); i += 3) {
        matrix.add(cells.get(i).intValue(), cells.get(i + 1).intValue(), cells.get(i + 2));
      }
      matrix.drop(image.ignored());
      matrices.add(matrix);
    }
    return new PerImageConfusion(
        stored.classes(), stored.images().stream().map(StoredImage::name).toList(), matrices);
  }
}
