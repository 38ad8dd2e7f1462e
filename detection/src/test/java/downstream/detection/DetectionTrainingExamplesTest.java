package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.heads.DetectionProtocol;
import downstream.detection.targets.Target;
import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.data.annotation.Box;
import downstream.eval.encoder.EncoderSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DetectionTrainingExamplesTest {
  private static final DetectionProtocol PROTOCOL =
      Json.as("test", Json.MAPPER.createObjectNode(), DetectionProtocol.class);
  private static final EncoderSpec SPEC = TinyEncoder.file(96).spec();

  @TempDir private Path folder;

  private static Box box(double x, double y, double side, boolean crowd) {
    return new Box(1, 7, x, y, side, side, side * side, crowd, false, Optional.empty());
  }

  private static DetectionTrainingExamples examples(ImageSet set) {
    return new DetectionTrainingExamples(set, PROTOCOL, SPEC, false, views -> views::pixels);
  }

  private static List<Target> objects(Box... boxes) {
    ImageRecord image =
        new ImageRecord(1, "p", Path.of("p"), 96, 96, List.of(boxes), Optional.empty());
    ImageSet set =
        new ImageSet("s", Shapes.CATEGORIES, List.of(), List.of(image), Set.of(), "", List.of());
    return examples(set).objects(image, new ScaledCrop(0, 0, 48, false, 96).transform());
  }

  @Test
  void boxes_are_scaled_and_get_the_place_of_their_category() {
    assertThat(objects(box(5, 6, 10, false))).containsExactly(new Target(1, 10, 12, 20, 20));
  }

  @Test
  void crowds_are_not_learned() {
    assertThat(objects(box(5, 6, 10, true))).isEmpty();
  }

  @Test
  void boxes_are_cut_off_at_the_window_and_dropped_if_little_is_left() {
    assertThat(objects(box(44, 0, 8, false))).containsExactly(new Target(1, 88, 0, 8, 16));
    assertThat(objects(box(46, 0, 8, false))).isEmpty();
    assertThat(objects(box(60, 60, 8, false))).isEmpty();
  }

  @Test
  void frozen_reads_no_more_than_an_image_and_its_mirror_image() {
    ImageSet set = Shapes.write(folder, 1, 128, 96, 1);
    var fields = Json.parseYaml("test", "encoder: {mode: frozen}");
    DetectionProtocol frozen = Json.as("test", fields, DetectionProtocol.class);
    // Stands in for a backbone: what it gives of a view tells which view it was.
    DetectionTrainingExamples examples =
        new DetectionTrainingExamples(
            set, frozen, SPEC, false, views -> i -> new float[] {Arrays.hashCode(views.pixels(i))});
    List<DetectionTrainingExample> drawn =
        LongStream.range(0, 20).mapToObj(s -> examples.load(0, new SplittableRandom(s))).toList();

    assertThat(drawn.stream().map(e -> e.input[0]).distinct()).hasSize(2);
    assertThat(drawn.stream().map(e -> e.objects).distinct()).hasSize(2);
  }

  @Test
  void the_same_random_state_gives_the_same_example() {
    DetectionTrainingExamples examples = examples(Shapes.write(folder, 2, 128, 96, 1));
    DetectionTrainingExample a = examples.load(1, new SplittableRandom(5));
    DetectionTrainingExample b = examples.load(1, new SplittableRandom(5));
    DetectionTrainingExample c = examples.load(1, new SplittableRandom(6));
    assertThat(a.input).hasSize(3 * 96 * 96).isEqualTo(b.input).isNotEqualTo(c.input);
    assertThat(a.objects).isEqualTo(b.objects);
  }
}
