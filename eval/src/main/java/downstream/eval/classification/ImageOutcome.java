package downstream.eval.classification;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Outcomes of the predictions on one image's examples. The image is the unit of resampling, since
 * objects of one image are not independent.
 *
 * @param image its name
 * @param cells how often a label was predicted as another: flat triples (label, predicted label,
 *     examples)
 * @param topFive examples whose label is among the five best classes
 */
@JsonNaming(SnakeCaseStrategy.class)
record ImageOutcome(String image, List<Integer> cells, int topFive) {
  ImageOutcome {
    cells = List.copyOf(cells);
  }

  private record Cell(int label, int predicted) implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      int byLabel = Integer.compare(label, other.label);
      return byLabel == 0 ? Integer.compare(predicted, other.predicted) : byLabel;
    }
  }

  /**
   * Counts an image's predictions.
   *
   * @param labels the true ones
   */
  static ImageOutcome of(String image, List<Integer> labels, List<Prediction> predictions) {
    Map<Cell, Integer> counts = new TreeMap<>();
    int topFive = 0;
    for (int i = 0; i < labels.size(); i++) {
      Prediction prediction = predictions.get(i);
      counts.merge(new Cell(labels.get(i), prediction.best()), 1, Integer::sum);
      topFive += prediction.labels().contains(labels.get(i)) ? 1 : 0;
    }
    List<Integer> cells = new ArrayList<>();
    counts.forEach((cell, n) -> cells.addAll(List.of(cell.label(), cell.predicted(), n)));
    return new ImageOutcome(image, cells, topFive);
  }
}
