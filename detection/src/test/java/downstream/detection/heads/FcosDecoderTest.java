package downstream.detection.heads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.detection.boxes.Boxes;
import downstream.detection.boxes.Detections;
import downstream.detection.boxes.PyramidShape;
import downstream.detection.targets.FcosTargets;
import downstream.detection.targets.Target;
import downstream.eval.Json;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class FcosDecoderTest {
  private static final PyramidShape PYRAMID =
      PyramidShape.of(List.of(4, 8, 16), List.of(24, 12, 6));
  private static final DetectionProtocol PROTOCOL =
      Json.as("test", Json.MAPPER.createObjectNode(), DetectionProtocol.class);

  @Test
  void a_head_that_says_its_targets_gives_the_objects_back() {
    List<Target> objects =
        List.of(
            new Target(2, 3, 5, 14, 17),
            new Target(0, 40, 8, 40, 50),
            new Target(1, 10, 60, 22, 24));
    FcosTargets targets = FcosTargets.of(PYRAMID, objects, 1.5, 4);
    int cells = PYRAMID.cells();
    float[] logits = new float[3 * cells];
    Arrays.fill(logits, -20);
    float[] centerness = new float[cells];
    for (int cell = 0; cell < cells; cell++) {
      if (targets.category[cell] != FcosTargets.BACKGROUND) {
        logits[targets.category[cell] * cells + cell] = 10;
        double c = Math.min(targets.centerness[cell], 0.999);
        centerness[cell] = (float) Math.log(c / (1 - c));
      }
    }
    Detections found =
        new FcosDecoder(PYRAMID, PROTOCOL, 3).decode(logits, targets.distances, centerness);
    assertThat(found.size()).isEqualTo(3);
    for (int row = 0; row < 3; row++) {
      int category = found.category(row);
      float[] box = Boxes.take(found.boxes(), new int[] {row});
      Target object =
          objects.stream().filter(o -> o.category() == category).findFirst().orElseThrow();
      assertThat((double) box[0]).isCloseTo(object.x(), within(1e-4));
      assertThat((double) box[1]).isCloseTo(object.y(), within(1e-4));
      assertThat((double) box[2] - box[0]).isCloseTo(object.width(), within(1e-4));
      assertThat((double) box[3] - box[1]).isCloseTo(object.height(), within(1e-4));
    }
  }

  @Test
  void scores_are_the_root_of_class_times_centrality() {
    int cells = PYRAMID.cells();
    float[] logits = new float[cells];
    Arrays.fill(logits, -20);
    logits[30] = 0;
    float[] distances = new float[4 * cells];
    Arrays.fill(distances, 1);
    float[] centerness = new float[cells];
    centerness[30] = (float) Math.log(0.32 / 0.68);
    Detections found = new FcosDecoder(PYRAMID, PROTOCOL, 1).decode(logits, distances, centerness);
    assertThat(found.size()).isEqualTo(1);
    assertThat(found.score(0)).isCloseTo(0.4f, within(1e-6f));
  }

  @Test
  void weak_cells_give_nothing() {
    int cells = PYRAMID.cells();
    float[] logits = new float[cells];
    Arrays.fill(logits, -6);
    float[] distances = new float[4 * cells];
    Arrays.fill(distances, 1);
    assertThat(
            new FcosDecoder(PYRAMID, PROTOCOL, 1)
                .decode(logits, distances, new float[cells])
                .size())
        .isZero();
  }
}
