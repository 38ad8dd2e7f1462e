package downstream.leaderboard.ledger;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The append-only record of a leaderboard: {@code ledger.jsonl}, each line holding the digest of
 * the line before, so that no line can be changed, dropped or moved unseen. {@code ledger.head}
 * beside it holds number and digest of the last line, which nothing else would hold.
 *
 * <p>Writers wait for each other. A line is there whole or not at all: what a writer that was
 * killed left without a line break was never acknowledged; readers pass over it, and the next
 * writer removes it.
 */
public final class Ledger {
  /** Name of the file in the leaderboard's folder. */
  public static final String FILE = "ledger.jsonl";

  private static final String HEAD = "ledger.head";

  private final Path folder;
  private final Clock clock;

  private Ledger(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /** The ledger of the board in this folder, whether it exists or not. */
  public static Ledger in(Path folder, Clock clock) {
    return new Ledger(folder.toAbsolutePath().normalize(), clock);
  }

  private Path file() {
    return folder.resolve(FILE);
  }

  /** Reads all lines, with every inconsistency; changes nothing. */
  public LedgerText read() throws IOException {
    String text = Files.exists(file()) ? Files.readString(file()) : "";
    Path head = folder.resolve(HEAD);
    return LedgerText.of(text, Files.exists(head) ? Files.readString(head).strip() : "");
  }

  /**
   * Appends lines for these entries, in one piece and on disk when this returns.
   *
   * @throws BadInput if the ledger does not hold together: then nothing is written
   */
  public void append(List<LedgerEntry> entries) throws IOException {
    if (entries.isEmpty()) {
      return;
    }
    try (BoardLock lock = BoardLock.take(folder)) {
      LedgerText now = read();
      refuseBroken(now);
      StringBuilder text = new StringBuilder();
      long number = now.lines().size();
      String digest = now.headDigest();
      for (LedgerEntry entry : entries) {
        number++;
        String line = new LedgerLine(number, digest, clock.instant().toString(), entry).text();
        text.append(line).append('\n');
        digest = LedgerLine.digest(line);
      }
      lock.write(file(), now.wholeBytes(), text.toString());
      AtomicFile.write(folder.resolve(HEAD), head(number, digest));
    }
  }

  private static byte[] head(long number, String digest) {
    return (number + " " + digest + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private void refuseBroken(LedgerText now) {
    if (!now.faults().isEmpty()) {
      throw new BadInput(
          file(),
          now.faults().get(0),
          "Restore the file (`leaderboard verify` lists every fault); nothing was written");
    }
  }

  /** Adds the runs that are not in the ledger yet; returns how many. */
  public int enter(List<StoredRunFinder.FoundRun> runs, Map<String, RunStatus> known)
      throws IOException {
    List<LedgerEntry> entries =
        runs.stream()
            .filter(run -> !known.containsKey(run.result().id()))
            .map(run -> LedgerEntry.run(run.result().id(), relativePath(run.file()), run.sha256()))
            .toList();
    append(entries);
    return entries.size();
  }

  /** Returns the files of the runs that were entered and not retracted. */
  public Map<Path, RunStatus> runFiles(Map<String, RunStatus> statuses) {
    Map<Path, RunStatus> places = new HashMap<>();
    for (RunStatus status : statuses.values()) {
      if (status.retracted().isEmpty()) {
        status.file().ifPresent(file -> places.put(resolve(file), status));
      }
    }
    return places;
  }

  /** The file as an entry names it: relative to the board, so that both can move together. */
  String relativePath(Path file) {
    return folder.relativize(file.toAbsolutePath().normalize()).toString().replace('\\', '/');
  }

  /** Returns the path of a file that an entry names. */
  Path resolve(String place) {
    return folder.resolve(place).normalize();
  }
}
