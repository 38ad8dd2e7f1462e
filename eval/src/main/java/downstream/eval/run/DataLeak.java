package downstream.eval.run;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Optional;

/**
 * Overlap between an evaluation split and the images of the pretraining.
 *
 * @param reason why it is unknown
 * @param list SHA-256 of the list of pretraining images; empty if it is unknown
 * @param listed how many images it lists
 * @param identical images whose bytes are those of a pretraining image: with one, the run is leaked
 * @param identicalImages the first of them
 * @param similar images that look like a pretraining image: for a person to judge
 * @param similarPairs the most similar of them
 */
@JsonNaming(SnakeCaseStrategy.class)
@JsonIgnoreProperties(ignoreUnknown = true)
public record DataLeak(
    Status status,
    Optional<String> reason,
    Optional<String> list,
    long listed,
    long identical,
    List<String> identicalImages,
    long similar,
    List<Pair> similarPairs) {
  public DataLeak {
    identicalImages = List.copyOf(identicalImages);
    similarPairs = List.copyOf(similarPairs);
  }

  /** {@code none}: no image has the bytes of a pretraining image. */
  public enum Status {
    @JsonProperty("none")
    NONE,
    @JsonProperty("leaked")
    LEAKED,
    @JsonProperty("unknown")
    UNKNOWN
  }

  /**
   * An image and the pretraining image that it looks like.
   *
   * @param bits in which their perceptual hashes differ, of 64
   */
  @JsonNaming(SnakeCaseStrategy.class)
  public record Pair(String image, String pretrainingImage, int bits) {}

  public static DataLeak unknown(String reason) {
    return new DataLeak(
        Status.UNKNOWN, Optional.of(reason), Optional.empty(), 0, 0, List.of(), 0, List.of());
  }

  /** Status in one sentence. */
  @Override
  public String toString() {
    return switch (status) {
      case UNKNOWN -> "unknown: " + reason.orElse("");
      case LEAKED -> identical + " images are also pretraining images";
      case NONE -> "no image is also a pretraining image" + judged();
    };
  }

  private String judged() {
    return similar == 0 ? "" : "; " + similar + " are similar to one; check them by eye";
  }
}
