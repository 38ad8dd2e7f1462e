package downstream.leaderboard.ledger;

import downstream.eval.BadInput;
import downstream.eval.run.DataLeak;
import downstream.eval.run.Result;
import downstream.eval.run.StoredRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All stored runs below some folders: those that can be ranked, and those that cannot, each with
 * the reason.
 *
 * @param runs sound runs, each once
 * @param leftOut the rest
 */
public record StoredRunFinder(List<FoundRun> runs, List<LeftOut> leftOut) {
  private static final Pattern RUN_FILE = Pattern.compile("run--?\\d+\\.json");

  /** A file that was not ranked, and why. */
  public record LeftOut(Path file, String reason) {}

  /**
   * A run and its JSON file.
   *
   * @param sha256 of the file
   */
  public record FoundRun(Path file, String sha256, Result result) {
    /** The file of its statistics, if it is there. */
    public Optional<Path> statistics() {
      return result
          .statistics()
          .map(artifact -> file.resolveSibling(artifact.path()))
          .filter(Files::exists);
    }
  }

  /** An examined file; the reason is empty if the run can be ranked. */
  private record ExaminedFile(Path file, Optional<FoundRun> found, String reason) {}

  /** Reads all runs below the folders and checks each against all its digests. */
  public static StoredRunFinder of(List<Path> folders) throws IOException {
    return of(folders, Map.of());
  }

  /**
   * Runs that a ledger knows, by the digest of their file, were checked when they entered: of their
   * stored files only the sizes are looked at now.
   *
   * @param known by id
   * @throws BadInput if a folder does not exist
   */
  public static StoredRunFinder of(List<Path> folders, Map<String, RunStatus> known)
      throws IOException {
    List<LeftOut> leftOut = new ArrayList<>();
    Map<String, List<FoundRun>> byRunKey = new LinkedHashMap<>();
    for (ExaminedFile seen :
        files(folders).parallelStream().map(file -> examine(file, known)).toList()) {
      if (seen.reason().isEmpty()) {
        FoundRun found = seen.found().orElseThrow();
        byRunKey.computeIfAbsent(runKey(found.result()), key -> new ArrayList<>()).add(found);
      } else {
        leftOut.add(new LeftOut(seen.file(), seen.reason()));
      }
    }
    List<FoundRun> runs = new ArrayList<>();
    byRunKey.values().forEach(same -> resolveCopies(same, runs, leftOut));
    return new StoredRunFinder(List.copyOf(runs), List.copyOf(leftOut));
  }

  /**
   * The scan without runs stored at the path of another run of the ledger: an entered run cannot be
   * replaced.
   */
  public StoredRunFinder without(Map<Path, RunStatus> entered) {
    List<FoundRun> kept = new ArrayList<>();
    List<LeftOut> left = new ArrayList<>(leftOut);
    for (FoundRun found : runs) {
      RunStatus there = entered.get(found.file());
      if (there == null || there.run().equals(found.result().id())) {
        kept.add(found);
      } else {
        left.add(
            new LeftOut(
                found.file(),
                "not the run that entered the ledger in line "
                    + there.line()
                    + "; to replace that one, first retract "
                    + there.run()));
      }
    }
    return new StoredRunFinder(List.copyOf(kept), List.copyOf(left));
  }

  /** The runs alone. */
  public List<Result> results() {
    return runs.stream().map(FoundRun::result).toList();
  }

  private static List<Path> files(List<Path> folders) throws IOException {
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new BadInput(
            folder, "no such folder of runs", "Give the folder that `eval --out` wrote");
      }
    }
    try {
      return folders.stream()
          .flatMap(folder -> files(folder.toAbsolutePath().normalize()).stream())
          .sorted()
          .distinct()
          .toList();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  /** Run files under a folder; skips the folders stored beside a run, which are most of them. */
  private static List<Path> files(Path folder) {
    List<Path> entries;
    try (Stream<Path> listed = Files.list(folder)) {
      entries = listed.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Set<Path> runs = entries.stream().filter(StoredRunFinder::isRun).collect(Collectors.toSet());
    Stream<Path> below =
        entries.parallelStream()
            .filter(entry -> !runs.contains(entry))
            .filter(entry -> !runs.contains(entry.resolveSibling(entry.getFileName() + ".json")))
            .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
            .flatMap(entry -> files(entry).stream());
    return Stream.concat(runs.stream(), below).toList();
  }

  private static boolean isRun(Path file) {
    return RUN_FILE.matcher(String.valueOf(file.getFileName())).matches();
  }

  private static ExaminedFile examine(Path file, Map<String, RunStatus> known) {
    try {
      StoredRun run = StoredRun.read(file);
      FoundRun found = new FoundRun(file, run.sha256(), run.result());
      return new ExaminedFile(
          file, Optional.of(found), reasonLeftOut(run, known.get(run.result().id()), file));
    } catch (BadInput e) {
      return new ExaminedFile(file, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  private static String reasonLeftOut(StoredRun run, @Nullable RunStatus status, Path file) {
    Result result = run.result();
    if (status != null && status.retracted().isPresent()) {
      return "retracted: " + status.retracted().get();
    }
    if (result.status() != Result.Status.OK) {
      return "the run is not ok: " + result.reason().orElse("no reason given");
    }
    if (result.limited().isPresent()) {
      return "limited: a trial on at most " + result.limited().get().images() + " images per split";
    }
    boolean entered = status != null && status.sha256().filter(run.sha256()::equals).isPresent();
    return String.join("; ", entered ? sizes(file, result) : run.defects());
  }

  private static List<String> sizes(Path file, Result result) {
    List<String> defects = new ArrayList<>();
    for (Result.Artifact artifact : result.artifacts()) {
      Path stored = file.resolveSibling(artifact.path());
      if (stored.toFile().length() != artifact.bytes()) {
        boolean there = Files.exists(stored);
        defects.add(
            artifact.path()
                + (there
                    ? " does not match its digest: it was changed or truncated"
                    : " is missing"));
      }
    }
    return defects;
  }

  /** Runs with the same answer here ought to have the same result. */
  private static String runKey(Result result) {
    return String.join(
        " ",
        result.protocol().fingerprint(),
        result.data().fingerprint(),
        result.encoder().digest(),
        Long.toString(result.seeds().declared()));
  }

  /**
   * Number of leaked images: of copies the one with most counts, so that a copy cannot hide a leak.
   */
  private static long leakedImages(FoundRun found) {
    return found.result().data().leak().map(DataLeak::identical).orElse(-1L);
  }

  private static void resolveCopies(
      List<FoundRun> same, List<FoundRun> runs, List<LeftOut> leftOut) {
    FoundRun first =
        same.stream().max(Comparator.comparing(StoredRunFinder::leakedImages)).orElse(same.get(0));
    if (same.stream().allMatch(found -> found.result().hasSameOutcomeAs(first.result()))) {
      runs.add(first);
      same.stream()
          .filter(found -> !found.file().equals(first.file()))
          .forEach(copy -> leftOut.add(new LeftOut(copy.file(), "a copy of " + first.file())));
    } else {
      List<Path> files = same.stream().map(FoundRun::file).toList();
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
