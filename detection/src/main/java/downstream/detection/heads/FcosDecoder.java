package downstream.detection.heads;

import downstream.detection.boxes.Detections;
import downstream.detection.boxes.Nms;
import downstream.detection.boxes.PyramidShape;
import java.util.Arrays;

/**
 * Turns the head's output into boxes: scores are √(class · centerness), weak ones are dropped, the
 * best of each level go through class-wise suppression.
 */
final class FcosDecoder {
  private final PyramidShape pyramid;
  private final DetectionProtocol protocol;
  private final int categories;

  FcosDecoder(PyramidShape pyramid, DetectionProtocol protocol, int categories) {
    this.pyramid = pyramid;
    this.protocol = protocol;
    this.categories = categories;
  }

  /**
   * The detections of one image, strongest first, in input pixels.
   *
   * @param logits [categories, cells]
   * @param distances [4, cells] in strides
   * @param centerness [cells], logits
   */
  Detections decode(float[] logits, float[] distances, float[] centerness) {
    Candidates candidates = new Candidates(cellsAtMost());
    for (PyramidShape.Level level : pyramid.levels()) {
      addBest(level, logits, distances, centerness, candidates);
    }
    int count = candidates.size;
    int[] kept =
        Nms.keep(
            Arrays.copyOf(candidates.boxes, 4 * count),
            Arrays.copyOf(candidates.scores, count),
            Arrays.copyOf(candidates.categories, count),
            protocol.inference().suppressionIou(),
            protocol.inference().maxDetections());
    return Detections.of(candidates.boxes, candidates.categories, candidates.scores, kept);
  }

  private int cellsAtMost() {
    return pyramid.levels().size() * protocol.inference().preNmsTop();
  }

  /** Boxes that go into suppression. */
  private static final class Candidates {
    final float[] boxes;
    final float[] scores;
    final int[] categories;
    int size;

    Candidates(int capacity) {
      boxes = new float[4 * capacity];
      scores = new float[capacity];
      categories = new int[capacity];
    }
  }

  private void addBest(
      PyramidShape.Level level,
      float[] logits,
      float[] distances,
      float[] centerness,
      Candidates candidates) {
    int cells = pyramid.cells();
    int[] place = new int[level.cells() * categories];
    float[] score = new float[categories * cells];
    int count = 0;
    for (int category = 0; category < categories; category++) {
      for (int cell = level.first(); cell < level.first() + level.cells(); cell++) {
        int at = category * cells + cell;
        score[at] = (float) Math.sqrt(sigmoid(logits[at]) * sigmoid(centerness[cell]));
        if (score[at] >= protocol.inference().scoreThreshold()) {
          place[count++] = at;
        }
      }
    }
    float[] strong = new float[count];
    for (int i = 0; i < count; i++) {
      strong[i] = score[place[i]];
    }
    int[] order = Nms.byFallingScore(strong);
    for (int i = 0; i < Math.min(count, protocol.inference().preNmsTop()); i++) {
      int at = place[order[i]];
      add(level, at / cells, at % cells, score[at], distances, candidates);
    }
  }

  private void add(
      PyramidShape.Level level,
      int category,
      int cell,
      float score,
      float[] distances,
      Candidates candidates) {
    int cells = pyramid.cells();
    double stride = level.stride();
    double x = level.middle((cell - level.first()) % level.side());
    double y = level.middle((cell - level.first()) / level.side());
    double left = distances[cell] * stride;
    double top = distances[cells + cell] * stride;
    double right = distances[2 * cells + cell] * stride;
    double bottom = distances[3 * cells + cell] * stride;
    int row = candidates.size++;
    candidates.boxes[4 * row] = (float) (x - left);
    candidates.boxes[4 * row + 1] = (float) (y - top);
    candidates.boxes[4 * row + 2] = (float) (x + right);
    candidates.boxes[4 * row + 3] = (float) (y + bottom);
    candidates.scores[row] = score;
    candidates.categories[row] = category;
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + Math.exp(-logit));
  }
}
