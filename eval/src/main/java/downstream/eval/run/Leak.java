package downstream.eval.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;

/**
 * Whether pictures of an evaluation split were pretrained on.
 *
 * @param reason why it is unknown
 * @param list SHA-256 of the list of pretraining images; empty if it is unknown
 * @param images how many it lists
 * @param same pictures whose bytes are those of a pretraining image: with one, the run is leaked
 * @param pictures the first of them
 * @param alike pictures that look like a pretraining image: for a person to judge
 * @param pairs the most alike of them
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Leak(
    Status status,
    Optional<String> reason,
    Optional<String> list,
    long images,
    long same,
    List<String> pictures,
    long alike,
    List<Pair> pairs) {
  public Leak {
    pictures = List.copyOf(pictures);
    pairs = List.copyOf(pairs);
  }

  /** {@code none}: no picture has the bytes of a pretraining image. */
  public enum Status {
    @JsonProperty("none")
    NONE,
    @JsonProperty("leaked")
    LEAKED,
    @JsonProperty("unknown")
    UNKNOWN
  }

  /**
   * A picture and the pretraining image that it looks like.
   *
   * @param bits in which their perceptual hashes differ, of 64
   */
  public record Pair(String picture, String image, int bits) {}

  public static Leak unknown(String reason) {
    return new Leak(
        Status.UNKNOWN, Optional.of(reason), Optional.empty(), 0, 0, List.of(), 0, List.of());
  }

  /** In one sentence. */
  @Override
  public String toString() {
    return switch (status) {
      case UNKNOWN -> "unknown: " + reason.orElse("");
      case LEAKED -> same + " images are also pretraining images";
      case NONE -> "no image is also a pretraining image" + judged();
    };
  }

  private String judged() {
    return alike == 0 ? "" : "; " + alike + " are similar to one; check them by eye";
  }
}
