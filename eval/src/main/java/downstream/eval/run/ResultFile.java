package downstream.eval.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.Digest;
import downstream.eval.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Reads, writes and checks stored runs. */
public final class ResultFile {
  /** The version of the file format. */
  public static final String SCHEMA = "downstream/result/1";

  /** Fields that may differ between two runs of the same request. */
  private static final Set<String> CIRCUMSTANCES =
      Set.of("id", "time", "env", "control", "determinism", "provenance", "artifacts");

  private ResultFile() {}

  /**
   * Reads a stored run.
   *
   * @throws downstream.eval.BadInput if it is not there, cut off, or of another schema
   */
  public static Result read(Path file) {
    return StoredRun.read(file).result();
  }

  /** Writes a run, atomically, with its id filled in; returns what was written. */
  public static Result write(Path file, Result result) {
    ObjectNode tree = Json.MAPPER.valueToTree(result);
    tree.put("id", id(tree));
    AtomicFile.write(file, Json.pretty(tree));
    return StoredRun.parse(file, tree);
  }

  /**
   * Digest of the canonical content without the circumstances; of the stored files only the
   * predictions count.
   */
  static String id(ObjectNode result) {
    // Not a deep copy: of thousands of runs that is most of the time.
    ObjectNode content = Json.MAPPER.createObjectNode();
    content.setAll(result);
    content.remove(CIRCUMSTANCES);
    // Whether a list of pretraining images was found is one, too.
    ObjectNode data = Json.MAPPER.createObjectNode();
    result.path("data").properties().forEach(field -> data.set(field.getKey(), field.getValue()));
    content.set("data", data.without("leak"));
    ArrayNode predictions = content.putArray("predictions");
    String file = "/" + result.path("task").path("predictions").asText();
    for (JsonNode artifact : result.path("artifacts")) {
      if (artifact.path("path").asText().endsWith(file)) {
        predictions.add(artifact.path("sha256"));
      }
    }
    return new Digest().add(Json.canonical(content)).hex();
  }

  /**
   * Returns the defects of a run's content or stored files, one sentence each; empty if nothing is.
   */
  public static List<String> defects(Path file, Result result) {
    return StoredRun.read(file).defects(result.id());
  }
}
