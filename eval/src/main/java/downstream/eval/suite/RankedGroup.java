package downstream.eval.suite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Part of a grid whose runs can be ranked together: one task, one data set, one protocol.
 *
 * @param data the data set's name in the suite
 * @param dataPath its path
 * @param encoders names
 */
record RankedGroup(Grid grid, String data, Path dataPath, String protocol, List<String> encoders) {
  /** Cells that one {@code eval} can do: encoders that share seeds in a row. */
  record Batch(List<String> encoders, long firstSeed, int seeds) {
    List<Batch> eachAlone() {
      return encoders.stream().map(one -> new Batch(List.of(one), firstSeed, seeds)).toList();
    }
  }

  String title() {
    String fields = grid.set().isEmpty() ? "" : " " + String.join(" ", grid.set());
    return grid.task() + " " + data + " " + protocol + fields;
  }

  List<SuiteCell> cells(String encoder) {
    return grid.seedList().stream().map(seed -> new SuiteCell(this, encoder, seed)).toList();
  }

  static List<Batch> batches(List<SuiteCell> cells) {
    Map<String, TreeSet<Long>> seeds = new LinkedHashMap<>();
    for (SuiteCell cell : cells) {
      seeds.computeIfAbsent(cell.encoder(), key -> new TreeSet<>()).add(cell.seed());
    }
    Map<List<Long>, List<String>> together = new LinkedHashMap<>();
    seeds.forEach(
        (encoder, each) ->
            rows(each)
                .forEach(
                    row -> together.computeIfAbsent(row, key -> new ArrayList<>()).add(encoder)));
    List<Batch> batches = new ArrayList<>();
    together.forEach((row, encoders) -> batches.add(new Batch(encoders, row.get(0), row.size())));
    return batches;
  }

  /** Seeds in a row without gaps. */
  private static List<List<Long>> rows(TreeSet<Long> seeds) {
    List<List<Long>> rows = new ArrayList<>();
    for (long seed : seeds) {
      if (!seeds.contains(seed - 1)) {
        rows.add(new ArrayList<>());
      }
      rows.get(rows.size() - 1).add(seed);
    }
    return rows;
  }

  /**
   * The command.
   *
   * @param files of the batch's encoders
   * @param control what {@code eval --control} is to be
   */
  List<String> command(List<Path> files, Batch batch, Path runs, String control) {
    List<String> command = new ArrayList<>(List.of("eval"));
    files.forEach(file -> command.add(file.toString()));
    command.addAll(List.of("--task", grid.task(), "--data", dataPath.toString()));
    command.addAll(List.of("--protocol", protocol, "--seeds", "" + batch.seeds()));
    command.addAll(List.of("--first-seed", "" + batch.firstSeed(), "--out", runs.toString()));
    grid.set().forEach(assignment -> command.addAll(List.of("--set", assignment)));
    command.addAll(List.of("--control", control));
    return command;
  }
}
