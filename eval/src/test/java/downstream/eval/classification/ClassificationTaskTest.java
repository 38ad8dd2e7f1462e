package downstream.eval.classification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageSet;
import downstream.eval.data.image.Image;
import downstream.eval.run.ControlPolicy;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.Fakes;
import downstream.eval.run.RunStore;
import downstream.eval.run.execute.RunTimeEstimator;
import downstream.eval.task.Evaluation;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Protocol;
import downstream.eval.task.Protocols;
import downstream.eval.task.Resampler;
import downstream.eval.task.Score;
import downstream.eval.task.Tasks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassificationTaskTest {
  private final ClassificationTask task = new ClassificationTask();

  @TempDir private Path folder;

  private Protocol protocol(String name, String... assignments) {
    List<String> all = new ArrayList<>(List.of("data.imageSize=16"));
    if (!name.equals("knn")) {
      all.add("schedule.steps=60");
    }
    all.addAll(List.of(assignments));
    return Protocols.load(task, name, all);
  }

  private FitRequest fit(Protocol protocol, ImageSet train, long seed) {
    return new FitRequest(
        Fakes.encoder("tiny", 0),
        protocol,
        train,
        seed,
        folder.resolve("fit-" + seed),
        folder.resolve("features"),
        2,
        Device.CPU,
        0);
  }

  private String predict(Protocol protocol, ImageSet train, ImageSet other, long seed, Path file)
      throws IOException {
    try (FittedModel model = task.fit(fit(protocol, train, seed))) {
      model.predict(other, file);
      return model.digest();
    }
  }

  @Test
  void is_found_as_a_service() {
    assertThat(Tasks.named("classification")).isInstanceOf(ClassificationTask.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"knn", "linear-probe", "finetune"})
  void tells_colours_apart(String name) throws IOException {
    ImageSet train = ColouredObjects.write(folder.resolve("train"), 30, 1);
    ImageSet val = ColouredObjects.write(folder.resolve("val"), 12, 2);
    Protocol protocol = protocol(name);
    Path predictions = folder.resolve("predictions.json.gz");

    predict(protocol, train, val, 0, predictions);

    Score score = task.evaluate(predictions, val, protocol).score();
    assertThat(score.metrics().get("top1"))
        .hasValueSatisfying(v -> assertThat(v).isGreaterThan(0.9));
    assertThat(score.metrics().get("top5")).isEmpty();
    assertThat(score.counts()).containsEntry("images", 12L).containsEntry("examples", 24L);
    assertThat(score.warnings()).anyMatch(warning -> warning.contains("top5 is not computed"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"knn", "linear-probe", "finetune"})
  void same_seed_gives_the_same_bytes_and_another_seed_does_not(String name) throws IOException {
    ImageSet set = ColouredObjects.write(folder.resolve("set"), 10, 1);
    Protocol protocol = protocol(name);

    String first = predict(protocol, set, set, 1, folder.resolve("a.gz"));
    String second = predict(protocol, set, set, 1, folder.resolve("b.gz"));
    String other = predict(protocol, set, set, 2, folder.resolve("c.gz"));

    assertThat(second).isEqualTo(first);
    assertThat(folder.resolve("b.gz")).hasSameBinaryContentAs(folder.resolve("a.gz"));
    assertThat(other).isNotEqualTo(first);
  }

  @Test
  void with_the_whole_bank_every_seed_gives_the_same_run() throws IOException {
    ImageSet set = ColouredObjects.write(folder.resolve("set"), 10, 1);
    Protocol protocol = protocol("knn", "knn.bankFraction=1");

    String first = predict(protocol, set, set, 1, folder.resolve("a.gz"));
    String second = predict(protocol, set, set, 2, folder.resolve("b.gz"));

    assertThat(second).isEqualTo(first);
    try (FittedModel model = task.fit(fit(protocol, set, 3))) {
      assertThat(model.notes())
          .contains(
              "20 of 20 training examples vote, those of 10 images; every seed gives the same"
                  + " result");
    }
  }

  /** Predicts label 0 everywhere, or what is right. */
  private Path predictions(ImageSet set, boolean right) {
    LabelledCrops examples = LabelledCrops.of(set, 0.1, 8);
    Path file = folder.resolve(right ? "right.gz" : "red.gz");
    TopClassesFile.write(
        file,
        examples,
        i -> {
          double[] scores = new double[3];
          scores[right ? examples.crops().get(i).label() : 0] = 1;
          return scores;
        });
    return file;
  }

  @Test
  void statistics_with_every_weight_one_give_the_plain_score() throws IOException {
    ImageSet set = ColouredObjects.write(folder.resolve("set"), 6, 1);
    Evaluation evaluation = task.evaluate(predictions(set, false), set, protocol("knn"));
    evaluation.writeStatistics(folder.resolve("statistics.gz"));

    double[] ones = new double[6];
    Arrays.fill(ones, 1);

    assertThat(task.resampler(folder.resolve("statistics.gz")).resample(ones))
        .isEqualTo(evaluation.score());
  }

  @Test
  void a_weight_counts_all_examples_of_its_image() throws IOException {
    ImageSet set = ColouredObjects.write(folder.resolve("set"), 3, 1);
    Path file = folder.resolve("statistics.gz");
    task.evaluate(predictions(set, false), set, protocol("knn")).writeStatistics(file);
    Resampler resampler = task.resampler(file);

    assertThat(resampler.resample(new double[] {0, 2, 1}).counts())
        .containsEntry("images", 3L)
        .containsEntry("examples", 6L);
    assertThat(resampler.resample(new double[] {0, 3, 0}).metrics())
        .isEqualTo(resampler.resample(new double[] {0, 1, 0}).metrics());
    assertThatThrownBy(() -> resampler.resample(new double[] {0.5, 1, 1}))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> resampler.resample(new double[] {1, 1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 weights for 3 images");
  }

  @Test
  void explains_where_predictions_differ() throws IOException {
    ImageSet set = ColouredObjects.write(folder.resolve("set"), 8, 1);
    Protocol protocol = protocol("knn");
    Path a = folder.resolve("a.gz");
    Path b = folder.resolve("b.gz");
    task.evaluate(predictions(set, false), set, protocol).writeStatistics(a);
    task.evaluate(predictions(set, true), set, protocol).writeStatistics(b);

    var difference = task.explain(a, b);

    assertThat(difference.at("/metrics/top1/b").doubleValue()).isEqualTo(1);
    assertThat(difference.at("/metrics/mAcc/a").doubleValue()).isEqualTo(1 / 3.0);
    assertThat(difference.at("/per_class/red/difference").doubleValue()).isZero();
    assertThat(difference.at("/per_class/blue/difference").doubleValue()).isEqualTo(-1);
    assertThat(difference.at("/confusions/blue as red/difference").doubleValue()).isEqualTo(1);
    assertThat(difference.path("confusions").size()).isEqualTo(2);
  }

  @Test
  void draws_plots_that_open() throws IOException {
    ImageSet set = ColouredObjects.write(folder.resolve("set"), 8, 1);
    Evaluation evaluation = task.evaluate(predictions(set, false), set, protocol("knn"));

    List<Path> files = evaluation.plots(folder.resolve("plots"), 2);

    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .containsExactly("predictions.png", "worst.png", "confusion.png");
    for (Path file : files) {
      assertThat(Image.read(file).width()).isGreaterThan(200);
    }
  }

  @Test
  void refuses_predictions_of_other_data() throws IOException {
    ImageSet set = ColouredObjects.write(folder.resolve("set"), 3, 1);
    ImageSet other = ColouredObjects.write(folder.resolve("other"), 4, 1);
    Path file = predictions(set, true);

    assertThatThrownBy(() -> task.evaluate(file, other, protocol("knn")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("it has 6 examples, the data set has 8");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 40));
    assertThatThrownBy(() -> task.evaluate(file, set, protocol("knn")))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("is damaged");
  }

  @Test
  void the_time_of_a_vote_is_estimated_by_its_images() throws IOException {
    ImageSet set = ColouredObjects.write(folder.resolve("set"), 4, 1);
    EvaluationRequest request =
        new EvaluationRequest(
            List.of(Fakes.encoder("tiny", 0)),
            task,
            new DataSet("coloured", set, Map.of("val", set)),
            protocol("knn"),
            List.of(0L),
            0,
            1,
            Device.CPU,
            0,
            ControlPolicy.NONE,
            0,
            List.of(),
            "data.yaml");

    assertThat(RunTimeEstimator.seconds(request, RunStore.at(folder.resolve("runs"))).orElseThrow())
        .isPositive();
  }

  @Test
  void keeps_the_five_best_classes_and_none_without_a_vote() throws IOException {
    ImageSet set = ColouredObjects.write(folder.resolve("set"), 1, 1);
    LabelledCrops examples = LabelledCrops.of(set, 0.1, 8);
    Path file = folder.resolve("p.gz");
    TopClassesFile.write(file, examples, i -> new double[] {0.25, 0, 0.75});

    assertThat(TopClassesFile.read(file, examples).get(1))
        .isEqualTo(new Prediction(List.of(2, 0), List.of(0.75, 0.25)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "knn.k=0                | knn.k must be ≥ 1, found '0'",
        "knn.bankFraction=1.5   | knn.bankFraction must be in (0, 1], found '1.5'",
        "knn.temprature=1       | unknown key 'temprature'. Did you mean 'temperature'?",
        "crops.marginOfLongerSide=-1        | crops.marginOfLongerSide must be in [0, 2], found"
            + " '-1.0'",
        "encoder.mode=finetune  | encoder.mode must be frozen for head.type knn, found 'finetune'",
        "head.featureNorm=batch | head.featureNorm must be none for type knn"
      })
  void names_what_is_wrong_with_a_protocol(String row) {
    String[] parts = row.split("\\|");
    assertThatThrownBy(() -> protocol("knn", parts[0].strip()))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining(parts[1].strip());
  }
}
