package downstream.eval.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A run's JSON file as it was found, read once. */
public final class StoredRun {
  private static final ObjectReader READER = Json.MAPPER.readerFor(Result.class);

  private final Path file;
  private final byte[] bytes;
  private final String sha256;
  private final Result result;

  private StoredRun(Path file, byte[] bytes, Result result) {
    this.file = file;
    this.bytes = bytes;
    this.sha256 = Digest.of(bytes);
    this.result = result;
  }

  /**
   * Reads it.
   *
   * @throws BadInput if it is not there, cut off, or of another schema
   */
  public static StoredRun read(Path file) {
    byte[] bytes = bytes(file);
    return new StoredRun(file, bytes, parse(file, bytes));
  }

  /** Straight from the text, since a tree of each of thousands of runs is most of the time. */
  private static Result parse(Path file, byte[] bytes) {
    try {
      Result result = LazyJson.of(READER, bytes).readValue(bytes);
      if (ResultFile.SCHEMA.equals(result.schema())) {
        return result;
      }
    } catch (IOException e) {
      // What is wrong with it is told by looking closer.
    }
    JsonNode tree = Json.read(file, bytes);
    requireSchema(file, tree);
    return parse(file, tree);
  }

  private static void requireSchema(Path file, JsonNode tree) {
    String schema = tree.path("schema").asText();
    if (!schema.equals(ResultFile.SCHEMA)) {
      throw new BadInput(
          file,
          "expected schema '" + ResultFile.SCHEMA + "', found '" + schema + "'",
          "Read it with the version that wrote it, or run `eval` again");
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw BadInput.unreadable(file, e);
    }
  }

  static Result parse(Path file, JsonNode tree) {
    try {
      return Json.MAPPER.treeToValue(tree, Result.class);
    } catch (JsonProcessingException e) {
      throw new BadInput(
          file, "is incomplete or damaged: " + e.getOriginalMessage(), "Run `eval` again", e);
    }
  }

  /** Returns the stored result. */
  public Result result() {
    return result;
  }

  /** SHA-256 of the file's bytes. */
  public String sha256() {
    return sha256;
  }

  /** Returns the defects of its content or stored files, one sentence each; empty if nothing is. */
  public List<String> defects() {
    return defects(result.id());
  }

  List<String> defects(String id) {
    List<String> defects = new ArrayList<>();
    if (!(Json.read(file, bytes) instanceof ObjectNode object)
        || !ResultFile.id(object).equals(id)) {
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

  private static String digest(Path stored) {
    try {
      return Digest.of(stored);
    } catch (IOException e) {
      return "";
    }
  }
}
