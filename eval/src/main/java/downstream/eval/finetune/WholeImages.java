package downstream.eval.finetune;

import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.ImageInputs;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Training inputs of a frozen encoder: of every image two, itself and its mirror image, so that a
 * cache holds the features of both.
 */
public final class WholeImages {
  private final IntFunction<float[]> upright;
  private final IntFunction<float[]> mirrored;

  private WholeImages(IntFunction<float[]> upright, IntFunction<float[]> mirrored) {
    this.upright = upright;
    this.mirrored = mirrored;
  }

  /**
   * The inputs of a set.
   *
   * @param flip whether mirror images are wanted; without, {@link #input} takes no mirrored one
   * @param inputs how a backbone reads images: {@link EncoderWithHead#inputs}
   */
  public static WholeImages of(
      ImageSet set,
      EncoderSpec spec,
      LetterboxScale scale,
      boolean flip,
      Function<ImageInputs, IntFunction<float[]>> inputs) {
    IntFunction<float[]> upright = inputs.apply(new LetterboxedImages(set, false, spec, scale));
    return new WholeImages(
        upright,
        flip ? inputs.apply(new LetterboxedImages(set, true, spec, scale)) : WholeImages::refuse);
  }

  private static float[] refuse(int index) {
    throw new IllegalStateException("image " + index + " is asked for mirrored, without flip");
  }

  /** Returns the backbone's input for an image, by its number in the set. */
  public float[] input(int index, boolean flipped) {
    return (flipped ? mirrored : upright).apply(index);
  }
}
