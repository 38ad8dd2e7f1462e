package downstream.leaderboard;

import downstream.eval.BadInput;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Claim of a paper: one number that it reports.
 *
 * @param method as encoders name it in their provenance: {@code byol}; or one encoder, {@code
 *     NAME@DIGEST}
 * @param data evaluation data and split: {@code coco/val2017}; with {@code @DIGEST} behind it, the
 *     data set that is here
 * @param protocol as the paper calls it; {@code NAME@FINGERPRINT} where it is one that is run here
 * @param reported a fraction
 * @param source where the number was read
 */
public record PublishedClaim(
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
    String source) {
  public static final List<String> COLUMNS =
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

  private static final int MIN_DIGITS = 8;

  /**
   * A claim of these values, in the order of the columns.
   *
   * @throws BadInput if one is missing, or what is reported is no fraction
   */
  public static PublishedClaim of(Object where, List<String> values) {
    IntStream.range(0, COLUMNS.size())
        .filter(i -> values.get(i).isBlank())
        .findFirst()
        .ifPresent(
            i -> {
              throw new BadInput(where, "'" + COLUMNS.get(i) + "' is empty", "Fill in the column");
            });
    return new PublishedClaim(
        values.get(0),
        values.get(1),
        values.get(2),
        values.get(3),
        values.get(4),
        values.get(5),
        values.get(6),
        fraction(where, values.get(7)),
        values.get(8),
        values.get(9),
        values.get(10));
  }

  private static double fraction(Object where, String text) {
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(value >= 0 && value <= 1)) {
      throw new BadInput(
          where, "expected a fraction in 'reported', found '" + text + "'", "Write 0.403 for 40.3");
    }
    return value;
  }

  /** Paper and table, and where the number was read. */
  String where() {
    return paper + ", " + table + "; " + source;
  }

  /** Values in the order of the columns. */
  public List<Object> values() {
    return List.of(
        method,
        backbone,
        pretraining,
        task,
        data,
        protocol,
        metric,
        reported,
        paper,
        table,
        source);
  }

  /** Tells whether the other claim is about the same thing. */
  boolean isAboutTheSameAs(PublishedClaim other) {
    List<Object> mine = values();
    List<Object> its = other.values();
    return IntStream.range(0, mine.size())
        .filter(i -> !List.of("reported", "source").contains(COLUMNS.get(i)))
        .allMatch(i -> mine.get(i).equals(its.get(i)));
  }

  /**
   * Tells whether the section is the claim's: only digests say so. Names alone do not: any data set
   * can be called coco, and a protocol of the same name can have other fields.
   */
  boolean isOf(LeaderboardTable section) {
    var run = section.sample();
    String split = run.data().name() + "/" + run.task().split();
    return task.equals(run.task().name())
        && matchesDigest(data, split, run.data().fingerprint())
        && matchesDigest(protocol, run.protocol().name(), run.protocol().fingerprint());
  }

  /** Tells whether the claim is about the row's encoder. */
  boolean isOf(LeaderboardRow row) {
    return row.method().filter(method::equals).isPresent()
        || matchesDigest(method, row.encoder(), row.runs().get(0).encoder().digest());
  }

  private static boolean matchesDigest(String text, String name, String digest) {
    return text.startsWith(name + "@")
        && text.length() - name.length() - 1 >= MIN_DIGITS
        && digest.startsWith(text.substring(name.length() + 1));
  }
}
