package downstream.leaderboard.ledger;

import java.util.Optional;

/**
 * Status of one run, from all lines of a ledger together.
 *
 * @param line number of the line it entered by; 0 if no line says that it did
 * @param file relative to the ledger's folder; empty if it never entered
 * @param sha256 of the file when it entered
 * @param verified when its scores were last found to be the same
 * @param retracted why it is no longer to be ranked
 */
public record RunStatus(
    String run,
    long line,
    Optional<String> file,
    Optional<String> sha256,
    Optional<String> verified,
    Optional<String> retracted) {

  static RunStatus of(LedgerLine line) {
    LedgerEntry entry = line.entry();
    boolean verified = entry.kind() == LedgerEntry.Kind.VERIFIED;
    return new RunStatus(
        entry.run(),
        entry.kind() == LedgerEntry.Kind.RUN ? line.number() : 0,
        entry.file(),
        entry.sha256(),
        verified ? Optional.of(line.time()) : Optional.empty(),
        entry.reason());
  }

  /**
   * Returns this status updated by a later line. A run enters once; a retracted one is never ranked
   * again.
   */
  RunStatus and(RunStatus later) {
    return new RunStatus(
        run,
        line == 0 ? later.line : line,
        file.or(later::file),
        sha256.or(later::sha256),
        later.verified.or(this::verified),
        retracted.or(later::retracted));
  }
}
