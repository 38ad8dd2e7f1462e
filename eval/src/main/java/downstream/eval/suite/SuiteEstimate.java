package downstream.eval.suite;

import downstream.eval.BadInput;
import downstream.eval.Device;
import downstream.eval.cli.Table;
import downstream.eval.data.DataSets;
import downstream.eval.pretraining.CostEstimate;
import downstream.eval.pretraining.Pretrainers;
import downstream.eval.pretraining.PretrainingRequest;
import downstream.eval.run.EvaluationRequest;
import downstream.eval.run.execute.RunTimeEstimator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Estimate of a suite's cost on this machine: parts, disk, and time, from a few measured steps. */
final class SuiteEstimate {
  private final StoredRuns stored;
  private final int threads;
  private final Device device;
  private final Table table = new Table(List.of("part", "state", "minutes", "note"));

  /** Seconds of a run, by block and architecture. */
  private final Map<List<Object>, OptionalDouble> runSeconds = new HashMap<>();

  /** Data and encoders that the suite makes and that are not there yet. */
  private final Set<String> pending = new HashSet<>();

  private double seconds;
  private long diskBytes;
  private int unknown;

  SuiteEstimate(StoredRuns stored, int threads, Device device) {
    this.stored = stored;
    this.threads = threads;
    this.device = device;
  }

  /** One row a part; what is to be done is measured where it can be. */
  Table of(List<PrepareStep> preparations, List<SuiteCell> cells) throws IOException {
    for (PrepareStep preparation : preparations) {
      add(preparation);
    }
    Map<String, List<SuiteCell>> rows = new LinkedHashMap<>();
    for (SuiteCell cell : cells) {
      String title = cell.encoder() + " " + cell.section().title();
      rows.computeIfAbsent(title, key -> new ArrayList<>()).add(cell);
    }
    for (Map.Entry<String, List<SuiteCell>> row : rows.entrySet()) {
      add(row.getKey(), row.getValue());
    }
    return table;
  }

  /** One sentence on the whole. */
  String summary() {
    return String.format(
        Locale.ROOT,
        "nothing was run; about %.0f minutes%s, random-init controls not counted; about %d MiB of"
            + " disk at a time",
        seconds / 60,
        unknown == 0 ? "" : " and " + unknown + " parts whose time cannot be measured yet",
        diskBytes >> 20);
  }

  private void add(PrepareStep preparation) throws IOException {
    if (Files.exists(preparation.output())) {
      table.row(preparation.name(), "done", Optional.empty(), "");
      return;
    }
    pending.add(preparation.name());
    if (dependsOnPending(preparation.name(), "to do", preparation.needs())) {
      return;
    }
    try {
      double known =
          preparation.training().isPresent()
              ? seconds(preparation.training().get(), preparation.output())
              : 0;
      seconds += known;
      table.row(preparation.name(), "to do", minutes(known), "");
    } catch (BadInput e) {
      addUnknown(preparation.name(), "to do", String.valueOf(e.getMessage()));
    }
  }

  /** Tells whether an input of the part is still to be made; its row says so. */
  private boolean dependsOnPending(String part, String state, List<String> needs) {
    Optional<String> first = needs.stream().filter(pending::contains).findFirst();
    first.ifPresent(name -> addUnknown(part, state, "waits for " + name));
    return first.isPresent();
  }

  private void addUnknown(String part, String state, String why) {
    unknown++;
    table.row(part, state, Optional.empty(), why);
  }

  private double seconds(PrepareStep.Training training, Path output) throws IOException {
    PretrainingRequest asked =
        new PretrainingRequest(
            training.settings(),
            DataSets.images(training.images()),
            Optional.empty(),
            training.seed(),
            Objects.requireNonNull(output.getParent()),
            threads,
            device);
    return Pretrainers.named(training.method()).estimate(asked).stream()
        .mapToDouble(CostEstimate::seconds)
        .sum();
  }

  private void add(String title, List<SuiteCell> cells) throws IOException {
    List<SuiteCell> pending =
        cells.stream().filter(cell -> stored.missing(cell).isPresent()).toList();
    String state = cells.size() - pending.size() + " of " + cells.size() + " runs stored";
    if (pending.isEmpty()) {
      table.row(title, state, Optional.empty(), "");
      return;
    }
    SuiteCell one = pending.get(0);
    if (dependsOnPending(title, state, List.of(one.section().data(), one.encoder()))) {
      return;
    }
    try {
      OptionalDouble each = runSeconds(one);
      if (each.isPresent()) {
        seconds += each.getAsDouble() * pending.size();
        table.row(title, state, minutes(each.getAsDouble() * pending.size()), "");
      } else {
        addUnknown(
            title, state, "its protocol has no 'steps', or too few to measure the time of a step");
      }
    } catch (BadInput e) {
      addUnknown(title, state, String.valueOf(e.getMessage()));
    }
  }

  private OptionalDouble runSeconds(SuiteCell cell) throws IOException {
    EvaluationRequest one =
        stored.evaluation(cell.section(), List.of(cell.encoder()), List.of(cell.seed()));
    diskBytes = Math.max(diskBytes, one.diskBytes());
    List<Object> key = List.of(cell.section(), one.encoders().get(0).architecture());
    OptionalDouble known = runSeconds.get(key);
    if (known == null) {
      known = RunTimeEstimator.seconds(one, stored.store());
      runSeconds.put(key, known);
    }
    return known;
  }

  private static String minutes(double seconds) {
    return String.format(Locale.ROOT, "%.1f", seconds / 60);
  }
}
