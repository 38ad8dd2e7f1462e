package downstream.detection;

import downstream.detection.metrics.BoxTable;
import downstream.detection.metrics.ScoreOrder;
import java.util.Arrays;
import java.util.List;

/**
 * From the head's output to boxes: scores are √(class · centre-ness), weak ones are dropped, the
 * best of each level go through class-wise suppression.
 */
final class FcosDecoder {
  private final Pyramid pyramid;
  private final DetectionProtocol protocol;
  private final int categories;

  FcosDecoder(Pyramid pyramid, DetectionProtocol protocol, int categories) {
    this.pyramid = pyramid;
    this.protocol = protocol;
    this.categories = categories;
  }

  /**
   * The detections of one image, strongest first, in input pixels.
   *
   * @param logits [categories, cells]
   * @param distances [4, cells] in strides
   * @param centrality [cells], logits
   */
  BoxTable decode(float[] logits, float[] distances, float[] centrality) {
    BoxTable candidates = new BoxTable();
    for (Pyramid.Level level : pyramid.levels()) {
      addBest(level, logits, distances, centrality, candidates);
    }
    List<Integer> kept =
        Suppression.keep(candidates, protocol.suppressionIou(), protocol.maxDetections());
    BoxTable detections = new BoxTable();
    for (int row : kept) {
      detections.add(
          0,
          candidates.category[row],
          candidates.x[row],
          candidates.y[row],
          candidates.width[row],
          candidates.height[row],
          candidates.score[row]);
    }
    return detections;
  }

  private void addBest(
      Pyramid.Level level,
      float[] logits,
      float[] distances,
      float[] centrality,
      BoxTable candidates) {
    int cells = pyramid.cells();
    int[] place = new int[level.cells() * categories];
    double[] score = new double[categories * cells];
    int count = 0;
    for (int category = 0; category < categories; category++) {
      for (int cell = level.first(); cell < level.first() + level.cells(); cell++) {
        int at = category * cells + cell;
        score[at] = Math.sqrt(sigmoid(logits[at]) * sigmoid(centrality[cell]));
        if (score[at] >= protocol.scoreThreshold()) {
          place[count++] = at;
        }
      }
    }
    ScoreOrder.sort(place, 0, count, score);
    for (int at : Arrays.copyOf(place, Math.min(count, protocol.candidatesPerLevel()))) {
      add(level, at / cells, at % cells, score[at], distances, candidates);
    }
  }

  private void add(
      Pyramid.Level level,
      int category,
      int cell,
      double score,
      float[] distances,
      BoxTable candidates) {
    int cells = pyramid.cells();
    double stride = level.stride();
    double x = level.middle((cell - level.first()) % level.side());
    double y = level.middle((cell - level.first()) / level.side());
    double left = distances[cell] * stride;
    double top = distances[cells + cell] * stride;
    double right = distances[2 * cells + cell] * stride;
    double bottom = distances[3 * cells + cell] * stride;
    candidates.add(0, category, x - left, y - top, left + right, top + bottom, score);
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}
