package downstream.leaderboard;

import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.cli.OutputFormat;
import downstream.eval.cli.Table;
import downstream.leaderboard.ledger.BoardLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Numbers that papers report, kept apart from what was measured here. */
public record PublishedClaims(List<PublishedClaim> claims) {
  /** The file of one's own, in the board's folder. */
  public static final String FILE = "claims.csv";

  /** Papers round to a tenth of a percent. */
  private static final double ROUNDING = 0.0005;

  /**
   * A claim beside what was measured.
   *
   * @param verdict only where protocol and data are the paper's
   */
  record ClaimComparison(
      String method,
      String metric,
      double reported,
      Optional<Double> measured,
      Optional<Double> difference,
      String verdict,
      String data,
      String protocol,
      String source) {}

  /**
   * Reads the claims that are bundled with the program, and those of the leaderboard's own file if
   * it exists.
   */
  public static PublishedClaims with(Path own) {
    List<PublishedClaim> claims = new ArrayList<>();
    try (InputStream in = PublishedClaims.class.getResourceAsStream(FILE);
        Reader reader = new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8)) {
      claims.addAll(parse(FILE, reader));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + FILE, e);
    }
    claims.addAll(read(own));
    return new PublishedClaims(claims);
  }

  /**
   * Adds a claim to one's own; a repeated one changes nothing.
   *
   * @param board the folder whose {@link #FILE} is written
   * @return whether it was added
   * @throws BadInput if the file reports another number for the same thing
   */
  public static boolean add(Path board, PublishedClaim claim) throws IOException {
    BoardLock lock = BoardLock.take(board);
    try {
      return addLocked(board.resolve(FILE), claim);
    } finally {
      lock.close();
    }
  }

  private static boolean addLocked(Path own, PublishedClaim claim) {
    List<PublishedClaim> claims = new ArrayList<>(read(own));
    if (claims.contains(claim)) {
      return false;
    }
    for (PublishedClaim other : claims) {
      if (other.isAboutTheSameAs(claim)) {
        throw new BadInput(
            own,
            "has another value for "
                + claim.method()
                + " on this metric: "
                + other.reported()
                + " ("
                + other.source()
                + ")",
            "Remove that line to replace it, or name the paper's table with --table");
      }
    }
    claims.add(claim);
    Table table = new Table(PublishedClaim.COLUMNS);
    claims.forEach(each -> table.row(each.values()));
    AtomicFile.write(own, table.as(OutputFormat.CSV).getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private static List<PublishedClaim> read(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Reader reader = Files.newBufferedReader(file)) {
      return parse(file, reader);
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }

  private static BadInput notCsv(Object where, IOException cause) {
    return new BadInput(
        where,
        "is not CSV (" + cause.getMessage() + ")",
        "Close every quoted value with a quote, and write a quote inside it twice",
        cause);
  }

  private static List<PublishedClaim> parse(Object where, Reader reader) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    List<PublishedClaim> claims = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(reader, format)) {
      if (!parser.getHeaderNames().equals(PublishedClaim.COLUMNS)) {
        throw new BadInput(
            where,
            "expected the columns " + PublishedClaim.COLUMNS + ", found " + parser.getHeaderNames(),
            "Write these columns in the first line");
      }
      for (CSVRecord row : parser) {
        String line = where + " line " + (row.getRecordNumber() + 1);
        if (row.size() != PublishedClaim.COLUMNS.size()) {
          throw new BadInput(line, "has " + row.size() + " values", "Give one value per column");
        }
        claims.add(PublishedClaim.of(line, row.toList()));
      }
    } catch (CSVException e) {
      throw notCsv(where, e);
    } catch (UncheckedIOException e) {
      throw notCsv(where, Objects.requireNonNull(e.getCause()));
    }
    return claims;
  }

  /**
   * The claims of each row of a section: those whose data, protocol and encoder are the row's, and
   * no other row's.
   */
  IdentityHashMap<LeaderboardRow, List<PublishedClaim>> of(LeaderboardTable section) {
    IdentityHashMap<LeaderboardRow, List<PublishedClaim>> of = new IdentityHashMap<>();
    for (PublishedClaim claim : claims) {
      List<LeaderboardRow> rows = rows(claim, section);
      if (rows.size() == 1) {
        of.computeIfAbsent(rows.get(0), row -> new ArrayList<>()).add(claim);
      }
    }
    return of;
  }

  private static List<LeaderboardRow> rows(PublishedClaim claim, LeaderboardTable section) {
    return claim.isOf(section)
        ? section.rows().stream().filter(row -> row.isRanked() && claim.isOf(row)).toList()
        : List.of();
  }

  /** Every claim about the section's task. */
  List<ClaimComparison> comparisons(LeaderboardTable section) {
    return claims.stream()
        .filter(claim -> claim.task().equals(section.sample().task().name()))
        .map(claim -> compare(claim, section))
        .toList();
  }

  private static ClaimComparison compare(PublishedClaim claim, LeaderboardTable section) {
    List<SeedMean> estimates =
        rows(claim, section).stream()
            .map(row -> row.estimate(claim.metric()))
            .filter(estimate -> estimate.mean().isPresent())
            .toList();
    Optional<Double> measured = estimates.size() == 1 ? estimates.get(0).mean() : Optional.empty();
    return new ClaimComparison(
        claim.method() + ", " + claim.backbone() + ", " + claim.pretraining(),
        claim.metric(),
        claim.reported(),
        measured,
        measured.map(m -> m - claim.reported()),
        verdict(claim, estimates),
        claim.data(),
        claim.protocol(),
        claim.where());
  }

  private static String verdict(PublishedClaim claim, List<SeedMean> estimates) {
    if (estimates.isEmpty()) {
      return "not measured here";
    }
    if (estimates.size() > 1) {
      return estimates.size() + " encoders of this method: give one as NAME@DIGEST";
    }
    return estimates
        .get(0)
        .interval()
        .map(
            i ->
                i.low() - ROUNDING <= claim.reported() && claim.reported() <= i.high() + ROUNDING
                    ? "agrees within the interval"
                    : "differs beyond the interval")
        .orElse("one seed: no interval");
  }
}
