package downstream.detection;

/** One augmented training image and what the head should say of it; host data. */
final class DetectionExample {
  /** [3, S, S], normalised as the encoder wants it. */
  final float[] pixels;

  final FcosTargets targets;

  DetectionExample(float[] pixels, FcosTargets targets) {
    this.pixels = pixels;
    this.targets = targets;
  }
}
