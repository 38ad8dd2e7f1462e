package downstream.leaderboard;

import downstream.eval.BadInput;
import downstream.eval.run.Result;
import downstream.eval.run.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * All stored runs below some folders: those that can be ranked, and those that cannot, each with
 * the reason.
 *
 * @param runs sound runs, each once
 * @param leftOut the rest
 */
record RunScan(List<Result> runs, List<LeftOut> leftOut) {
  private static final String RUN_FILE = "run--?\\d+\\.json";

  /** A file that was not ranked, and why. */
  record LeftOut(Path file, String reason) {}

  private record Found(Path file, Result result) {}

  static RunScan of(List<Path> folders) throws IOException {
    List<LeftOut> leftOut = new ArrayList<>();
    Map<String, List<Found>> byQuestion = new LinkedHashMap<>();
    for (Path file : files(folders)) {
      try {
        Result result = Results.read(file);
        String reason = unfit(file, result);
        if (reason.isEmpty()) {
          byQuestion
              .computeIfAbsent(question(result), key -> new ArrayList<>())
              .add(new Found(file, result));
        } else {
          leftOut.add(new LeftOut(file, reason));
        }
      } catch (BadInput e) {
        leftOut.add(new LeftOut(file, String.valueOf(e.getMessage())));
      }
    }
    List<Result> runs = new ArrayList<>();
    byQuestion.values().forEach(same -> settle(same, runs, leftOut));
    return new RunScan(List.copyOf(runs), List.copyOf(leftOut));
  }

  private static TreeSet<Path> files(List<Path> folders) throws IOException {
    TreeSet<Path> files = new TreeSet<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new BadInput(folder, "no such folder of runs", "Give the --out of `eval`");
      }
      try (Stream<Path> entries = Files.walk(folder.toAbsolutePath().normalize())) {
        entries
            .filter(file -> String.valueOf(file.getFileName()).matches(RUN_FILE))
            .forEach(files::add);
      }
    }
    return files;
  }

  private static String unfit(Path file, Result result) {
    if (result.status() != Result.Status.OK) {
      return "the run is not ok: " + result.reason().orElse("no reason given");
    }
    if (result.limited().isPresent()) {
      return "a trial on at most " + result.limited().get().pictures() + " pictures a split";
    }
    return String.join("; ", Results.defects(file, result));
  }

  /** Runs with the same answer here ought to have the same result. */
  private static String question(Result result) {
    return String.join(
        " ",
        result.protocol().fingerprint(),
        result.data().fingerprint(),
        result.encoder().digest(),
        Long.toString(result.seeds().declared()));
  }

  private static void settle(List<Found> same, List<Result> runs, List<LeftOut> leftOut) {
    Found first = same.get(0);
    if (same.stream().allMatch(found -> found.result().id().equals(first.result().id()))) {
      runs.add(first.result());
      same.stream()
          .skip(1)
          .forEach(copy -> leftOut.add(new LeftOut(copy.file(), "a copy of " + first.file())));
    } else {
      List<Path> files = same.stream().map(Found::file).toList();
      files.forEach(
          file ->
              leftOut.add(
                  new LeftOut(
                      file,
                      "the same encoder, protocol, data and seed with different results: "
                          + files
                          + "; keep one of them")));
    }
  }
}
