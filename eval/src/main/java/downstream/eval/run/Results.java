package downstream.eval.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.AtomicFile;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads, writes and checks stored runs. */
public final class Results {
  /** The version of the file format. */
  public static final String SCHEMA = "downstream/result/1";

  /** What may differ between two runs that are the same run. */
  private static final Set<String> CIRCUMSTANCES =
      Set.of("id", "time", "env", "control", "determinism", "provenance", "artifacts");

  private Results() {}

  /**
   * Reads a stored run.
   *
   * @throws BadInput if it is not there, cut off, or of another schema
   */
  public static Result read(Path file) {
    JsonNode tree = Json.read(file);
    String schema = tree.path("schema").asText();
    if (!schema.equals(SCHEMA)) {
      throw new BadInput(
          file,
          "expected schema '" + SCHEMA + "', found '" + schema + "'",
          "Is it a run of this program, and of this version");
    }
    return parse(file, tree);
  }

  private static Result parse(Path file, JsonNode tree) {
    try {
      return Json.MAPPER.treeToValue(tree, Result.class);
    } catch (JsonProcessingException e) {
      throw new BadInput(
          file, "is not a whole run: " + e.getOriginalMessage(), "Run `eval` again", e);
    }
  }

  /** Writes a run, atomically, with its id filled in; returns what was written. */
  public static Result write(Path file, Result result) {
    ObjectNode tree = Json.MAPPER.valueToTree(result);
    tree.put("id", id(tree));
    AtomicFile.write(file, Json.pretty(tree));
    return parse(file, tree);
  }

  /**
   * Digest of the canonical content without the circumstances; of the stored files only the
   * predictions count.
   */
  static String id(ObjectNode result) {
    ObjectNode content = result.deepCopy();
    content.remove(CIRCUMSTANCES);
    ArrayNode predictions = content.putArray("predictions");
    String file = "/" + result.path("task").path("predictions").asText();
    for (JsonNode artifact : result.path("artifacts")) {
      if (artifact.path("path").asText().endsWith(file)) {
        predictions.add(artifact.path("sha256"));
      }
    }
    return new Digest().add(Json.canonical(content)).hex();
  }

  /** What is wrong with a run's content or stored files, one sentence each; empty if nothing is. */
  public static List<String> defects(Path file, Result result) {
    List<String> defects = new ArrayList<>();
    if (!(Json.read(file) instanceof ObjectNode tree) || !id(tree).equals(result.id())) {
      defects.add("its content does not match its id: it was changed after it was written");
    }
    for (Result.Artifact artifact : result.artifacts()) {
      String digest = digest(file.resolveSibling(artifact.path()));
      if (digest.isEmpty()) {
        defects.add(artifact.path() + " is missing");
      } else if (!digest.equals(artifact.sha256())) {
        defects.add(artifact.path() + " does not match its digest: it was changed or cut off");
      }
    }
    return defects;
  }

  private static String digest(Path file) {
    try {
      return Files.isRegularFile(file) ? Digest.of(file) : "";
    } catch (IOException e) {
      return "";
    }
  }
}
