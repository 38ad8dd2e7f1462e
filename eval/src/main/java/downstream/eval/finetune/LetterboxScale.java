package downstream.eval.finetune;

import java.util.OptionalInt;

/**
 * Scale at which whole images are put into their {@link Letterbox}.
 *
 * @param size side of the square, pixels
 * @param shortSide length of an image's shorter side, pixels; empty: the longer side fills the
 *     square
 * @param maxLongSide limit of the longer side, pixels
 */
public record LetterboxScale(int size, OptionalInt shortSide, int maxLongSide) {
  /** The longer side fills a square of {@code size} pixels. */
  public static LetterboxScale fit(int size) {
    return new LetterboxScale(size, OptionalInt.empty(), size);
  }

  /** The letterbox of an image of {@code width} × {@code height} pixels. */
  public Letterbox of(int width, int height) {
    return shortSide.isEmpty()
        ? Letterbox.fit(width, height, size)
        : Letterbox.shortSide(width, height, size, shortSide.getAsInt(), maxLongSide);
  }

  /** Part of the name of cached features; empty where the longer side fills the square. */
  String fingerprint() {
    return shortSide.isEmpty()
        ? ""
        : "short side " + shortSide.getAsInt() + " of " + maxLongSide + " ";
  }
}
