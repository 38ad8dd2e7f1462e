package downstream.eval.encoder;

/**
 * Images as an encoder takes them, by number: every image of a set, prepared in one fixed way.
 * Thread-safe: loader threads read several at once.
 */
public interface ImageInputs {
  /**
   * Digest or text of all that the pixels depend on, the encoder's own size and normalisation
   * apart: the set's fingerprint and how its images are prepared. Frozen features are kept under
   * it.
   */
  String fingerprint();

  /** Returns the number of images. */
  int size();

  /**
   * Returns the input of one image.
   *
   * @param index 0 to {@link #size} − 1
   * @return 3·S·S values, channel by channel, normalised as the encoder's spec says
   */
  float[] pixels(int index);
}
