package downstream.leaderboard;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import downstream.eval.run.DataLeak;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Data that the script of the page reads. Sections and their rows are iterators, so that each is
 * made when it is written and none is kept.
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@JsonNaming(SnakeCaseStrategy.class)
record PageData(
    String summary,
    Iterator<OfSection> sections,
    List<OverallRanking> overall,
    List<Left> leftOut) {

  /** A run that was left out. */
  record Left(String file, String reason) {}

  /** A section. */
  record OfSection(
      String title,
      JsonNode fields,
      List<String> notes,
      List<OfMetric> metrics,
      Iterator<OfRow> rows,
      List<PublishedClaims.ClaimComparison> claims) {}

  /** A metric that rows can be ranked by. */
  record OfMetric(String name, boolean higher) {}

  /**
   * A row.
   *
   * @param metrics by name
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  @JsonNaming(SnakeCaseStrategy.class)
  record OfRow(
      String encoder,
      String digest,
      Optional<String> method,
      boolean control,
      long parameters,
      Optional<Long> flops,
      Optional<Double> pretrainingFlops,
      Optional<Double> trainSeconds,
      String date,
      String commits,
      Optional<String> verified,
      boolean ranked,
      Optional<OfLeak> leak,
      Optional<String> provenance,
      List<String> marks,
      JsonNode perClass,
      List<PageImages.EmbeddedImage> images,
      List<OfRun> runs,
      Map<String, Score> metrics) {}

  /** A row's place by one metric. */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  @JsonNaming(SnakeCaseStrategy.class)
  record Score(
      Optional<String> rank,
      Optional<Integer> low,
      Optional<Double> mean,
      Optional<Double> deviation,
      Optional<Double> ciLow,
      Optional<Double> ciHigh,
      Optional<Double> delta,
      int n) {}

  /** Pretraining images that a row is scored on. */
  record OfLeak(String verdict, List<String> images, List<DataLeak.Pair> pairs) {}

  /** A run. */
  record OfRun(
      long seed,
      String id,
      String file,
      String start,
      String machine,
      String command,
      String control,
      String determinism,
      Map<String, Optional<Double>> metrics,
      List<String> warnings) {}
}
