package downstream.detection.metrics.coco;

import java.util.Map;
import java.util.Optional;

/**
 * Stored statistics of a run's evaluation, from which it can be resampled and compared without its
 * predictions.
 *
 * @param masks if the run's head finds masks and the data has them
 * @param errors TIDE's cost of each kind of error of the boxes, by name
 */
public record MatchStatistics(
    MatchTable boxes, Optional<MatchTable> masks, Map<String, Double> errors) {
  public MatchStatistics {
    errors = Map.copyOf(errors);
  }
}
