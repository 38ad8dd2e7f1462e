package downstream.pretrain.mining.embedding;

/**
 * What image embeddings go through before images are compared: ORL's projector (Xie et al. 2021).
 * Regions are compared without it.
 */
public interface RandomProjection {
  /**
   * Projects.
   *
   * @param pooled one embedding a row, N × the encoder's channels
   * @return one row an image; what comes out for a row must not depend on the other rows
   */
  float[][] apply(float[][] pooled);

  /** Tells it from every other projection: 64 hexadecimal digits over its weights. */
  String digest();

  /** Floating-point operations an image, a multiply-add counted as two. */
  long flops();
}
