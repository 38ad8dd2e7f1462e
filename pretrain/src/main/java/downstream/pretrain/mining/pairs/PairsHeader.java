package downstream.pretrain.mining.pairs;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.KeyCase;
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
  static final int VERSION = 2;

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

  /** Returns the values that decide the result: all but the encoder's name. */
  public String identity() {
    return of(settings, "", encoderDigest, projection, images, count, seed).text();
  }

  /** The digest of the header; every line that follows must be added. */
  Digest begin() {
    return new Digest().add(withDigest("").text());
  }

  /** One line of JSON, its keys in snake_case. */
  String text() {
    return Json.canonical(KeyCase.snake(Json.MAPPER.<JsonNode>valueToTree(this)));
  }

  /**
   * The header that {@link #text} wrote.
   *
   * @throws downstream.eval.BadInput on an unknown key or a value of the wrong type
   */
  static PairsHeader of(Object where, JsonNode line) {
    return Json.as(where, KeyCase.camel(line), PairsHeader.class);
  }
}
