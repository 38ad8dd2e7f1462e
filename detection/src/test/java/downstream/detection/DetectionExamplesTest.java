package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.eval.Json;
import downstream.eval.data.Box;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import downstream.eval.encoder.EncoderSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectionExamplesTest {
  private static final DetectionProtocol PROTOCOL =
      Json.as("test", Json.MAPPER.createObjectNode(), DetectionProtocol.class);
  private static final EncoderSpec SPEC = TinyEncoder.file(96).spec();
  private static final Pyramid PYRAMID = Pyramid.over(96, 8, 3);

  @TempDir private Path folder;

  private static Box box(double x, double y, double side, boolean crowd) {
    return new Box(1, 7, x, y, side, side, side * side, crowd, false, Optional.empty());
  }

  private static DetectionExamples examples(ImageSet set) {
    return new DetectionExamples(set, PROTOCOL, SPEC, PYRAMID);
  }

  private static List<FcosTargets.Target> objects(Box... boxes) {
    Picture picture = new Picture(1, "p", Path.of("p"), 96, 96, List.of(boxes), Optional.empty());
    ImageSet set =
        new ImageSet("s", Shapes.CATEGORIES, List.of(), List.of(picture), Set.of(), "", List.of());
    return examples(set).objects(picture, new Window(0, 0, 48, false, 96));
  }

  @Test
  void boxes_are_scaled_and_get_the_place_of_their_category() {
    assertThat(objects(box(5, 6, 10, false)))
        .containsExactly(new FcosTargets.Target(1, 10, 12, 20, 20));
  }

  @Test
  void crowds_are_not_learned() {
    assertThat(objects(box(5, 6, 10, true))).isEmpty();
  }

  @Test
  void boxes_are_cut_off_at_the_window_and_dropped_if_little_is_left() {
    assertThat(objects(box(44, 0, 8, false)))
        .containsExactly(new FcosTargets.Target(1, 88, 0, 8, 16));
    assertThat(objects(box(46, 0, 8, false))).isEmpty();
    assertThat(objects(box(60, 60, 8, false))).isEmpty();
  }

  @Test
  void the_same_random_state_gives_the_same_example() {
    DetectionExamples examples = examples(Shapes.write(folder, 2, 128, 96, 1));
    DetectionExample a = examples.load(1, new SplittableRandom(5));
    DetectionExample b = examples.load(1, new SplittableRandom(5));
    DetectionExample c = examples.load(1, new SplittableRandom(6));
    assertThat(a.pixels).hasSize(3 * 96 * 96).isEqualTo(b.pixels).isNotEqualTo(c.pixels);
    assertThat(a.targets.category).isEqualTo(b.targets.category);
  }
}
