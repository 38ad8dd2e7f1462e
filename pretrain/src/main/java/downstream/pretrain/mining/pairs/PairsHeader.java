package downstream.pretrain.mining.pairs;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.pretrain.settings.MiningSettings;

/**
 * The first line of {@code pairs.jsonl}: what was mined, and how. Settings are quoted as YAML has
 * them.
 *
 * @param format {@value #FORMAT}
 * @param version {@value #VERSION}
 * @param encoder name of the encoder's file without extension
 * @param encoderDigest {@link downstream.eval.encoder.EncoderFile#digest()}
 * @param projection {@code EmbeddingProjection#digest()}, or empty
 * @param images fingerprint of the image set
 * @param count images, and lines that follow
 * @param flops spent on embeddings: floating-point operations, a multiply-add counted as two
 * @param digest over the other fields and all lines that follow
 */
@JsonNaming(SnakeCaseStrategy.class)
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

  /** A header of a file that is not written yet. */
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

  /** Everything that decides the result: all but the encoder's name. */
  public String identity() {
    return Json.canonical(of(settings, "", encoderDigest, projection, images, count, seed));
  }

  /** The digest of the header; every line that follows must be added. */
  Digest begin() {
    return new Digest().add(Json.canonical(withDigest("")));
  }
}
