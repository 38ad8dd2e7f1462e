package downstream.pretrain.model;

/**
 * An image of which some pixels are hidden, in host memory.
 *
 * @param pixels the whole image, [3, S, S]
 * @param hidden [S, S], 1 where a pixel is hidden, else 0
 */
public record MaskedImage(Planes pixels, Planes hidden) {

  public MaskedImage(float[] pixels, float[] hidden) {
    this(new Planes(pixels), new Planes(hidden));
  }

  /** Values that nobody writes to. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by content
  public record Planes(float[] values) {}

  /** The image with hidden pixels at 0, the mean colour once normalised: [3, S, S]. */
  public float[] visible() {
    float[] all = pixels.values();
    float[] mask = hidden.values();
    float[] visible = new float[all.length];
    for (int i = 0; i < all.length; i++) {
      visible[i] = all[i] * (1 - mask[i % mask.length]);
    }
    return visible;
  }

  /** 1 where a value is hidden, patches in (p, q, c) order: [T, P]. */
  float[] hiddenPatches(int size, int patch) {
    float[] mask = hidden.values();
    float[] planes = new float[3 * mask.length];
    for (int channel = 0; channel < 3; channel++) {
      System.arraycopy(mask, 0, planes, channel * mask.length, mask.length);
    }
    return Patches.of(planes, size, patch);
  }
}
