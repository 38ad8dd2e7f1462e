package downstream.eval.run.execute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.run.ControlPolicy;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.Fakes;
import downstream.eval.run.RunStore;
import downstream.eval.task.Evaluation;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Metric;
import downstream.eval.task.Protocol;
import downstream.eval.task.Resampler;
import downstream.eval.task.Task;
import downstream.eval.testing.SpansTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTimeEstimatorTest {
  private static final int IMAGES = 2000;

  @TempDir private Path folder;
  private final Clock clock = new Clock();

  /** Seconds since the engine started; each part of a run moves it. */
  private static final class Clock {
    private long nanos;
    private boolean started;
    private final Set<String> read = new HashSet<>();

    /** Features that were computed, by the files that would hold them. */
    private final Set<Path> features = new HashSet<>();

    void pass(double seconds) {
      nanos += Math.round(seconds * 1e9);
    }
  }

  /** Trains and predicts in no time and moves the clock instead. */
  private record ClockTask(Task task, Clock clock) implements Task {
    @Override
    public FittedModel fit(FitRequest fit) throws IOException {
      clock.pass(clock.started ? 0.1 : 5);
      clock.started = true;
      Protocol protocol = fit.protocol();
      for (ImageRecord image : fit.train().images()) {
        clock.read.add(image.name());
        Path features = fit.features().resolve("train-" + image.name());
        if (protocol.frozen() && clock.features.add(features)) {
          clock.pass(0.02);
        }
      }
      double step =
          protocol.frozen()
              ? 0.001 + 0.00002 * protocol.batch().orElse(0)
              : 0.004 * protocol.batch().orElse(0);
      clock.pass(step * protocol.steps().orElse(0));
      return new FittedModel() {
        @Override
        public void predict(ImageSet set, Path predictions) throws IOException {
          for (ImageRecord image : set.images()) {
            Path features = fit.features().resolve("val-" + image.name());
            if (clock.features.add(features)) {
              clock.pass(0.01);
            }
          }
        }

        @Override
        public String digest() {
          return "";
        }

        @Override
        public void close() {}
      };
    }

    @Override
    public String name() {
      return task.name();
    }

    @Override
    public String version() {
      return task.version();
    }

    @Override
    public String summary() {
      return task.summary();
    }

    @Override
    public List<Metric> metrics() {
      return task.metrics();
    }

    @Override
    public List<String> protocols() {
      return task.protocols();
    }

    @Override
    public Class<? extends Record> protocolType() {
      return task.protocolType();
    }

    @Override
    public String predictionsFile() {
      return task.predictionsFile();
    }

    @Override
    public Evaluation evaluate(Path predictions, ImageSet groundTruth, Protocol protocol)
        throws IOException {
      return task.evaluate(predictions, groundTruth, protocol);
    }

    @Override
    public Resampler resampler(Path statistics) throws IOException {
      return task.resampler(statistics);
    }

    @Override
    public JsonNode explain(Path statisticsA, Path statisticsB) throws IOException {
      return task.explain(statisticsA, statisticsB);
    }
  }

  private static Protocol protocol(String yaml) {
    return new Protocol("spans", "1", "plain", (ObjectNode) Json.parseYaml("protocol", yaml));
  }

  private EvaluationRequest request(Protocol protocol) {
    return new EvaluationRequest(
        List.of(Fakes.encoder("tiny", 0)),
        new ClockTask(new SpansTask(), clock),
        new DataSet(
            "many",
            Fakes.images("many/train", IMAGES),
            Map.of("val", Fakes.images("many/val", IMAGES))),
        protocol,
        List.of(0L),
        0,
        1,
        Device.CPU,
        0,
        ControlPolicy.NONE,
        0,
        List.of(),
        "data.yaml");
  }

  /** Estimated seconds, without those that the engine takes to start. */
  private double estimated(Protocol protocol) throws IOException {
    return RunTimeEstimator.seconds(
            request(protocol), RunStore.at(folder.resolve("runs")), () -> clock.nanos)
        .orElseThrow();
  }

  /** What the whole run takes. */
  private double taken(Protocol protocol) throws IOException {
    EvaluationRequest request = request(protocol);
    long start = clock.nanos;
    ImageSet train = request.data().train();
    if (protocol.labelFraction() < 1) {
      train = train.sample(protocol.labelFraction(), 0);
    }
    FitRequest fit =
        new FitRequest(
            request.encoders().get(0),
            protocol,
            train,
            0,
            folder.resolve("fit"),
            folder.resolve("features"),
            1,
            Device.CPU,
            0);
    try (FittedModel model = request.task().fit(fit)) {
      model.predict(Fakes.images("many/val", IMAGES), folder.resolve("predictions"));
    }
    return (clock.nanos - start) * 1e-9;
  }

  private void estimatesWithin(double factor, String yaml) throws IOException {
    Protocol protocol = protocol(yaml);
    double estimated = estimated(protocol);
    assertThat(clock.read).hasSizeLessThanOrEqualTo(64).isNotEmpty();
    assertThat(Math.log(estimated / taken(protocol))).isCloseTo(0, within(Math.log(factor)));
  }

  @Test
  void training_of_an_encoder_is_estimated_by_its_steps() throws IOException {
    estimatesWithin(1.01, "{data: {batch: 16}, encoder: {mode: finetune}, schedule: {steps: 500}}");
  }

  @Test
  void batch_larger_than_what_is_timed_takes_longer_in_proportion() throws IOException {
    estimatesWithin(
        1.01, "{data: {batch: 256}, encoder: {mode: finetune}, schedule: {steps: 500}}");
  }

  @Test
  void frozen_encoder_is_estimated_by_its_images_and_its_steps() throws IOException {
    estimatesWithin(1.01, "{data: {batch: 16}, encoder: {mode: frozen}, schedule: {steps: 5000}}");
  }

  @Test
  void linear_probe_is_estimated_from_few_images() throws IOException {
    // A step on stored features hardly depends on the batch: in proportion is too much.
    estimatesWithin(1.1, "{data: {batch: 256}, encoder: {mode: frozen}, schedule: {steps: 1000}}");
  }

  @Test
  void fraction_of_the_labels_is_a_fraction_of_the_images() throws IOException {
    estimatesWithin(
        1.01,
        "{data: {batch: 16, labelFraction: 0.1}, encoder: {mode: frozen}, schedule: {steps: 50}}");
  }

  @Test
  void vote_is_estimated_by_its_images() throws IOException {
    estimatesWithin(1.2, "{data: {batch: 16}, encoder: {mode: frozen}}");
  }
}
