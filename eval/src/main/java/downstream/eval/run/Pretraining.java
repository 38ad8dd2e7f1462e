package downstream.eval.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import java.nio.file.Path;

/**
 * One pretraining.
 *
 * @param settings the method's settings as given, defaults not yet filled in
 * @param images their labels, if they have any, are not looked at
 * @param device that the encoder is trained on
 * @param folder receives {@code <method>.onnx}, checkpoint, log and pictures
 */
public record Pretraining(
    ObjectNode settings, ImageSet images, long seed, Path folder, int threads, Device device) {
  public Pretraining {
    settings = settings.deepCopy();
  }

  /**
   * The settings as the method's own record: what was given, over {@code defaults}.
   *
   * @throws downstream.eval.BadInput on an unknown key (naming the nearest), a value of the wrong
   *     type or one that the record refuses
   */
  public <T extends Record> T resolve(T defaults) {
    ObjectNode merged = Json.MAPPER.valueToTree(defaults);
    merged.setAll(settings);
    @SuppressWarnings("unchecked") // getClass of a T
    Class<T> type = (Class<T>) defaults.getClass();
    return Json.as("settings", merged, type);
  }
}
