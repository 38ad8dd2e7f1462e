package downstream.eval.run;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.defaults;
import static downstream.eval.Checks.or;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.task.Evaluation;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Metric;
import downstream.eval.task.Protocol;
import downstream.eval.task.Resampler;
import downstream.eval.task.Score;
import downstream.eval.task.SelfTest;
import downstream.eval.task.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A task without an engine: predicts a number per image from seed, encoder and training set. */
public final class FakeTask implements Task {
  /** Its protocol; {@code fail} names the phase that breaks off. */
  public record Settings(Data data, Schedule schedule, Double learningRate, String fail) {
    public Settings {
      data = or(data, defaults(Data.class));
      schedule = or(schedule, defaults(Schedule.class));
      learningRate = or(learningRate, 1e-3);
      fail = or(fail, "nowhere");
    }

    /** Which images. */
    public record Data(Double labelFraction, Long labelSeed) {
      public Data {
        labelFraction = or(labelFraction, 1.0);
        labelSeed = or(labelSeed, 0L);
      }
    }

    /** How long. */
    public record Schedule(Integer steps) {
      public Schedule {
        steps = or(steps, 10);
        atLeast(steps, 1, "schedule.steps");
      }
    }
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public Optional<SelfTest> selfTest() {
    return Optional.of(new SelfTest("7", 1, 1, 0.5, "a guess", 1, "abc"));
  }

  @Override
  public String summary() {
    return "Guesses a number per image.";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(
        new Metric("guess", true), new Metric("error", false), new Metric("nothing", true));
  }

  @Override
  public List<String> protocols() {
    return List.of("plain");
  }

  @Override
  public Class<? extends Record> protocolType() {
    return Settings.class;
  }

  @Override
  public String predictionsFile() {
    return "predictions.json.gz";
  }

  @Override
  public FittedModel fit(FitRequest fit) throws IOException {
    String fail = fit.protocol().as(Settings.class).fail();
    if (fail.equals("data")) {
      throw new BadInput("data", "has no numbers", "Take other data");
    }
    AtomicFile.write(fit.folder().resolve("checkpoint.bin"), new byte[] {1});
    AtomicFile.write(
        fit.folder().resolve("log.jsonl"), "{\"loss\":1.0,\"step\":0}\n".getBytes(UTF_8));
    fail("fit", fail);
    String digest =
        new Digest()
            .add(fit.encoder().digest())
            .add(fit.train().fingerprint())
            .add(fit.protocol().fingerprint())
            .add(Long.toString(fit.seed()))
            .hex();
    return new Model(digest, fail);
  }

  private static void fail(String phase, String wanted) {
    if (phase.equals(wanted)) {
      throw new IllegalStateException("broke off in " + phase);
    }
  }

  private record Model(String digest, String fail) implements FittedModel {
    @Override
    public void predict(ImageSet set, Path predictions) {
      FakeTask.fail("predict", fail);
      ObjectNode guesses = Json.MAPPER.createObjectNode();
      for (ImageRecord image : set.images()) {
        long seed = Long.parseUnsignedLong(digest.substring(0, 16), 16) ^ image.id();
        guesses.put(image.name(), new Random(seed).nextDouble());
      }
      AtomicFile.write(predictions, Json.pretty(guesses));
    }

    @Override
    public void close() {}
  }

  /** The mean of the guesses; each part fails where the protocol says so. */
  private record Guesses(JsonNode guesses, ImageSet set, String fail) implements Evaluation {
    @Override
    public Score score() {
      double sum = 0;
      for (ImageRecord image : set.images()) {
        sum += guesses.path(image.name()).asDouble();
      }
      double mean = sum / set.images().size();
      return new Score(
          Map.of(
              "guess", Optional.of(mean),
              "error", Optional.of(1 - mean),
              "nothing", Optional.empty()),
          Json.MAPPER.createObjectNode().put("cell", mean),
          Map.of("images", (long) set.images().size()),
          List.of());
    }

    @Override
    public void writeStatistics(Path file) {
      FakeTask.fail("statistics", fail);
      AtomicFile.write(file, Json.pretty(guesses));
    }

    @Override
    public List<Path> plots(Path folder, int count) {
      Path plot = folder.resolve("guess.png");
      AtomicFile.write(plot, new byte[] {1, 2, 3});
      return List.of(plot);
    }
  }

  @Override
  public Evaluation evaluate(Path predictions, ImageSet groundTruth, Protocol protocol) {
    String fail = protocol.as(Settings.class).fail();
    fail("score", fail);
    return new Guesses(Json.read(predictions), groundTruth, fail);
  }

  @Override
  public Resampler resampler(Path statistics) {
    throw new UnsupportedOperationException("no bootstrap here");
  }

  @Override
  public JsonNode explain(Path statisticsA, Path statisticsB) {
    return Json.MAPPER.createObjectNode();
  }
}
