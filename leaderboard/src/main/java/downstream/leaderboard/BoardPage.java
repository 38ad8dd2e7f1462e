package downstream.leaderboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.run.Leak;
import downstream.eval.run.Result;
import downstream.leaderboard.ledger.RunScan;
import downstream.leaderboard.statistics.Interval;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The leaderboard as one HTML file that needs nothing else: style, script, data and pictures are in
 * it, and its content policy forbids every request.
 */
final class BoardPage {
  private final Board board;
  private final Claims claims;
  private final Pictures pictures;
  private final Map<String, Path> files = new HashMap<>();

  /**
   * @param folder that the files of runs are named relative to
   */
  BoardPage(Board board, Claims claims, Pictures pictures, List<RunScan.Found> runs, Path folder) {
    this.board = board;
    this.claims = claims;
    this.pictures = pictures;
    Path base = folder.toAbsolutePath().normalize();
    for (RunScan.Found run : runs) {
      files.put(run.result().id(), base.relativize(run.file()));
      pictures.locate(run);
    }
  }

  /** The whole file. */
  String html() {
    return resource("page.html")
        .replace("/*CSS*/", resource("page.css"))
        .replace("/*JS*/", resource("page.js"))
        // Nothing in the data may end the element that holds it.
        .replace("/*DATA*/", Json.canonical(model()).replace("<", "\\u003c"));
  }

  private static String resource(String name) {
    try (InputStream in = BoardPage.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + name, e);
    }
  }

  private ObjectNode model() {
    ObjectNode model = Json.MAPPER.createObjectNode();
    long runs =
        board.sections().stream()
            .flatMap(s -> s.rows().stream())
            .mapToLong(r -> r.runs().size())
            .sum();
    model.put(
        "summary",
        runs
            + " runs in "
            + board.sections().size()
            + " sections; "
            + board.leftOut().size()
            + " left out.");
    ArrayNode sections = model.putArray("sections");
    board.sections().forEach(section -> sections.add(section(section)));
    ArrayNode overall = model.putArray("overall");
    Overall.of(board.sections()).forEach(o -> overall.add(Json.MAPPER.<ObjectNode>valueToTree(o)));
    ArrayNode left = model.putArray("leftOut");
    board
        .leftOut()
        .forEach(l -> left.addObject().put("file", Board.place(l)).put("reason", Board.why(l)));
    return model;
  }

  private ObjectNode section(Section section) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("title", section.title());
    node.set("fields", section.sample().protocol().fields());
    node.set("notes", Json.MAPPER.valueToTree(Marks.of(section)));
    ArrayNode metrics = node.putArray("metrics");
    Map<String, ObjectNode> rows = new HashMap<>();
    ArrayNode array = node.putArray("rows");
    for (Row row : section.rows()) {
      ObjectNode one = row(section, row);
      rows.put(row.digest12(), one);
      array.add(one);
    }
    for (String metric : section.metrics()) {
      metrics.addObject().put("name", metric).put("higher", section.higherIsBetter(metric));
      for (Ranking.Place place : section.ranking(metric).places()) {
        ObjectNode row = Objects.requireNonNull(rows.get(place.row().digest12()));
        row.withObjectProperty("metrics").set(metric, place(place));
      }
    }
    node.set("claims", Json.MAPPER.valueToTree(claims.against(section)));
    return node;
  }

  private static ObjectNode place(Ranking.Place place) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    Estimate estimate = place.estimate();
    put(node, "rank", place.rank());
    put(node, "low", place.low());
    put(node, "mean", estimate.mean());
    put(node, "deviation", estimate.deviation());
    put(node, "ciLow", estimate.interval().map(Interval::low));
    put(node, "ciHigh", estimate.interval().map(Interval::high));
    put(node, "delta", place.delta());
    return node.put("n", estimate.count());
  }

  private static void put(ObjectNode node, String name, Optional<?> value) {
    value.ifPresent(v -> node.set(name, Json.MAPPER.valueToTree(v)));
  }

  private ObjectNode row(Section section, Row row) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("encoder", row.encoder());
    node.put("digest", row.digest12());
    put(node, "method", row.method());
    node.put("control", row.isBaseline());
    node.put("parameters", row.parameters());
    put(node, "flops", row.flops());
    put(node, "pretrainingFlops", row.pretrainingFlops());
    put(node, "trainSeconds", row.trainSeconds());
    node.put("date", row.date());
    node.put("commits", row.commits());
    put(node, "verified", board.verified(row));
    node.put("ranked", row.isRanked());
    row.leak().ifPresent(leak -> node.set("leak", leak(leak)));
    Result first = row.runs().get(0);
    if (!first.encoder().pretrain().isEmpty()) {
      node.put("provenance", Json.canonical(first.encoder().pretrain()));
    }
    node.set("marks", Json.MAPPER.valueToTree(Marks.of(section, row, board.verified(row))));
    node.set("perClass", first.perClass().deepCopy());
    node.set("pictures", Json.MAPPER.valueToTree(pictures.of(first)));
    ArrayNode runs = node.putArray("runs");
    row.runs().forEach(run -> runs.add(run(run)));
    return node;
  }

  private static ObjectNode leak(Leak leak) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("verdict", leak.toString());
    node.set("pictures", Json.MAPPER.valueToTree(leak.pictures()));
    node.set("pairs", Json.MAPPER.valueToTree(leak.pairs()));
    return node;
  }

  private ObjectNode run(Result run) {
    ObjectNode node = Json.MAPPER.createObjectNode();
    node.put("seed", run.seeds().declared());
    node.put("id", run.id());
    node.put("file", String.valueOf(files.get(run.id())).replace('\\', '/'));
    node.put("start", run.time().start());
    node.put("machine", run.env().path("cpu").asText("") + ", " + run.env().path("os").asText(""));
    node.put("command", command(run));
    node.put("control", control(run));
    node.put("determinism", determinism(run.determinism()));
    node.set("metrics", Json.MAPPER.valueToTree(run.metrics()));
    node.set("warnings", Json.MAPPER.valueToTree(run.warnings()));
    return node;
  }

  private static String control(Result run) {
    if (run.control().isEmpty()) {
      return "not recorded";
    }
    Result.Control control = run.control().get();
    if (control.untrained()) {
      return "this is one";
    }
    return switch (control.scored()) {
      case WITH, ONLY -> "scored by the same call";
      case APART -> "scored by another call";
      case NONE -> "left out";
    };
  }

  private static String determinism(JsonNode certificate) {
    if (!certificate.has("bit_exact")) {
      return "not looked at";
    }
    String steps = "first " + certificate.path("steps") + " steps done twice: ";
    return certificate.path("bit_exact").asBoolean()
        ? steps + "bit-exact on this machine"
        : steps
            + "NOT bit-exact, losses up to "
            + certificate.path("loss_spread").asText()
            + " apart, gradient norms up to "
            + certificate.path("gradient_spread").asText();
  }

  /** The command line that repeats it; words with blanks are quoted. */
  private static String command(Result run) {
    StringBuilder line = new StringBuilder();
    for (String word : run.provenance().command()) {
      boolean plain = word.matches("[A-Za-z0-9_./:=@%+,-]+");
      line.append(line.isEmpty() ? "" : " ")
          .append(plain ? word : "'" + word.replace("'", "'\\''") + "'");
    }
    return line.toString();
  }
}
