package downstream.pretrain.model;

/**
 * An image some of whose pixels are masked, in host memory.
 *
 * @param pixels the whole image, [3, S, S]
 * @param mask [S, S], 1 where a pixel is masked, else 0
 */
public record MaskedImage(Planes pixels, Planes mask) {

  public MaskedImage(float[] pixels, float[] mask) {
    this(new Planes(pixels), new Planes(mask));
  }

  /** Values that nobody writes to. */
  @SuppressWarnings("ArrayRecordComponent") // compared by identity, never by content
  public record Planes(float[] values) {}

  /** 1 where a value is masked, patches in (p, q, c) order: [T, P]. */
  float[] patchMask(int size, int patch) {
    float[] masked = mask.values();
    float[] planes = new float[3 * masked.length];
    for (int channel = 0; channel < 3; channel++) {
      System.arraycopy(masked, 0, planes, channel * masked.length, masked.length);
    }
    return Patches.patchify(planes, size, patch);
  }
}
