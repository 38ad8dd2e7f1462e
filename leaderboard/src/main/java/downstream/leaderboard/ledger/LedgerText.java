package downstream.leaderboard.ledger;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A ledger as it was found.
 *
 * @param lines in order; those that could not be read are not among them
 * @param faults where the chain breaks, one sentence each with the line's number
 * @param headDigest digest of the last line; {@link LedgerLine#NONE} if there is none
 * @param wholeBytes up to the last line break: what is behind it was never acknowledged
 */
public record LedgerText(
    List<LedgerLine> lines, List<String> faults, String headDigest, long wholeBytes) {
  public LedgerText {
    lines = List.copyOf(lines);
    faults = List.copyOf(faults);
  }

  /**
   * @param head number and digest of the last line, as they were stored beside it; may be empty
   */
  static LedgerText of(String text, String head) {
    String whole = text.substring(0, text.lastIndexOf('\n') + 1);
    List<String> texts = whole.lines().toList();
    List<Text> read = texts.parallelStream().map(Text::of).toList();
    List<String> faults = new ArrayList<>();
    String previous = LedgerLine.NONE;
    for (int i = 0; i < read.size(); i++) {
      fault(i + 1, read.get(i).line(), previous).ifPresent(faults::add);
      previous = read.get(i).digest();
    }
    headFault(head, texts).ifPresent(faults::add);
    long bytes = whole.getBytes(StandardCharsets.UTF_8).length;
    List<LedgerLine> lines = read.stream().flatMap(one -> one.line().stream()).toList();
    return new LedgerText(lines, faults, previous, bytes);
  }

  /** The text of one line. */
  private record Text(Optional<LedgerLine> line, String digest) {
    static Text of(String text) {
      return new Text(LedgerLine.parse(text), LedgerLine.digest(text));
    }
  }

  private static Optional<String> fault(int at, Optional<LedgerLine> line, String previous) {
    if (line.isEmpty()) {
      return Optional.of("line " + at + " is not a line of a ledger");
    }
    long number = line.get().number();
    if (number != at) {
      return Optional.of(
          "line " + at + " has number " + number + ": lines were moved, dropped or added");
    }
    return line.get().previous().equals(previous)
        ? Optional.empty()
        : Optional.of(
            at == 1
                ? "line 1 was changed: it must have no previous line"
                : "line " + (at - 1) + " was changed: line " + at + " has another digest of it");
  }

  /** A writer that was killed leaves a head that is behind; never one that is ahead. */
  private static Optional<String> headFault(String head, List<String> texts) {
    if (head.isEmpty()) {
      return Optional.empty();
    }
    String[] words = head.split(" ", -1);
    int number = words.length == 2 && words[0].matches("\\d{1,9}") ? Integer.parseInt(words[0]) : 0;
    if (number == 0) {
      return Optional.of("ledger.head was changed: found '" + head + "'");
    }
    if (number > texts.size()) {
      return Optional.of(
          "the last lines are missing: " + number + " were written, " + texts.size() + " are left");
    }
    return LedgerLine.digest(texts.get(number - 1)).equals(words[1])
        ? Optional.empty()
        : Optional.of("line " + number + " was changed: ledger.head has another digest of it");
  }

  /** Returns the status of each run, by id, in the order they entered. */
  public Map<String, RunStatus> statuses() {
    Map<String, RunStatus> statuses = new LinkedHashMap<>();
    for (LedgerLine line : lines) {
      statuses.merge(line.entry().run(), RunStatus.of(line), RunStatus::and);
    }
    return statuses;
  }
}
