package downstream.eval.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.train.optimiser.Optimiser;
import downstream.eval.train.optimiser.Schedule;
import downstream.eval.train.optimiser.Weight;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceTest {
  private static final int STEPS = 30;

  @TempDir Path folder;

  /** A span of the file. */
  private record Event(String name, String thread, double start, double end) {
    double length() {
      return end - start;
    }

    boolean isIn(Event other) {
      return thread.equals(other.thread) && start >= other.start && end <= other.end;
    }
  }

  @Test
  void parts_of_the_steps_add_up_to_the_steps() throws IOException {
    Path file = folder.resolve("deep/trace.json");
    try (Trace trace = Trace.to(file)) {
      train(trace);
    }
    List<Event> events = events(file);
    List<Event> steps = events.stream().filter(event -> event.name().equals("step")).toList();
    assertThat(steps).hasSize(STEPS);
    Set<String> parts = new TreeSet<>();
    double inParts = 0;
    for (Event step : steps) {
      for (Event event : events) {
        if (!event.equals(step) && event.isIn(step)) {
          parts.add(event.name());
          inParts += event.length();
        }
      }
    }
    assertThat(parts)
        .containsExactly(
            "backward",
            "checkpoint copy",
            "checkpoint wait",
            "free",
            "log",
            "losses",
            "observe",
            "read back",
            "update",
            "wait for data");
    double all = steps.stream().mapToDouble(Event::length).sum();
    assertThat(inParts / all).isBetween(.9, 1.0);
  }

  @Test
  void other_threads_have_their_own_spans() throws IOException {
    Path file = folder.resolve("trace.json");
    try (Trace trace = Trace.to(file)) {
      train(trace);
    }
    List<Event> events = events(file);
    assertThat(events.stream().filter(event -> event.thread().equals("checkpoint")))
        .hasSize(3)
        .allMatch(event -> event.name().equals("checkpoint write"));
    assertThat(events.stream().filter(event -> event.thread().equals("loader")).map(Event::name))
        .hasSize(STEPS * (4 + 1))
        .containsOnly("load example", "make arrays");
  }

  @Test
  void a_trace_that_is_off_makes_no_span() {
    assertThat(Trace.OFF.span("a")).isSameAs(Trace.OFF.span("b"));
    Trace.OFF.close();
  }

  @Test
  void a_trace_of_nothing_is_a_file_that_parses() throws IOException {
    Path file = folder.resolve("trace.json");
    Trace.to(file).close();
    assertThat(Json.read(file)).isEmpty();
  }

  @Test
  void refuses_a_file_that_cannot_be_written() throws IOException {
    Path file = Files.createDirectory(folder.resolve("folder"));
    assertThatThrownBy(() -> Trace.to(file))
        .isInstanceOf(BadInput.class)
        .hasMessageContaining("folder: cannot be written");
  }

  private void train(Trace trace) throws IOException {
    Optimiser sgd = new Optimiser.Sgd(.1, .9, 0, true);
    TrainingPlan plan = new TrainingPlan(STEPS, 4, sgd, Schedule.cosine(0), 0, 1, 10, 2);
    try (NDManager manager = NDManager.newBaseManager()) {
      TrainingOptions options = TrainingOptions.DEFAULTS.tracing(trace);
      TrainingLoop.train(plan, new Rows(), new Product(manager), folder.resolve("run"), options);
    }
  }

  private static List<Event> events(Path file) throws IOException {
    Map<Long, String> threads = new HashMap<>();
    List<Event> events = new ArrayList<>();
    for (JsonNode event : Json.read(file)) {
      long thread = event.path("tid").asLong();
      if (event.path("ph").asText().equals("M")) {
        threads.put(thread, event.path("args").path("name").asText());
      } else {
        double start = event.path("ts").asDouble();
        double end = start + event.path("dur").asDouble() + 1e-3; // of a nanosecond's rounding
        String name = event.path("name").asText();
        events.add(new Event(name, String.valueOf(threads.get(thread)), start + 1e-3, end));
      }
    }
    return events;
  }

  private static final class Rows implements Examples<float[]> {
    @Override
    public int size() {
      return 16;
    }

    @Override
    public float[] load(int index, RandomGenerator random) {
      float[] row = new float[64];
      Arrays.fill(row, index);
      return row;
    }
  }

  /** A product large enough to take longer than what is between the spans. */
  private static final class Product implements Objective<float[]> {
    private final NDArray weight;

    Product(NDManager manager) {
      weight = manager.ones(new Shape(768, 768)).mul(1e-3);
      weight.setRequiresGradient(true);
    }

    @Override
    public String name() {
      return "product";
    }

    @Override
    public List<Weight> weights() {
      return List.of(new Weight("weight", weight, true, 1, true));
    }

    @Override
    public Losses losses(List<float[]> batch, Step step) {
      NDArray loss = weight.matMul(weight).matMul(weight).square().mean();
      return new Losses(loss, Map.of("loss", loss));
    }

    @Override
    public boolean observesAt(Step step) {
      return step.index() == 3;
    }
  }
}
