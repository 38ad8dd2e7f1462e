package downstream.pretrain.mining.embedding;

/**
 * A map of image embeddings that is applied before images are compared: ORL's projector (Xie et al.
 * 2021). Regions are compared without it.
 */
public interface EmbeddingProjection {
  /**
   * Projects embeddings.
   *
   * @param pooled one embedding a row, N × the encoder's channels
   * @return one row an image; what comes out for a row must not depend on the other rows
   */
  float[][] apply(float[][] pooled);

  /** SHA-256 of its weights, 64 hexadecimal digits. */
  String digest();

  /** Floating-point operations of one image, a multiply-add counted as two. */
  long flops();
}
