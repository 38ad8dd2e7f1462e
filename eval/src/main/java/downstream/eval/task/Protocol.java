package downstream.eval.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Digest;
import downstream.eval.Json;

/**
 * Everything that may move a score and is chosen before the run: resolution, head, schedule,
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

  /**
   * Digest of task, version and every field: runs with different fingerprints are never ranked
   * together.
   */
  public String fingerprint() {
    return new Digest().add(task).add(taskVersion).add(Json.canonical(fields)).hex();
  }
}
