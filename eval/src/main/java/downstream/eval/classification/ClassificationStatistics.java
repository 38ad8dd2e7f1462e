package downstream.eval.classification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * Outcomes image by image, in the set's order: what a bootstrap over images needs. Stored as
 * gzipped JSON.
 *
 * @param classes names by label
 */
record ClassificationStatistics(List<String> classes, List<ImageOutcome> images) {
  private static final String SCHEMA = "downstream/classification-statistics/1";

  ClassificationStatistics {
    classes = List.copyOf(classes);
    images = List.copyOf(images);
  }

  /** The layout of the file. */
  private record Stored(String schema, List<String> classes, List<ImageOutcome> images) {}

  /** Counts predictions, one for each example. An image without examples has an empty outcome. */
  static ClassificationStatistics of(LabelledCrops examples, List<Prediction> predictions) {
    int images = examples.set().images().size();
    List<List<Integer>> labels = new ArrayList<>();
    List<List<Prediction>> answers = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      labels.add(new ArrayList<>());
      answers.add(new ArrayList<>());
    }
    for (int i = 0; i < examples.size(); i++) {
      LabelledCrop crop = examples.crops().get(i);
      labels.get(crop.image()).add(crop.label());
      answers.get(crop.image()).add(predictions.get(i));
    }
    List<ImageOutcome> outcomes = new ArrayList<>();
    for (int i = 0; i < images; i++) {
      String name = examples.set().images().get(i).name();
      outcomes.add(ImageOutcome.of(name, labels.get(i), answers.get(i)));
    }
    return new ClassificationStatistics(examples.classes(), outcomes);
  }

  /** Sum of all images' outcomes, each image counted once. */
  Confusion sum() {
    Confusion sum = new Confusion(classes.size());
    images.forEach(image -> sum.add(image, 1));
    return sum;
  }

  /**
   * Image i counted {@code weights[i]} times.
   *
   * @param weights one whole number ≥ 0 per image
   */
  Confusion sum(double[] weights) {
    if (weights.length != images.size()) {
      throw new IllegalArgumentException(
          weights.length + " weights for " + images.size() + " images");
    }
    Confusion sum = new Confusion(classes.size());
    for (int i = 0; i < weights.length; i++) {
      if (!(weights[i] >= 0) || weights[i] != Math.rint(weights[i])) {
        throw new IllegalArgumentException("weights must be whole numbers ≥ 0, not " + weights[i]);
      }
      sum.add(images.get(i), (long) weights[i]);
    }
    return sum;
  }

  void write(Path file) {
    AtomicFile.write(
        file,
        out -> {
          GZIPOutputStream gzip = new GZIPOutputStream(out);
          gzip.write(Json.MAPPER.writeValueAsBytes(new Stored(SCHEMA, classes, images)));
          gzip.finish();
        });
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws BadInput if it is not such a file
   */
  static ClassificationStatistics read(Path file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      JsonNode tree = Json.MAPPER.readTree(in);
      if (!SCHEMA.equals(tree.path("schema").asText())) {
        throw new BadInput(file, "is not of schema " + SCHEMA, "Run `eval` again to write it");
      }
      Stored stored = Json.as(file, tree, Stored.class);
      return new ClassificationStatistics(stored.classes(), stored.images());
    } catch (JsonProcessingException | ZipException | EOFException e) {
      throw new BadInput(
          file, "is damaged (" + e.getMessage() + ")", "Run `eval` again to write it", e);
    }
  }
}
