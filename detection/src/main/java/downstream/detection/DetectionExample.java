package downstream.detection;

/** One augmented training image and what the head should say of it; host data. */
final class DetectionExample {
  /** What the backbone reads: normalised pixels, or cached features. */
  final float[] input;

  final FcosTargets targets;

  DetectionExample(float[] input, FcosTargets targets) {
    this.input = input;
    this.targets = targets;
  }
}
