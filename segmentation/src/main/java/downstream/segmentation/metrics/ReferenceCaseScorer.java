package downstream.segmentation.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.data.image.LabelMap;
import downstream.eval.task.Score;
import downstream.segmentation.metrics.PanopticFile.Category;
import downstream.segmentation.metrics.PanopticQuality.Segment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** Scores the bundled reference cases, whose images are arrays of values. */
final class ReferenceCaseScorer {
  private ReferenceCaseScorer() {}

  /**
   * Returns the report of {@code score segmentation}, and in {@code run} the part that a run
   * stores.
   */
  static ObjectNode maps(JsonNode vector) {
    int classes = vector.path("classes").intValue();
    MapScoring scoring = MapScoring.empty(classes, true);
    List<ConfusionMatrix> matrices = new ArrayList<>();
    for (JsonNode image : vector.path("images")) {
      MapScoring one = MapScoring.empty(classes, true);
      one.add(
          "reference case " + vector.path("name").asText(),
          map(image.path("ground_truth")),
          map(image.path("prediction")));
      matrices.add(one.matrix());
      scoring = scoring.plus(one);
    }
    List<String> names = numbered(classes);
    ObjectNode report =
        new SegmentationScoreReport(
                scoring, names, ScoringConvention.mmseg, matrices.size(), List.of())
            .json();
    ObjectNode run = report.putObject("run");
    ConfusionMatrix sum = new PerImageConfusion(names, numbered(matrices.size()), matrices).sum();
    Score score = SegmentationScores.of(sum, names, matrices.size());
    score.metrics().forEach((name, value) -> run.put(name, value.orElse(null)));
    score.counts().forEach(run::put);
    return report;
  }

  /** Returns the report of {@code score panoptic}. */
  static ObjectNode segments(JsonNode vector) {
    PanopticQuality quality = new PanopticQuality();
    for (JsonNode image : vector.path("images")) {
      int[] groundTruth = values(image.path("ground_truth"));
      int[] prediction = values(image.path("prediction"));
      PanopticQuality one = new PanopticQuality();
      one.add(
          groundTruth,
          segments(groundTruth, image.path("ground_truth_segments")),
          prediction,
          segments(prediction, image.path("predicted_segments")));
      quality.add(one);
    }
    return new PanopticReport(quality, categories(vector), vector.path("images").size()).json();
  }

  private static Map<Long, Category> categories(JsonNode vector) {
    Map<Long, Category> categories = new TreeMap<>();
    vector.path("things").forEach(id -> categories.put(id.longValue(), category(id, true)));
    vector.path("stuff").forEach(id -> categories.put(id.longValue(), category(id, false)));
    return categories;
  }

  private static Category category(JsonNode id, boolean thing) {
    return new Category(id.asText(), thing);
  }

  private static List<Segment> segments(int[] ids, JsonNode listed) {
    List<Segment> segments = new ArrayList<>();
    for (JsonNode segment : listed) {
      int id = segment.path("id").intValue();
      long area = Arrays.stream(ids).filter(other -> other == id).count();
      boolean crowd = segment.path("crowd").asBoolean();
      segments.add(new Segment(id, segment.path("class").longValue(), area, crowd));
    }
    return segments;
  }

  private static LabelMap map(JsonNode rows) {
    int[] values = values(rows);
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return LabelMap.of(rows.path(0).size(), rows.size(), bytes);
  }

  private static int[] values(JsonNode rows) {
    return Arrays.stream(Json.MAPPER.convertValue(rows, int[][].class))
        .flatMapToInt(Arrays::stream)
        .toArray();
  }

  private static List<String> numbered(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).toList();
  }
}
