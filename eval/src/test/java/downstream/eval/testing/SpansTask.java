package downstream.eval.testing;

import static downstream.eval.Checks.atLeast;
import static downstream.eval.Checks.defaults;
import static downstream.eval.Checks.or;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * The fake task of all modules' tests: detection in one dimension, small enough to be run hundreds
 * of times in a test, and yet whole: stored predictions, duplicates that are suppressed, average
 * precision, statistics per image. A model finds a span with a probability that its encoder's name
 * and the protocol give it; images are not opened.
 */
public final class SpansTask implements Task {
  /**
   * What a protocol says.
   *
   * @param skill the model's probability to find a span
   * @param suppressionIou overlap above which the weaker of two spans is a duplicate
   * @param fail the phase that fails: data, fit, predict, score or statistics
   */
  public record Settings(
      Data data,
      Schedule schedule,
      Double learningRate,
      Double skill,
      Double suppressionIou,
      String fail) {
    /** Fills in defaults. */
    public Settings {
      data = or(data, defaults(Data.class));
      schedule = or(schedule, defaults(Schedule.class));
      learningRate = or(learningRate, 1e-3);
      skill = or(skill, 0.5);
      suppressionIou = or(suppressionIou, 0.5);
      fail = or(fail, "nowhere");
    }

    private void failIn(String phase) {
      if (phase.equals(fail)) {
        throw new IllegalStateException("broke off in " + phase);
      }
    }

    /** Group {@code data}: which images. */
    public record Data(Double labelFraction, Long labelSeed) {
      /** Fills in defaults. */
      public Data {
        labelFraction = or(labelFraction, 1.0);
        labelSeed = or(labelSeed, 0L);
      }
    }

    /** Group {@code schedule}: how long. */
    public record Schedule(Integer steps) {
      /** Fills in defaults. */
      public Schedule {
        steps = or(steps, 10);
        atLeast(steps, 1, "schedule.steps");
      }
    }
  }

  private record Span(double from, double to, double score) {
    double iou(Span other) {
      double both = Math.min(to, other.to) - Math.max(from, other.from);
      double either = Math.max(to, other.to) - Math.min(from, other.from);
      return Math.max(0, both) / either;
    }
  }

  private static final int SPANS = 4;

  private final Optional<SelfTest> evaluator;

  /** A task whose evaluator has version 7. */
  public SpansTask() {
    this("7");
  }

  /** A task whose evaluator has this version. */
  public SpansTask(String version) {
    evaluator = Optional.of(new SelfTest(version, 1, 1, 0.5, "a guess", 1, "abc"));
  }

  @Override
  public Optional<SelfTest> selfTest() {
    return evaluator;
  }

  @Override
  public String name() {
    return "spans";
  }

  @Override
  public String version() {
    return "1";
  }

  @Override
  public String summary() {
    return "Finds spans of a line.";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(new Metric("AP", true), new Metric("miss", false), new Metric("APl", true));
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
    return "predictions.json";
  }

  private static List<Span> groundTruth(String image) {
    Random random = new Random(image.hashCode());
    List<Span> spans = new ArrayList<>();
    for (int i = 0; i < SPANS; i++) {
      double from = 25 * i + 5 * random.nextDouble();
      spans.add(new Span(from, from + 5 + 10 * random.nextDouble(), 1));
    }
    return spans;
  }

  @Override
  public FittedModel fit(FitRequest fit) throws IOException {
    Settings settings = fit.protocol().as(Settings.class);
    if (settings.fail().equals("data")) {
      throw new BadInput("data", "has no spans", "Take other data");
    }
    AtomicFile.write(fit.folder().resolve("checkpoint.bin"), new byte[] {1});
    AtomicFile.write(
        fit.folder().resolve("log.jsonl"), "{\"loss\":1.0,\"step\":0}\n".getBytes(UTF_8));
    settings.failIn("fit");
    double gift = fit.encoder().name().startsWith("good") ? 0.2 : 0;
    double skill = fit.encoder().name().equals("random") ? 0.1 : settings.skill() + gift;
    return new FittedModel() {
      @Override
      public void predict(ImageSet set, Path predictions) {
        settings.failIn("predict");
        Random training = new Random(fit.seed() * 7919 + fit.encoder().name().hashCode());
        // What one training happens to learn: the noise between seeds.
        double learnt = skill + 0.03 * training.nextGaussian();
        ObjectNode all = Json.MAPPER.createObjectNode();
        for (ImageRecord image : set.images()) {
          List<Span> found = find(groundTruth(image.name()), learnt, training);
          all.set(image.name(), write(suppress(found, settings.suppressionIou())));
        }
        AtomicFile.write(predictions, Json.pretty(all));
      }

      @Override
      public String digest() {
        return "seed " + fit.seed();
      }

      @Override
      public void close() {}
    };
  }

  /** Two candidates a span, the worse one almost the same; and some that are nothing. */
  private static List<Span> find(List<Span> groundTruth, double skill, Random random) {
    List<Span> found = new ArrayList<>();
    for (Span span : groundTruth) {
      if (random.nextDouble() < skill) {
        double shift = random.nextGaussian();
        double score = 0.5 + 0.5 * random.nextDouble();
        found.add(new Span(span.from + shift, span.to + shift, score));
        found.add(new Span(span.from + shift, span.to + shift + 0.3, score - 0.01));
      }
      if (random.nextDouble() < 0.3) {
        double from = 90 * random.nextDouble();
        found.add(new Span(from, from + 8, 0.8 * random.nextDouble()));
      }
    }
    return found;
  }

  private static List<Span> suppress(List<Span> found, double iou) {
    List<Span> kept = new ArrayList<>();
    found.stream()
        .sorted(Comparator.comparingDouble(Span::score).reversed())
        .filter(span -> kept.stream().allMatch(other -> other.iou(span) <= iou))
        .forEach(kept::add);
    return kept;
  }

  private static ArrayNode write(List<Span> spans) {
    ArrayNode array = Json.MAPPER.createArrayNode();
    spans.forEach(s -> array.addArray().add(s.from).add(s.to).add(s.score));
    return array;
  }

  /** Per image: {@code [score, 1 if it hits a span that is free, else 0]} for every detection. */
  private static ArrayNode matches(JsonNode predictions, List<Span> groundTruth) {
    List<Span> free = new ArrayList<>(groundTruth);
    ArrayNode matches = Json.MAPPER.createArrayNode();
    for (JsonNode p : predictions) {
      Span span = new Span(p.get(0).asDouble(), p.get(1).asDouble(), p.get(2).asDouble());
      Optional<Span> hit = free.stream().filter(t -> t.iou(span) >= 0.5).findFirst();
      hit.ifPresent(free::remove);
      matches.addArray().add(span.score).add(hit.isPresent() ? 1 : 0);
    }
    return matches;
  }

  private static ArrayNode statistics(Path predictions, ImageSet groundTruth) {
    JsonNode stored = Json.read(predictions);
    ArrayNode all = Json.MAPPER.createArrayNode();
    for (ImageRecord image : groundTruth.images()) {
      all.add(matches(stored.path(image.name()), groundTruth(image.name())));
    }
    return all;
  }

  @Override
  public Evaluation evaluate(Path predictions, ImageSet groundTruth, Protocol protocol) {
    Settings settings = protocol.as(Settings.class);
    settings.failIn("score");
    ArrayNode statistics = statistics(predictions, groundTruth);
    return new Evaluation() {
      @Override
      public Score score() {
        double[] once = new double[statistics.size()];
        Arrays.fill(once, 1);
        return SpansTask.score(statistics, once);
      }

      @Override
      public void writeStatistics(Path file) {
        settings.failIn("statistics");
        AtomicFile.write(file, Json.pretty(statistics));
      }

      @Override
      public List<Path> plots(Path folder, int count) {
        Path plot = folder.resolve("spans.png");
        AtomicFile.write(plot, new byte[] {1, 2, 3});
        return List.of(plot);
      }
    };
  }

  @Override
  public Resampler resampler(Path statistics) {
    JsonNode stored = Json.read(statistics);
    return weights -> score(stored, weights);
  }

  private static Score score(JsonNode statistics, double[] weights) {
    record Detection(double score, boolean hit, double weight) {}
    List<Detection> all = new ArrayList<>();
    double groundTruth = 0;
    for (int i = 0; i < weights.length; i++) {
      groundTruth += SPANS * weights[i];
      for (JsonNode d : statistics.get(i)) {
        all.add(new Detection(d.get(0).asDouble(), d.get(1).asInt() == 1, weights[i]));
      }
    }
    all.sort(Comparator.comparingDouble(Detection::score).reversed());
    double hits = 0;
    double seen = 0;
    double sum = 0;
    for (Detection detection : all) {
      seen += detection.weight();
      hits += detection.hit() ? detection.weight() : 0;
      sum += detection.hit() && seen > 0 ? detection.weight() * hits / seen : 0;
    }
    return new Score(
        Map.of(
            "AP", Optional.of(sum / groundTruth),
            "miss", Optional.of(1 - hits / groundTruth),
            "APl", Optional.empty()),
        Json.MAPPER.createObjectNode().put("span", sum / groundTruth),
        Map.of("images", (long) weights.length, "ground_truth", (long) groundTruth),
        List.of());
  }

  @Override
  public JsonNode explain(Path statisticsA, Path statisticsB) {
    return Json.MAPPER.createObjectNode().put("spans", "none is small");
  }

  @Override
  public Map<String, Double> diagnostics(Path statistics) {
    double wrong = 0;
    for (JsonNode image : Json.read(statistics)) {
      for (JsonNode detection : image) {
        wrong += 1 - detection.get(1).asInt();
      }
    }
    return Map.of("spans.wrong", wrong);
  }
}
