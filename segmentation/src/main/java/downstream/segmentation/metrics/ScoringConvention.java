package downstream.segmentation.metrics;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Evaluator whose rules for mean IoU are followed; they part over classes without true pixels
 * ({@link SegmentationMetrics}).
 */
public enum ScoringConvention {
  mmseg {
    @Override
    Optional<Double> meanIou(SegmentationMetrics agreement) {
      return agreement.meanIou();
    }
  },
  detectron2 {
    @Override
    Optional<Double> meanIou(SegmentationMetrics agreement) {
      return agreement.meanIouOfTrueClasses();
    }
  },
  torchvision {
    @Override
    Optional<Double> meanIou(SegmentationMetrics agreement) {
      return agreement.meanIouOfAllClasses();
    }
  };

  abstract Optional<Double> meanIou(SegmentationMetrics agreement);

  /** Returns the metrics of that program, under the names of this one. */
  Map<String, Optional<Double>> metrics(MapScoring scoring) {
    SegmentationMetrics agreement = SegmentationMetrics.of(scoring.matrix());
    Map<String, Optional<Double>> metrics = new LinkedHashMap<>();
    metrics.put("mIoU", meanIou(agreement));
    metrics.put("aAcc", agreement.pixelAccuracy());
    switch (this) {
      case mmseg -> {
        metrics.put("mAcc", agreement.meanAccuracy());
        metrics.put("mDice", agreement.meanDice());
      }
      case detectron2 -> {
        metrics.put("mAcc", agreement.meanAccuracy());
        metrics.put("fwIoU", agreement.frequencyWeightedIou());
        scoring
            .eroded()
            .ifPresent(eroded -> metrics.put("mBoundaryIoU", eroded.agreement().meanIou()));
      }
      case torchvision -> {
        // Its scripts print global accuracy and mean IoU alone.
      }
    }
    return metrics;
  }
}
