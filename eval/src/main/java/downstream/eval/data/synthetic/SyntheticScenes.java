package downstream.eval.data.synthetic;

import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.Map;

/**
 * Generated scene sets, as {@link SceneWriter} writes them. The same settings give the same bytes
 * on every machine.
 *
 * @param images scenes to train on
 * @param val scenes to score on
 * @param size pixels along each side
 */
public record SyntheticScenes(int images, int val, int size, long seed) {
  /** Version of the generator, raised whenever a byte of its output changes. */
  private static final String VERSION = "scenes 1";

  private static final int SMALLEST = 32;
  private static final int LARGEST = 2048;

  public SyntheticScenes {
    if (images < 1 || val < 1) {
      throw new BadInput(
          "scenes",
          images + " training and " + val + " evaluation images",
          "Give at least 1 of each");
    }
    if (size < SMALLEST || size > LARGEST) {
      throw new BadInput(
          "scenes",
          "an image size of " + size,
          "Choose a size from " + SMALLEST + " to " + LARGEST);
    }
  }

  /**
   * Writes the set; does nothing if it is there already, and finishes one that was broken off.
   *
   * @return the data YAML, written last
   * @throws BadInput if the folder holds anything else, or cannot be written
   */
  public Path write(Path out) {
    Map<String, Object> settings =
        Map.of("version", VERSION, "images", images, "val", val, "size", size, "seed", seed);
    String classes = "[background, " + String.join(", ", ShapeClass.labels()) + "]";
    String yamlHead = "name: scenes\nclasses: " + classes + "\n";
    return new SceneWriter("scenes.json", settings, yamlHead, ShapeClass.labels(), size)
        .write(
            out,
            images,
            val,
            (split, index) -> Scene.random(SplitMix64.of(seed, split, index), size));
  }
}
