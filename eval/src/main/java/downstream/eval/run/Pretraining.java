package downstream.eval.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.data.ImageSet;
import java.nio.file.Path;

/**
 * One pretraining.
 *
 * @param settings the method's settings as given, defaults not yet filled in
 * @param images their labels, if they have any, are not looked at
 * @param folder receives {@code <method>.onnx}, checkpoint, log and pictures
 */
public record Pretraining(
    ObjectNode settings, ImageSet images, long seed, Path folder, int threads) {
  public Pretraining {
    settings = settings.deepCopy();
  }
}
