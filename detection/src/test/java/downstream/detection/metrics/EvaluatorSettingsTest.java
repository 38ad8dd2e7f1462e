package downstream.detection.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class EvaluatorSettingsTest {
  @Test
  void limits_are_ascending_and_each_there_once() {
    EvaluatorSettings settings = new EvaluatorSettings(false, false, List.of(100, 1, 10, 1));
    assertThat(settings.maxDets()).containsExactly(1, 10, 100);
    assertThat(settings.lastMaxDets()).isEqualTo(100);
    assertThat(settings.federated()).isFalse();
    assertThat(settings.on(Iou.segm).iou()).isEqualTo(Iou.segm);
  }

  @Test
  void refuses_no_limit_and_one_below_one() {
    for (List<Integer> limits : List.of(List.<Integer>of(), List.of(0, 5), List.of(-1))) {
      assertThatThrownBy(() -> new EvaluatorSettings(false, false, limits))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("maxDets must be whole numbers > 0");
    }
    assertThat(new EvaluatorSettings(false, false, List.of(1)).lastMaxDets()).isEqualTo(1);
  }

  /** Two classes: image 3 and class 1 are pair 7, as would be image 2 and class 3. */
  @Test
  void a_pair_is_of_an_image_and_a_class() {
    assertThat(Federation.pair(3, 1, 2)).isEqualTo(7);
    Federation federation = new Federation(Set.of(7L), Set.of(6L), List.of("r", "c"));
    assertThat(federation.isAbsent(3, 1)).isTrue();
    assertThat(federation.isAbsent(3, 0)).isFalse();
    assertThat(federation.isPartial(3, 0)).isTrue();
    assertThat(federation.isPartial(3, 1)).isFalse();
  }

  @Test
  void two_conventions_are_vocs() {
    assertThat(Stream.of(Convention.values()).filter(Convention::isVoc))
        .containsExactly(Convention.voc07, Convention.voc12);
  }
}
