package downstream.detection;

import downstream.detection.targets.Target;
import java.util.List;

/** One augmented training image and what the head should find in it; host data. */
final class DetectionTrainingExample {
  /** Input of the backbone: normalised pixels, or cached features. */
  final float[] input;

  final List<Target> objects;

  DetectionTrainingExample(float[] input, List<Target> objects) {
    this.input = input;
    this.objects = List.copyOf(objects);
  }
}
