package downstream.eval.run;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Inventory;
import downstream.eval.task.Protocol;
import downstream.eval.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that runs are stored in. Every run has one place, given by the digests of what was
 * asked, so asking again finds it:
 *
 * <pre>
 * &lt;encoder&gt;/&lt;digest&gt;/&lt;task&gt;@&lt;version&gt;/&lt;data&gt;-&lt;split&gt;-&lt;digest&gt;/&lt;protocol&gt;/run-&lt;seed&gt;.json
 * </pre>
 *
 * Beside them is stored, once for each split, the list of its images.
 */
public final class RunStore {
  private static final String USABLE_OUT = "Give --out a folder that you can read and write";
  private static final String MARKER = "downstream-runs.json";
  private static final String LAYOUT = "downstream/runs/1";

  private final Path root;

  private RunStore(Path root) {
    this.root = root;
  }

  /**
   * Opens the folder, and creates it if need be.
   *
   * @param room bytes that the runs to come will want
   * @throws BadInput if it holds something else, cannot be written or has no room
   */
  public static RunStore open(Path root, long room) {
    RunStore store = at(root);
    store.refuseForeign();
    Path marker = root.resolve(MARKER);
    // Also the probe: what cannot be written now would not be written after hours of training.
    AtomicFile.write(marker, Json.pretty(Map.of("layout", LAYOUT)));
    requireDiskSpace(root, room);
    return store;
  }

  /** The folder as it is, to look at; nothing is created or checked. */
  public static RunStore at(Path root) {
    return new RunStore(root);
  }

  /**
   * Checks the folder before anything is written.
   *
   * @throws BadInput if it is a file, or a folder that holds something else
   */
  public void refuseForeign() {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      throw new BadInput(root, "is a file, not a folder", USABLE_OUT);
    }
    if (!Files.isDirectory(root) || Files.exists(root.resolve(MARKER))) {
      return;
    }
    try (Stream<Path> entries = Files.list(root)) {
      List<String> names = entries.map(p -> String.valueOf(p.getFileName())).sorted().toList();
      if (!names.isEmpty()) {
        throw new BadInput(
            root,
            "is in use: it holds '" + names.get(0) + "' and is not a folder of runs",
            "Choose an empty folder, or one that an earlier run made, as --out");
      }
    } catch (IOException e) {
      throw new BadInput(root, "cannot be listed (" + e + ")", USABLE_OUT, e);
    }
  }

  private static void requireDiskSpace(Path root, long room) {
    try {
      long free = Files.getFileStore(root).getUsableSpace();
      if (free < room) {
        throw new BadInput(
            root,
            "the disk has " + megabytes(free) + " left, the run needs about " + megabytes(room),
            "Make room, or choose an --out on another disk");
      }
    } catch (IOException e) {
      throw new BadInput(root, "its disk cannot be queried (" + e + ")", USABLE_OUT, e);
    }
  }

  private static String megabytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  /** Returns the folder in which frozen features are cached, for all runs. */
  public Path features() {
    return root.resolve(".features");
  }

  /** The folder of a stored run, if it is still there. */
  public static Optional<RunStore> around(Path run) {
    Path folder = run.toAbsolutePath().normalize().getParent();
    while (folder != null && !Files.exists(folder.resolve(MARKER))) {
      folder = folder.getParent();
    }
    return Optional.ofNullable(folder).map(RunStore::new);
  }

  /**
   * Returns the path of the {@link Inventory} of a split.
   *
   * @param fingerprint of the split as the runs record it
   */
  public Path inventory(String fingerprint) {
    return root.resolve(".inventory").resolve(fileName(fingerprint) + ".txt");
  }

  /** Keeps what the splits hold, for all runs; what is kept already stays. */
  public void keep(DataSet data) {
    keep(data.train());
    data.evaluation().values().forEach(this::keep);
  }

  private void keep(ImageSet split) {
    Path file = inventory(split.fingerprint());
    if (!Files.exists(file)) {
      split.inventory().ifPresent(inventory -> AtomicFile.write(file, inventory.bytes()));
    }
  }

  /** The folder of one encoder under one task. */
  private Path taskFolder(String encoder, String digest, Task task) {
    return root.resolve(fileName(encoder))
        .resolve(digest.substring(0, 12))
        .resolve(fileName(task.name() + "@" + task.version()));
  }

  /** The place of one run. */
  public RunLocation place(
      String encoder, String digest, Task task, ScoredSplit split, Protocol protocol, long seed) {
    String data = split.data() + "-" + split.name() + "-" + split.fingerprint().substring(0, 8);
    Path folder =
        taskFolder(encoder, digest, task)
            .resolve(fileName(data))
            .resolve(protocol.fingerprint().substring(0, 12));
    return new RunLocation(folder, seed);
  }

  /** The sound runs stored at this place under any encoder; their files are not checked. */
  public List<Result> ofAnyEncoder(Task task, ScoredSplit split, Protocol protocol, long seed) {
    Path example = place("encoder", "0".repeat(12), task, split, protocol, seed).result();
    Path place = root.resolve("encoder").resolve("0".repeat(12)).relativize(example);
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> encoders = Files.find(root, 2, (path, of) -> of.isDirectory())) {
      return encoders
          .map(encoder -> encoder.resolve(place))
          .filter(Files::isRegularFile)
          .flatMap(file -> intactRun(file).stream())
          .toList();
    } catch (IOException e) {
      throw new BadInput(root, "cannot be listed (" + e + ")", USABLE_OUT, e);
    }
  }

  private static Optional<Result> intactRun(Path file) {
    try {
      return Optional.of(ResultFile.read(file)).filter(run -> run.status() == Result.Status.OK);
    } catch (BadInput damaged) {
      return Optional.empty();
    }
  }

  /** The folder of one unfinished training: it serves all splits and goes when they are scored. */
  public Path fitFolder(
      String encoder, String digest, Task task, String train, Protocol protocol, long seed) {
    String key = new Digest().add(protocol.fingerprint()).add(train).hex().substring(0, 12);
    return taskFolder(encoder, digest, task).resolve("unfinished").resolve(key + "-" + seed);
  }

  private static String fileName(String text) {
    return text.replaceAll("[^A-Za-z0-9._@-]", "_");
  }
}
