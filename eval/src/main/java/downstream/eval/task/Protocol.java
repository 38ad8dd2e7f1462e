package downstream.eval.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Digest;
import downstream.eval.Json;
import java.util.OptionalInt;

/**
 * Settings that can change a score and are chosen before the run: resolution, head, schedule,
 * augmentation, evaluator.
 *
 * @param task the task's name
 * @param taskVersion of the task and its evaluator: another version is another protocol
 * @param name of the file it came from, shown beside the fingerprint; not part of it
 * @param fields every field with its resolved value
 */
public record Protocol(String task, String taskVersion, String name, ObjectNode fields) {
  public Protocol {
    fields = fields.deepCopy();
  }

  /** The fields as the task's own record, whose constructor checks them. */
  public <T extends Record> T as(Class<T> type) {
    return Json.as("protocol " + task + "/" + name, fields, type);
  }

  /** Fraction of the training images that is used: {@code data.labelFraction}, 1 where absent. */
  public double labelFraction() {
    return fields.at("/data/labelFraction").asDouble(1);
  }

  /** Random seed that chooses that fraction: {@code data.labelSeed}, 0 where absent. */
  public long labelSeed() {
    return fields.at("/data/labelSeed").asLong(0);
  }

  /** Side of the encoder's images in pixels: {@code data.imageSize}; empty: its own. */
  public OptionalInt imageSize() {
    return whole("/data/imageSize");
  }

  /** Training images per update: {@code data.batch}. */
  public OptionalInt batch() {
    return whole("/data/batch");
  }

  /** Updates of a training: {@code schedule.steps}. */
  public OptionalInt steps() {
    return whole("/schedule/steps");
  }

  /** Tells whether the encoder is not trained: {@code encoder.mode} is {@code frozen}. */
  public boolean frozen() {
    return fields.at("/encoder/mode").asText().equals("frozen");
  }

  private OptionalInt whole(String field) {
    JsonNode value = fields.at(field);
    return value.isInt() ? OptionalInt.of(value.intValue()) : OptionalInt.empty();
  }

  /** Returns this protocol with another number of steps. */
  public Protocol withSteps(int steps) {
    return with("schedule", "steps", steps);
  }

  /** Returns this protocol with another batch. */
  public Protocol withBatch(int batch) {
    return with("data", "batch", batch);
  }

  private Protocol with(String group, String field, int value) {
    ObjectNode changed = fields.deepCopy();
    changed.withObjectProperty(group).put(field, value);
    return new Protocol(task, taskVersion, name, changed);
  }

  /**
   * Digest of task, version and every field: runs with different fingerprints are never ranked
   * together.
   */
  public String fingerprint() {
    return new Digest().add(task).add(taskVersion).add(Json.canonical(fields)).hex();
  }
}
