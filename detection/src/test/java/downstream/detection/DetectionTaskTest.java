package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.GroundTruth;
import downstream.detection.metrics.MetricValue;
import downstream.detection.metrics.io.ResultsReader;
import downstream.detection.metrics.io.ResultsWriter;
import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Protocol;
import downstream.eval.task.Protocols;
import downstream.eval.task.Score;
import downstream.eval.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectionTaskTest {
  private final DetectionTask task = new DetectionTask();

  @TempDir private Path folder;

  private static Protocol smoke(String... assignments) {
    return Protocols.load(new DetectionTask(), "smoke", List.of(assignments));
  }

  private Path train(ImageSet set, Protocol protocol, String name) throws IOException {
    FitRequest fit =
        new FitRequest(
            TinyEncoder.file(64),
            protocol,
            set,
            3,
            folder.resolve(name),
            folder.resolve("features"),
            2,
            Device.CPU,
            0);
    Path predictions = folder.resolve(name + ".json.gz");
    try (FittedModel model = task.fit(fit)) {
      model.predict(set, predictions);
      assertThat(model.digest()).hasSize(64);
    }
    return predictions;
  }

  @Test
  void is_found_by_the_service_loader() {
    assertThat(ServiceLoader.load(Task.class).stream().map(p -> p.get().name()))
        .contains("detection");
  }

  @Test
  void the_same_seed_gives_the_same_predictions_to_the_byte() throws IOException {
    ImageSet set = Shapes.write(folder, 6, 100, 80, 1);
    Protocol protocol = smoke("inference.scoreThreshold=0.01");
    byte[] first = Files.readAllBytes(train(set, protocol, "a"));
    byte[] second = Files.readAllBytes(train(set, protocol, "b"));
    assertThat(first).isEqualTo(second).hasSizeGreaterThan(200);
  }

  @Test
  void predictions_lie_inside_their_images() throws IOException {
    ImageSet set = Shapes.write(folder, 4, 90, 50, 4);
    Path predictions =
        train(set, smoke("inference.scoreThreshold=0.01", "schedule.steps=4"), "inside");
    BoxTable boxes = ResultsReader.read(predictions, GroundTruth.of(set)).boxes();
    assertThat(boxes.size).isPositive();
    for (int row = 0; row < boxes.size; row++) {
      assertThat(boxes.x[row]).isBetween(0.0, 90.0);
      assertThat(boxes.x[row] + boxes.width[row]).isBetween(0.0, 90.001);
      assertThat(boxes.y[row] + boxes.height[row]).isBetween(0.0, 50.001);
    }
  }

  @Test
  void statistics_give_the_score_again_and_weigh_images() throws IOException {
    ImageSet set = Shapes.write(folder, 3, 64, 64, 5);
    Path predictions = perfect(set, 3);
    Path statistics = folder.resolve("statistics.bin.gz");
    task.evaluate(predictions, set, smoke()).writeStatistics(statistics);
    Score plain = task.evaluate(predictions, set, smoke()).score();
    assertThat(task.resampler(statistics).resample(new double[] {1, 1, 1})).isEqualTo(plain);
    assertThat(MetricValue.of(plain, "AP", -1)).isGreaterThan(0.999);
    assertThatThrownBy(() -> task.resampler(statistics).resample(new double[] {1}))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("holds 3 images, found 1 weights");
  }

  @Test
  void a_weight_of_zero_leaves_an_image_out() throws IOException {
    ImageSet set = Shapes.write(folder, 3, 64, 64, 5);
    Path predictions = perfect(set, 2);
    Path statistics = folder.resolve("statistics.bin.gz");
    task.evaluate(predictions, set, smoke()).writeStatistics(statistics);
    assertThat(
            MetricValue.of(task.resampler(statistics).resample(new double[] {1, 1, 1}), "AP", -1))
        .isLessThan(0.95);
    assertThat(
            MetricValue.of(task.resampler(statistics).resample(new double[] {1, 1, 0}), "AP", -1))
        .isGreaterThan(0.999);
  }

  @Test
  void explains_a_difference_by_class_and_by_size() throws IOException {
    ImageSet set = Shapes.write(folder, 3, 64, 64, 5);
    Path a = folder.resolve("a.bin.gz");
    Path b = folder.resolve("b.bin.gz");
    task.evaluate(perfect(set, 2), set, smoke()).writeStatistics(a);
    task.evaluate(perfect(set, 3), set, smoke()).writeStatistics(b);
    JsonNode explained = task.explain(a, b);
    double lead = explained.path("metrics").path("AP").path("difference").doubleValue();
    assertThat(lead).isNegative();
    assertThat(explained.path("metrics").path("APl").path("difference").isNull()).isTrue();
    assertThat(explained.path("per_class").path("disc").path("AP").path("b").doubleValue())
        .isGreaterThan(0.999);
  }

  @Test
  void a_damaged_statistics_file_is_refused() throws IOException {
    Path file = Files.writeString(folder.resolve("broken.bin.gz"), "no table");
    assertThatThrownBy(() -> task.explain(file, file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("broken.bin.gz: is not a readable match table");
  }

  @Test
  void draws_boxes_and_curves() throws IOException {
    ImageSet set = Shapes.write(folder, 3, 64, 64, 5);
    List<Path> plots = task.evaluate(perfect(set, 2), set, smoke()).plots(folder.resolve("f"), 2);
    assertThat(plots.stream().map(file -> String.valueOf(file.getFileName())))
        .containsExactly(
            "detections.png",
            "worst.png",
            "precision-recall.png",
            "ap-by-class.png",
            "ap-by-size.png");
    Image boxes = Image.read(plots.get(0));
    long green = count(boxes, 0x00E040);
    long yellow = count(boxes, 0xFFC800);
    assertThat(green).isGreaterThan(100);
    assertThat(yellow).as("nothing is missed in the first two images").isZero();
    assertThat(count(Image.read(plots.get(1)), 0xFFC800)).as("the third is").isGreaterThan(100);
    assertThat(Image.read(plots.get(2)).width()).isEqualTo(640);
  }

  private static long count(Image image, int colour) {
    return java.util.stream.IntStream.range(0, image.width() * image.height())
        .filter(i -> image.at(i % image.width(), i / image.width()) == colour)
        .count();
  }

  @Test
  void refuses_to_train_without_boxes() {
    ImageSet set = Shapes.write(folder, 2, 64, 64, 5);
    List<ImageRecord> bare =
        set.images().stream()
            .map(p -> new ImageRecord(p.id(), p.name(), p.file(), 64, 64, List.of(), p.labelMap()))
            .toList();
    ImageSet empty =
        new ImageSet("bare", set.categories(), List.of(), bare, Set.of(), "", List.of());
    assertThatThrownBy(() -> train(empty, smoke(), "none"))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("bare: has no boxes to learn from");
  }

  /** Predictions that are the ground truth of the first images, with falling scores. */
  private Path perfect(ImageSet set, int images) {
    BoxTable groundTruth = GroundTruth.of(set).boxes();
    BoxTable boxes = new BoxTable();
    for (int row = 0; row < groundTruth.size; row++) {
      if (groundTruth.image[row] < images) {
        boxes.add(
            groundTruth.image[row],
            groundTruth.category[row],
            groundTruth.x[row],
            groundTruth.y[row],
            groundTruth.width[row],
            groundTruth.height[row],
            0.9 - 0.01 * row);
      }
    }
    Path file = folder.resolve("perfect" + images + ".json.gz");
    List<Long> ids = set.images().stream().map(ImageRecord::id).toList();
    ResultsWriter.write(file, boxes, ids, Arrays.asList(3L, 7L));
    return file;
  }
}
