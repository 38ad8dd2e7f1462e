package downstream.leaderboard.ledger;

import downstream.eval.Digest;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One line of the ledger.
 *
 * @param number from 1
 * @param previous digest of the text of the line before; {@link #NONE} for the first
 * @param time ISO-8601, UTC
 */
public record LedgerLine(long number, String previous, String time, LedgerEntry entry) {
  /** Value that the first line has for the digest of the line before. */
  static final String NONE = "0".repeat(64);

  /** The line as it is stored, without the line break. */
  String text() {
    return Json.canonical(this);
  }

  /**
   * Returns the digest that the next line holds of this one: SHA-256 of the text, as {@code
   * sha256sum} prints it.
   */
  static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Empty if this is no line of a ledger. */
  static Optional<LedgerLine> parse(String text) {
    try {
      LedgerLine line =
          Json.MAPPER.readValue(text.getBytes(StandardCharsets.UTF_8), LedgerLine.class);
      return line.entry() == null || line.previous() == null ? Optional.empty() : Optional.of(line);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
