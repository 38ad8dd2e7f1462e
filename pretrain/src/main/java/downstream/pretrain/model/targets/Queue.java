package downstream.pretrain.model.targets;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.BadInput;
import downstream.eval.torch.ScriptType;
import downstream.eval.torch.TorchScript;
import downstream.pretrain.model.Similarity;
import downstream.pretrain.settings.SettingsChecks;
import java.util.List;
import java.util.Map;

/**
 * The last K keys of a training, which are negatives for the next ones (He et al. 2020, section
 * 3.2): a ring buffer of unit rows, random at first, whose oldest rows each batch replaces.
 */
public final class Queue {
  private final String name;
  private final NDArray rows;
  private final NDArray pointer;
  private final TorchScript replace;

  /**
   * Fills a queue with the directions of normal random numbers, of the engine's generator.
   *
   * @param name of its arrays in a checkpoint
   * @param length K
   * @param width d
   * @param manager owns it
   */
  public Queue(String name, int length, int width, NDManager manager) {
    this.name = name;
    rows = manager.zeros(new Shape(length, width));
    pointer = manager.zeros(new Shape(1)); // float32 counts to 2^24
    try (NDArray drawn = manager.randomNormal(rows.getShape());
        NDArray unit = Similarity.normalised(drawn)) {
      unit.copyTo(rows);
    }
    replace =
        TorchScript.of(
            manager,
            List.of("queue", "keys"),
            List.of(
                "count = torch.size(keys[0], 0)",
                "at = torch.add(torch.arange(count, device=ops.prim.device(keys[0])), queue[1])",
                "places = " + ScriptType.INT64.convert("torch.remainder(at, %d)".formatted(length)),
                "written = torch.index_copy_(queue[0], 0, places, keys[0])",
                "moved = torch.remainder_(torch.add_(queue[1], count), %d)".formatted(length)),
            List.of("moved"));
  }

  /**
   * Checks the length of a queue.
   *
   * @throws IllegalArgumentException if the batch does not divide it
   */
  public static void check(String setting, int length, int batch) {
    SettingsChecks.positive(setting, length);
    SettingsChecks.that(
        length % batch == 0,
        setting + " must be a multiple of training.batch " + batch + ", not " + length);
  }

  /**
   * Checks that no key of an image is still in the queue when the image comes again: it would be
   * its own negative.
   *
   * @param images of an epoch
   * @throws BadInput if there are fewer images than the queue and a batch have
   */
  public static void checkImages(String setting, int length, int batch, int images) {
    if (length > images - batch) {
      throw new BadInput(
          setting,
          length
              + " is too long for "
              + images
              + " images: an image would meet its own last key as a negative",
          "Set it to at most " + Math.max(0, images - batch) + ", the images less a batch");
    }
  }

  /** The keys, [K, d]. */
  NDArray rows() {
    return rows;
  }

  /**
   * Cosines of queries with all keys, which are constants.
   *
   * @param queries [N, d], unit rows
   * @return [N, K]
   */
  public NDArray similarities(NDArray queries) {
    NDArray columns = rows.transpose(); // a view, of the manager of this queue
    columns.attach(queries.getManager());
    return queries.matMul(columns);
  }

  /**
   * Replaces the oldest rows. Call it after the update: the backward pass still reads them.
   *
   * @param keys [N, d] of the whole batch, N dividing K, unit rows without gradients
   */
  public void enqueue(NDArray keys) {
    replace.call(keys.getManager(), List.of(rows, pointer), List.of(keys));
  }

  /** Returns its arrays, for a checkpoint. */
  public Map<String, NDArray> state() {
    return Map.of(name + ".rows", rows, name + ".pointer", pointer);
  }
}
