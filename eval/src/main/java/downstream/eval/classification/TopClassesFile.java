package downstream.eval.classification;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.annotation.Category;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/** The stored predictions: gzipped JSON with the five best classes of every example. */
final class TopClassesFile {
  /** Number of classes kept per image: those that top-5 accuracy needs. */
  static final int KEPT = 5;

  private static final String SCHEMA = "downstream/classification-predictions/1";

  private TopClassesFile() {}

  /** The layout of the file. */
  private record Stored(String schema, List<Example> examples) {}

  /**
   * One example's prediction.
   *
   * @param image name of its image
   * @param box id of its box there
   * @param categories ids of the best classes, the best first
   * @param scores theirs, above 0
   */
  private record Example(String image, long box, List<Long> categories, List<Double> scores) {}

  /**
   * Writes predictions.
   *
   * @param scores one score a class for every example, whose ties go to the lower label; a class
   *     with score 0 is no prediction
   */
  static void write(Path file, LabelledCrops examples, IntFunction<double[]> scores) {
    List<Example> stored =
        IntStream.range(0, examples.size())
            .parallel()
            .mapToObj(i -> example(examples, examples.crops().get(i), scores.apply(i)))
            .toList();
    AtomicFile.write(
        file,
        out -> {
          GZIPOutputStream gzip = new GZIPOutputStream(out);
          gzip.write(Json.MAPPER.writeValueAsBytes(new Stored(SCHEMA, stored)));
          gzip.finish();
        });
  }

  private static Example example(LabelledCrops examples, LabelledCrop crop, double[] scores) {
    List<Integer> best =
        IntStream.range(0, scores.length)
            .boxed()
            .filter(label -> scores[label] > 0)
            .sorted(Comparator.comparingDouble((Integer label) -> -scores[label]))
            .limit(KEPT)
            .toList();
    List<Category> categories = examples.set().categories();
    return new Example(
        examples.imageName(crop),
        crop.box(),
        best.stream().map(label -> categories.get(label).id()).toList(),
        best.stream().map(label -> scores[label]).toList());
  }

  /**
   * Reads predictions of these examples.
   *
   * @throws BadInput if the file is damaged, or is not of exactly these examples
   */
  static List<Prediction> read(Path file, LabelledCrops examples) throws IOException {
    List<Example> stored = stored(file).examples();
    if (stored.size() != examples.size()) {
      throw foreign(file, stored.size() + " examples, the data set has " + examples.size());
    }
    List<Long> ids = examples.set().categories().stream().map(Category::id).toList();
    List<Prediction> predictions = new ArrayList<>();
    for (int i = 0; i < stored.size(); i++) {
      Example example = stored.get(i);
      LabelledCrop crop = examples.crops().get(i);
      if (!example.image().equals(examples.imageName(crop)) || example.box() != crop.box()) {
        throw foreign(file, "box " + example.box() + " of image '" + example.image() + "'");
      }
      List<Integer> labels = example.categories().stream().map(ids::indexOf).toList();
      if (labels.isEmpty() || labels.contains(-1) || labels.size() != example.scores().size()) {
        throw foreign(file, "categories " + example.categories() + " of example " + i);
      }
      predictions.add(new Prediction(labels, example.scores()));
    }
    return predictions;
  }

  private static Stored stored(Path file) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      JsonNode tree = Json.MAPPER.readTree(in);
      if (!SCHEMA.equals(tree.path("schema").asText())) {
        throw new BadInput(file, "is not of schema " + SCHEMA, "Name a classification run's file");
      }
      return Json.as(file, tree, Stored.class);
    } catch (JsonProcessingException | ZipException | EOFException e) {
      throw new BadInput(file, "is damaged (" + e.getMessage() + ")", "Run `eval` again", e);
    }
  }

  private static BadInput foreign(Path file, String found) {
    return new BadInput(
        file,
        "does not fit this data set and protocol: it has " + found,
        "Give the run's own data with --data");
  }
}
