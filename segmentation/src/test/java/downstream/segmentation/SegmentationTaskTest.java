package downstream.segmentation;

import static downstream.segmentation.metrics.Given.metric;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.LabelMap;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Protocol;
import downstream.eval.task.Score;
import downstream.eval.task.Task;
import downstream.segmentation.metrics.PerImageConfusion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentationTaskTest {
  private static final String FINETUNE_FCN =
      "schedule: {steps: 40}, data: {batch: 4}, optimiser: {learningRate: 0.003}";
  private static final String FROZEN_LINEAR =
      "encoder: {mode: frozen}, head: {type: linear, width: 0}, schedule: {steps: 60},"
          + " data: {batch: 4}, optimiser: {learningRate: 0.02}";

  private final SegmentationTask task = new SegmentationTask();

  @TempDir private Path folder;

  @Test
  void is_found_as_a_service() {
    assertThat(ServiceLoader.load(Task.class)).extracting(Task::name).contains("segmentation");
  }

  @ParameterizedTest
  @ValueSource(strings = {FINETUNE_FCN, FROZEN_LINEAR})
  void learns_what_the_colours_say(String changes) throws IOException {
    ImageSet train = Blocks.write(folder.resolve("train"), 8, 1);
    ImageSet other = Blocks.write(folder.resolve("val"), 4, 100);
    Protocol protocol = Blocks.protocol(changes);
    Path predictions = folder.resolve("predictions.zip");

    fitAndPredict(protocol, train, other, "a", predictions);

    Score score = task.evaluate(predictions, other, protocol).score();
    // Guessing the commonest class everywhere gives less than 0.3.
    assertThat(metric(score.metrics(), "mIoU").orElseThrow()).isGreaterThan(0.6);
    assertThat(score.counts()).containsEntry("images", 4L).containsEntry("ignored_pixels", 4 * 48L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "schedule: {steps: 6}",
        "encoder: {mode: frozen}, head: {type: linear, width: 0}, schedule: {steps: 6}"
      })
  void same_seed_gives_the_same_bytes_and_another_seed_does_not(String changes) throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 5, 1);
    Protocol protocol = Blocks.protocol(changes);

    String first = fitAndPredict(protocol, set, set, "a", folder.resolve("a.zip"));
    String second = fitAndPredict(protocol, set, set, "b", folder.resolve("b.zip"));

    assertThat(second).isEqualTo(first);
    assertThat(folder.resolve("b.zip")).hasSameBinaryContentAs(folder.resolve("a.zip"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fcn", "upernet"})
  void heads_read_blocks_that_attend_within_windows(String head) throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 2, 1);
    Protocol protocol =
        Blocks.protocol(
            "head: {type: " + head + "}, encoder: {attentionWindow: 3}, schedule: {steps: 2}");

    try (FittedModel model = task.fit(Blocks.fit(protocol, set, folder.resolve("a")))) {
      assertThat(model.notes()).containsExactly("batch norm of the encoder: none");
      model.predict(set, folder.resolve("a.zip"));
    }
    assertThat(folder.resolve("a.zip")).exists();
  }

  private String fitAndPredict(
      Protocol protocol, ImageSet train, ImageSet other, String name, Path predictions)
      throws IOException {
    try (FittedModel model = task.fit(Blocks.fit(protocol, train, folder.resolve(name)))) {
      model.predict(other, predictions);
      return model.digest();
    }
  }

  @Test
  void statistics_with_every_weight_one_give_the_plain_score() throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 5, 1);
    Path predictions = shifted(set, 1);
    Path statistics = folder.resolve("statistics.json.gz");
    task.evaluate(predictions, set, Blocks.protocol("schedule: {steps: 1}"))
        .writeStatistics(statistics);

    assertThat(task.resampler(statistics).resample(new double[] {1, 1, 1, 1, 1}))
        .isEqualTo(
            task.evaluate(predictions, set, Blocks.protocol("schedule: {steps: 1}")).score());
  }

  @Test
  void statistics_weigh_an_image_as_if_it_were_there_that_often() throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 3, 1);
    Path predictions = shifted(set, 1);
    Path statistics = folder.resolve("statistics.json.gz");
    task.evaluate(predictions, set, Blocks.protocol("schedule: {steps: 1}"))
        .writeStatistics(statistics);
    ImageSet last = Blocks.set(set.images().subList(2, 3));

    assertThat(task.resampler(statistics).resample(new double[] {0, 0, 1}))
        .isEqualTo(
            task.evaluate(predictions, last, Blocks.protocol("schedule: {steps: 1}")).score());
    assertThat(task.resampler(statistics).resample(new double[] {0, 0, 2}).metrics())
        .isEqualTo(task.resampler(statistics).resample(new double[] {0, 0, 1}).metrics());
    assertThatThrownBy(() -> task.resampler(statistics).resample(new double[] {0.5, 1, 1}))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void explains_where_predictions_differ() throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 3, 1);
    Protocol protocol = Blocks.protocol("schedule: {steps: 1}");
    Path worse = folder.resolve("worse.json.gz");
    Path right = folder.resolve("right.json.gz");
    task.evaluate(shifted(set, 1), set, protocol).writeStatistics(worse);
    task.evaluate(shifted(set, 0), set, protocol).writeStatistics(right);

    var difference = task.explain(worse, right);

    assertThat(difference.at("/metrics/mIoU/b").doubleValue()).isEqualTo(1);
    assertThat(difference.at("/per_class/red/difference").doubleValue()).isLessThan(-0.5);
    var most = difference.path("confusions").properties().iterator().next();
    assertThat(most.getKey()).contains(" as ");
    assertThat(most.getValue().path("difference").doubleValue()).isGreaterThan(0.5);
  }

  @Test
  void draws_plots_that_open() throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 3, 1);

    List<Path> files =
        task.evaluate(shifted(set, 1), set, Blocks.protocol("schedule: {steps: 1}"))
            .plots(folder.resolve("f"), 2);

    assertThat(files).hasSize(4).allSatisfy(file -> assertThat(Files.size(file)).isPositive());
    assertThat(downstream.eval.data.image.Image.read(files.get(0)).width()).isGreaterThan(4 * 240);
  }

  @Test
  void puts_the_worst_images_first() throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 3, 1);
    Path statistics = folder.resolve("statistics.json.gz");
    Path predictions = folder.resolve("predictions.zip");
    PredictionArchive.write(
        predictions,
        archive -> {
          for (int i = 0; i < 3; i++) {
            byte[] values = LabelMapChecker.of(set.images().get(i), set).values().clone();
            for (int j = 0; j < values.length; j++) {
              values[j] = values[j] == -1 || j % 3 < i ? 0 : values[j];
            }
            archive.add("p" + i + ".png", 48, 32, values);
          }
        });
    task.evaluate(predictions, set, Blocks.protocol("schedule: {steps: 1}"))
        .writeStatistics(statistics);

    assertThat(PerImageConfusion.read(statistics).worst(2)).containsExactly(2, 1);
  }

  @Test
  void refuses_an_image_without_a_label_map_before_training() {
    ImageSet set = Blocks.write(folder.resolve("set"), 1, 1);
    ImageRecord bare = set.images().get(0);
    ImageSet without =
        Blocks.set(
            List.of(
                new ImageRecord(1, "p0.png", bare.file(), 48, 32, List.of(), Optional.empty())));

    assertThatThrownBy(
            () ->
                task.fit(
                    Blocks.fit(
                        Blocks.protocol("schedule: {steps: 1}"), without, folder.resolve("a"))))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("image p0.png has no label map");
  }

  @Test
  void refuses_a_value_that_is_no_class_before_training() throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 2, 1);
    byte[] values = new byte[48 * 32];
    values[7] = 9;
    LabelMap.of(48, 32, values).writePng(set.images().get(1).labelMap().orElseThrow());

    assertThatThrownBy(
            () ->
                task.fit(
                    Blocks.fit(Blocks.protocol("schedule: {steps: 1}"), set, folder.resolve("a"))))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("p1.png: holds the value 9, but classes are 0 to 2");
    assertThat(folder.resolve("a/fit")).doesNotExist();
  }

  @Test
  void refuses_predictions_of_another_size_or_missing_ones() throws IOException {
    ImageSet set = Blocks.write(folder.resolve("set"), 2, 1);
    Path file = folder.resolve("predictions.zip");
    PredictionArchive.write(file, archive -> archive.add("p0.png", 2, 2, new byte[4]));

    assertThatThrownBy(() -> task.evaluate(file, set, Blocks.protocol("schedule: {steps: 1}")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(
            "predictions.zip!p0.png: is 2×2 pixels, but the ground truth is 48×32");

    PredictionArchive.write(file, archive -> archive.add("p0.png", 48, 32, new byte[48 * 32]));
    assertThatThrownBy(() -> task.evaluate(file, set, Blocks.protocol("schedule: {steps: 1}")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("has no label map 'p1.png'");
  }

  /** The ground truth as a prediction, each class named {@code shift} higher. */
  private Path shifted(ImageSet set, int shift) throws IOException {
    Path file = folder.resolve("shifted" + shift + ".zip");
    List<byte[]> maps = new ArrayList<>();
    for (ImageRecord image : set.images()) {
      byte[] values = LabelMapChecker.of(image, set).values().clone();
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) (values[i] == -1 ? 0 : (values[i] + shift * (i % 3 == 0 ? 0 : 1)) % 3);
      }
      maps.add(values);
    }
    PredictionArchive.write(
        file,
        archive -> {
          for (int i = 0; i < maps.size(); i++) {
            archive.add("p" + i + ".png", 48, 32, maps.get(i));
          }
        });
    return file;
  }
}
