package downstream.leaderboard;

import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import downstream.eval.Json;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.StoredRunFinder;
import downstream.leaderboard.statistics.Interval;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The leaderboard as one HTML file that needs nothing else: style, script, data and plots are in
 * it, and its content policy forbids every request.
 */
public final class HtmlPage {
  private static final ObjectWriter JSON =
      Json.MAPPER
          .writer(new NoTags())
          .with(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
          .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .without(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@%+,-]+");
  private static final String DATA = "/*DATA*/";

  private final Leaderboard board;
  private final PageImages images;
  private final Map<String, Path> files = new HashMap<>();

  /**
   * @param folder that the files of runs are named relative to
   */
  public HtmlPage(
      Leaderboard board, PageImages images, List<StoredRunFinder.FoundRun> runs, Path folder) {
    this.board = board;
    this.images = images;
    Path base = folder.toAbsolutePath().normalize();
    for (StoredRunFinder.FoundRun run : runs) {
      files.put(run.result().id(), base.relativize(run.file()));
      images.locate(run);
    }
  }

  /** The whole file, UTF-8. */
  public void write(OutputStream out) throws IOException {
    String frame =
        resource("page.html")
            .replace("/*CSS*/", resource("page.css"))
            .replace("/*JS*/", resource("page.js"));
    int data = frame.indexOf(DATA);
    out.write(frame.substring(0, data).getBytes(StandardCharsets.UTF_8));
    JSON.writeValue(out, data());
    out.write(frame.substring(data + DATA.length()).getBytes(StandardCharsets.UTF_8));
  }

  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + name, e);
    }
  }

  private PageData data() {
    long runs =
        board.sections().stream()
            .flatMap(s -> s.rows().stream())
            .mapToLong(r -> r.runs().size())
            .sum();
    String summary =
        "%d runs in %d sections; %d left out."
            .formatted(runs, board.sections().size(), board.leftOut().size());
    return new PageData(
        summary,
        board.sections().stream().map(this::section).iterator(),
        OverallRanking.of(board.sections()),
        board.leftOut().stream()
            .map(left -> new PageData.Left(Leaderboard.place(left), Leaderboard.why(left)))
            .toList());
  }

  private PageData.OfSection section(LeaderboardTable section) {
    IdentityHashMap<LeaderboardRow, Map<String, PageData.Score>> scores = new IdentityHashMap<>();
    for (String metric : section.metrics()) {
      for (Ranking.Place place : section.ranking(metric).places()) {
        scores.computeIfAbsent(place.row(), row -> new LinkedHashMap<>()).put(metric, score(place));
      }
    }
    return new PageData.OfSection(
        section.title(),
        section.sample().protocol().settings(),
        RowCaveats.of(section),
        section.metrics().stream()
            .map(metric -> new PageData.OfMetric(metric, section.higherIsBetter(metric)))
            .toList(),
        section.rows().stream()
            .map(row -> row(section, row, scores.getOrDefault(row, Map.of())))
            .iterator(),
        board.claims().comparisons(section));
  }

  private static PageData.Score score(Ranking.Place place) {
    SeedMean estimate = place.estimate();
    return new PageData.Score(
        place.rank(),
        place.low(),
        estimate.mean(),
        estimate.deviation(),
        estimate.interval().map(Interval::low),
        estimate.interval().map(Interval::high),
        place.delta(),
        estimate.count());
  }

  private PageData.OfRow row(
      LeaderboardTable section, LeaderboardRow row, Map<String, PageData.Score> scores) {
    Result first = row.runs().get(0);
    Optional<String> verified = board.verified(row);
    return new PageData.OfRow(
        section.label(row),
        row.digest12(),
        row.method(),
        row.isControl(),
        row.parameters(),
        row.flops(),
        row.pretrainingFlops(),
        row.trainSeconds(),
        row.date(),
        row.commits(),
        verified,
        row.isRanked(),
        row.leak()
            .map(l -> new PageData.OfLeak(l.toString(), l.identicalImages(), l.similarPairs())),
        Optional.of(first.encoder().pretrain()).filter(p -> !p.isEmpty()).map(Json::canonical),
        RowCaveats.of(section, row, verified),
        first.perClass().tree(),
        images.of(first),
        row.runs().stream().map(this::run).toList(),
        scores);
  }

  private PageData.OfRun run(Result run) {
    return new PageData.OfRun(
        run.seeds().declared(),
        run.id(),
        String.valueOf(files.get(run.id())).replace('\\', '/'),
        run.time().start(),
        run.env().path("cpu").asText("") + ", " + run.env().path("os").asText(""),
        command(run),
        control(run),
        determinism(run.determinism()),
        run.metrics(),
        run.warnings());
  }

  private static String control(Result run) {
    if (run.control().isEmpty()) {
      return "not recorded";
    }
    Result.Control control = run.control().get();
    if (control.randomInit()) {
      return "this run is the control";
    }
    return switch (control.scored()) {
      case WITH, ONLY -> "scored by the same call";
      case SEPARATE -> "scored by another call";
      case NONE -> "skipped";
    };
  }

  private static String determinism(JsonNode report) {
    if (!report.has("bit_exact")) {
      return "not checked";
    }
    String steps = "first " + report.path("steps") + " steps run twice: ";
    return report.path("bit_exact").asBoolean()
        ? steps + "bit-exact on this machine"
        : steps
            + "NOT bit-exact, losses up to "
            + report.path("loss_spread").asText()
            + " apart, gradient norms up to "
            + report.path("gradient_spread").asText();
  }

  /** The command line that repeats it; words with blanks are quoted. */
  private static String command(Result run) {
    StringBuilder line = new StringBuilder();
    for (String word : run.provenance().command()) {
      boolean plain = PLAIN.matcher(word).matches();
      line.append(line.isEmpty() ? "" : " ")
          .append(plain ? word : "'" + word.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }

  /** JSON escapes that keep the data from ending the HTML element that holds it. */
  private static final class NoTags extends CharacterEscapes {
    private static final long serialVersionUID = 1;

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      codes['<'] = ESCAPE_STANDARD;
      return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int character) {
      return null;
    }
  }
}
