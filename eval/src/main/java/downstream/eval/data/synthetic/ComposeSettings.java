package downstream.eval.data.synthetic;

import downstream.eval.BadInput;
import java.util.Locale;
import java.util.Map;

/**
 * Settings of a composition of scenes.
 *
 * @param images scenes to train on
 * @param val scenes to score on
 * @param size pixels along each side
 * @param seed random seed
 * @param fewestObjects fewest objects that are pasted in a scene
 * @param mostObjects most objects that are pasted in a scene
 * @param minScale shortest longer side of an object, as a fraction of the scene's side
 * @param maxScale longest longer side of an object, as a fraction of the scene's side
 * @param cutOut which part of an object's image is pasted
 * @param edges kind of the edges of objects
 * @param valFraction share of objects and backgrounds that only evaluation scenes show, where no
 *     folders {@code train} and {@code val} say it
 */
public record ComposeSettings(
    int images,
    int val,
    int size,
    long seed,
    int fewestObjects,
    int mostObjects,
    double minScale,
    double maxScale,
    CutOutShape cutOut,
    Edges edges,
    double valFraction) {
  /** Parts of an object's image that are pasted. */
  public enum CutOutShape {
    /** The part that its alpha channel shows. */
    ALPHA,
    /** A superellipse, between an ellipse and nearly all of the image. */
    ROUNDED,
    /** All of it. */
    WHOLE
  }

  /** Edges of objects. */
  public enum Edges {
    /** Fading over half a pixel to two pixels. */
    SOFT,
    /** Each pixel is of one thing. */
    HARD,
    /** Either of the two for each object. */
    MIXED
  }

  private static final int SMALLEST = 32;
  private static final int LARGEST = 2048;
  private static final int MOST_OBJECTS = 100;
  private static final int FEWEST_PIXELS = 6;

  /** Large enough that a superellipse is the whole rectangle. */
  private static final double RECTANGLE = 1000;

  public ComposeSettings {
    that(images >= 1, "--images", "at least 1", images);
    that(val >= 1, "--val", "at least 1", val);
    that(size >= SMALLEST && size <= LARGEST, "--size", SMALLEST + " to " + LARGEST, size);
    that(
        fewestObjects >= 1 && fewestObjects <= MOST_OBJECTS,
        "--fewest-objects",
        "1 to " + MOST_OBJECTS,
        fewestObjects);
    that(
        mostObjects >= fewestObjects && mostObjects <= MOST_OBJECTS,
        "--most-objects",
        "--fewest-objects " + fewestObjects + " to " + MOST_OBJECTS,
        mostObjects);
    that(
        minScale * size >= FEWEST_PIXELS && minScale <= 1,
        "--min-scale",
        "at least " + FEWEST_PIXELS + " of " + size + " pixels, and at most 1",
        minScale);
    that(
        maxScale >= minScale && maxScale <= 1,
        "--max-scale",
        "--min-scale " + minScale + " to 1",
        maxScale);
    that(valFraction > 0 && valFraction < 1, "--val-fraction", "between 0 and 1", valFraction);
  }

  private static void that(boolean condition, String option, String expected, Number found) {
    if (!condition) {
      throw new BadInput(option, "must be " + expected + ", not " + found, "Choose another value");
    }
  }

  /** The shape of an object. */
  PastedShape shape(SplitMix64 random) {
    double exponent =
        switch (cutOut) {
          case ALPHA -> 0;
          case ROUNDED -> random.between(2, 6);
          case WHOLE -> RECTANGLE;
        };
    boolean soft =
        switch (edges) {
          case SOFT -> true;
          case HARD -> false;
          case MIXED -> random.below(2) == 1;
        };
    return new PastedShape(exponent, soft ? random.between(.5, 2) : 0);
  }

  /** All that decides the bytes, for the file that is kept with the scenes. */
  Map<String, Object> described() {
    return Map.ofEntries(
        Map.entry("images", images),
        Map.entry("val", val),
        Map.entry("size", size),
        Map.entry("seed", seed),
        Map.entry("fewest_objects", fewestObjects),
        Map.entry("most_objects", mostObjects),
        Map.entry("min_scale", minScale),
        Map.entry("max_scale", maxScale),
        Map.entry("cut_out", cutOut.name().toLowerCase(Locale.ROOT)),
        Map.entry("edges", edges.name().toLowerCase(Locale.ROOT)),
        Map.entry("val_fraction", valFraction));
  }
}
