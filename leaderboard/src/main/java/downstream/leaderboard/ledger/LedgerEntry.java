package downstream.leaderboard.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Optional;

/**
 * Content of one ledger line about one run.
 *
 * @param run the run's id
 * @param file path of its JSON file, relative to the ledger's folder; of a {@code run} only
 * @param sha256 of that file when it entered; of a {@code run} only
 * @param reason of a {@code retracted} run
 */
public record LedgerEntry(
    Kind kind,
    String run,
    Optional<String> file,
    Optional<String> sha256,
    Optional<String> reason) {
  /** Event in the life of a run. */
  public enum Kind {
    /** The run was entered. */
    @JsonProperty("run")
    RUN,
    /** The run's scores were computed again from its predictions, and were the same. */
    @JsonProperty("verified")
    VERIFIED,
    /** The run is no longer to be ranked. */
    @JsonProperty("retracted")
    RETRACTED
  }

  static LedgerEntry run(String id, String file, String sha256) {
    return new LedgerEntry(Kind.RUN, id, Optional.of(file), Optional.of(sha256), Optional.empty());
  }

  public static LedgerEntry verified(String id) {
    return new LedgerEntry(Kind.VERIFIED, id, Optional.empty(), Optional.empty(), Optional.empty());
  }

  public static LedgerEntry retracted(String id, String reason) {
    return new LedgerEntry(
        Kind.RETRACTED, id, Optional.empty(), Optional.empty(), Optional.of(reason));
  }
}
