package downstream.leaderboard;

import downstream.eval.BadInput;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Numbers that papers report, kept apart from what was measured here. */
record Claims(List<Claim> claims) {
  static final List<String> COLUMNS =
      List.of(
          "method",
          "backbone",
          "pretraining",
          "task",
          "data",
          "protocol",
          "metric",
          "reported",
          "paper",
          "table",
          "source");

  /**
   * One number.
   *
   * @param data evaluation data and split, as a section names them: {@code coco/val2017}
   * @param protocol as the paper calls it
   * @param reported a fraction
   * @param source where the number was read
   */
  record Claim(
      String method,
      String backbone,
      String pretraining,
      String task,
      String data,
      String protocol,
      String metric,
      double reported,
      String paper,
      String table,
      String source) {}

  /**
   * A claim beside what was measured.
   *
   * @param verdict only where protocol and data are the paper's
   */
  record Held(
      String method,
      String metric,
      double reported,
      Optional<Double> measured,
      Optional<Double> difference,
      String verdict,
      String data,
      String protocol,
      String source) {}

  /** Those that come with the program, and those of the file if it exists. */
  static Claims with(Path own) {
    List<Claim> claims = new ArrayList<>();
    try (InputStream in = Claims.class.getResourceAsStream("claims.csv");
        Reader reader = new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8)) {
      claims.addAll(parse("claims.csv", reader));
    } catch (IOException e) {
      throw new IllegalStateException("cannot read claims.csv", e);
    }
    if (Files.exists(own)) {
      claims.addAll(read(own));
    }
    return new Claims(claims);
  }

  private static List<Claim> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return parse(file, reader);
    } catch (IOException e) {
      throw new BadInput(file, "cannot be read (" + e + ")", "Check the file", e);
    }
  }

  private static List<Claim> parse(Object where, Reader reader) throws IOException {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    List<Claim> claims = new ArrayList<>();
    try (CSVParser parser = CSVParser.parse(reader, format)) {
      if (!parser.getHeaderNames().equals(COLUMNS)) {
        throw new BadInput(
            where,
            "expected the columns " + COLUMNS + ", found " + parser.getHeaderNames(),
            "Correct the first line");
      }
      for (CSVRecord row : parser) {
        claims.add(claim(where, row));
      }
    }
    return claims;
  }

  private static Claim claim(Object where, CSVRecord row) {
    String reported = row.get("reported");
    double value;
    try {
      value = Double.parseDouble(reported);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(value >= 0 && value <= 1)) {
      throw new BadInput(
          where + " line " + (row.getRecordNumber() + 1),
          "expected a fraction in 'reported', found '" + reported + "'",
          "Write 0.403 for 40.3");
    }
    return new Claim(
        row.get(0),
        row.get(1),
        row.get(2),
        row.get(3),
        row.get(4),
        row.get(5),
        row.get(6),
        value,
        row.get(8),
        row.get(9),
        row.get(10));
  }

  /** Every claim about the section's task. */
  List<Held> against(Section section) {
    return claims.stream()
        .filter(claim -> claim.task().equals(section.sample().task().name()))
        .map(claim -> held(claim, section))
        .toList();
  }

  private static Held held(Claim claim, Section section) {
    var run = section.sample();
    boolean same =
        claim.data().equals(run.data().name() + "/" + run.task().split())
            && claim.protocol().equals(run.protocol().name());
    Optional<Estimate> estimate =
        section.rows().stream()
            .filter(row -> same && row.method().equals(Optional.of(claim.method())))
            .map(row -> row.estimate(claim.metric()))
            .filter(e -> e.mean().isPresent())
            .findFirst();
    Optional<Double> measured = estimate.flatMap(Estimate::mean);
    return new Held(
        claim.method() + ", " + claim.backbone() + ", " + claim.pretraining(),
        claim.metric(),
        claim.reported(),
        measured,
        measured.map(m -> m - claim.reported()),
        estimate.map(e -> verdict(claim, e)).orElse("not measured here"),
        claim.data(),
        claim.protocol(),
        claim.paper() + ", " + claim.table() + "; " + claim.source());
  }

  /** Papers round to a tenth of a percent, and seeds spread. */
  private static String verdict(Claim claim, Estimate estimate) {
    return estimate
        .interval()
        .map(
            i ->
                i.low() - 0.0005 <= claim.reported() && claim.reported() <= i.high() + 0.0005
                    ? "holds within the interval"
                    : "differs beyond the interval")
        .orElse("one seed: cannot say");
  }
}
