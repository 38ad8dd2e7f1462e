package downstream.pretrain.mining.pairs;

import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.pretrain.settings.MiningSettings;

/**
 * The first line of {@code pairs.jsonl}: what was mined, and how.
 *
 * @param format {@value #FORMAT}
 * @param version {@value #VERSION}
 * @param encoder name of the encoder's file without extension
 * @param encoderDigest {@link downstream.eval.encoder.EncoderFile#digest()}
 * @param projection {@code RandomProjection#digest()}, or empty
 * @param images fingerprint of the image set
 * @param count images, and lines that follow
 * @param flops spent on embeddings: floating-point operations, a multiply-add counted as two
 * @param digest over the other fields and all lines that follow
 */
public record PairsHeader(
    String format,
    int version,
    MiningSettings settings,
    String encoder,
    String encoderDigest,
    String projection,
    String images,
    int count,
    long seed,
    long flops,
    String digest) {
  static final String FORMAT = "downstream-pairs";
  static final int VERSION = 1;

  /** A header whose file is yet to be made. */
  public static PairsHeader of(
      MiningSettings settings,
      String encoder,
      String encoderDigest,
      String projection,
      String images,
      int count,
      long seed) {
    return new PairsHeader(
        FORMAT, VERSION, settings, encoder, encoderDigest, projection, images, count, seed, 0, "");
  }

  public PairsHeader withFlops(long spent) {
    return with(spent, digest);
  }

  PairsHeader withDigest(String found) {
    return with(flops, found);
  }

  private PairsHeader with(long spent, String found) {
    return new PairsHeader(
        format,
        version,
        settings,
        encoder,
        encoderDigest,
        projection,
        images,
        count,
        seed,
        spent,
        found);
  }

  /** What a file must have in common with this one to be its result; the encoder's name is not. */
  public String identity() {
    return Json.canonical(of(settings, "", encoderDigest, projection, images, count, seed));
  }

  /** The digest so far; every line that follows is to be added. */
  Digest begin() {
    return new Digest().add(Json.canonical(withDigest("")));
  }
}
