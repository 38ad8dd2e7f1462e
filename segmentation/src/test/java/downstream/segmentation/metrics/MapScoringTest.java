package downstream.segmentation.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.data.image.LabelMap;
import java.util.List;
import org.junit.jupiter.api.Test;

class MapScoringTest {
  @Test
  void boundaries_are_counted_if_asked_for_and_detectron2_has_them_of_254_classes_at_most() {
    assertThat(MapScoring.empty(2, false).outlines()).isEmpty();
    assertThat(MapScoring.empty(2, false).eroded()).isEmpty();
    assertThat(MapScoring.empty(254, true).outlines()).isPresent();
    assertThat(MapScoring.empty(254, true).eroded()).isPresent();
    assertThat(MapScoring.empty(LabelMap.IGNORE, true).outlines()).isPresent();
    assertThat(MapScoring.empty(LabelMap.IGNORE, true).eroded()).isEmpty();
  }

  @Test
  void classes_that_the_conventions_count_differently_are_named() {
    ConfusionMatrix matrix = new ConfusionMatrix(4);
    matrix.add(0, 0, 5);
    matrix.add(0, 1, 3);
    matrix.add(3, 0, 2);
    assertThat(SegmentationScores.of(matrix, List.of("a", "b", "c", "d"), 1).warnings())
        .containsExactly(
            "class 'b' is true nowhere, but predicted in 3 pixels: it counts as IoU 0 in mIoU and"
                + " is left out of detectron2's",
            "class 'c' is neither true nor predicted anywhere: left out of mIoU, and"
                + " torchvision's mean does not exist");
  }
}
