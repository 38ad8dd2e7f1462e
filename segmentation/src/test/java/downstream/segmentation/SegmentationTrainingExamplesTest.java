package downstream.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderSpec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentationTrainingExamplesTest {
  private static final int SIDE = 48;
  private static final int PIXELS = SIDE * SIDE;
  private static final String FROZEN = "encoder: {mode: frozen}, head: {type: linear, width: 0}, ";

  private final EncoderSpec spec = Blocks.encoder().spec();

  @TempDir private Path folder;
  private ImageSet set = Blocks.set(java.util.List.of());

  @BeforeEach
  void write() {
    set = Blocks.write(folder, 2, 1);
  }

  @Test
  void labels_stay_on_their_pixels_through_every_augmentation() {
    SegmentationTrainingExamples examples =
        examples(
            "augmentation: {randomHorizontalFlip: true, minResizeScale: 0.6, maxResizeScale: 1.8}");
    long right = 0;
    long labelled = 0;
    for (int draw = 0; draw < 40; draw++) {
      SegmentationTrainingExample example = examples.load(draw % 2, new SplittableRandom(draw));
      for (int i = 0; i < PIXELS; i++) {
        int label = example.labels()[i] & 0xff;
        labelled += label != 255 ? 1 : 0;
        right += label != 255 && label == byColour(example.input(), i) ? 1 : 0;
      }
    }
    // The rest lies on blended edges.
    assertThat(labelled).isGreaterThan(10 * PIXELS);
    assertThat((double) right / labelled).isGreaterThan(0.95);
  }

  /** The class whose colour the pixel has: red, blue or neither. */
  private static int byColour(float[] planes, int pixel) {
    float red = planes[pixel];
    float blue = planes[2 * PIXELS + pixel];
    if (red > 0.4f) {
      return 1;
    }
    return blue > 0.4f ? 2 : 0;
  }

  @Test
  void what_the_image_does_not_fill_has_no_label_and_the_mean_colour() {
    SegmentationTrainingExample example =
        examples(FROZEN + "augmentation: {randomHorizontalFlip: false}")
            .load(0, new SplittableRandom(1));

    // 48×32 pixels lie at the top of the square.
    for (int i = 32 * SIDE; i < PIXELS; i++) {
      assertThat(example.labels()[i]).isEqualTo((byte) 255);
      for (int channel = 0; channel < 3; channel++) {
        assertThat(example.input()[channel * PIXELS + i]).isEqualTo(0, within(0.02f));
      }
    }
    assertThat(example.labels()[2 * SIDE]).isNotEqualTo((byte) 255);
  }

  @Test
  void frozen_draws_no_more_than_an_image_and_its_mirror_image() {
    SegmentationTrainingExamples examples =
        examples(FROZEN + "augmentation: {randomHorizontalFlip: true}");

    assertThat(
            java.util.stream.LongStream.range(0, 30)
                .mapToObj(seed -> examples.load(0, new SplittableRandom(seed)))
                .map(example -> Arrays.hashCode(example.input()))
                .distinct())
        .hasSize(2);
  }

  @Test
  void the_same_draw_gives_the_same_example() {
    SegmentationTrainingExamples examples =
        examples(
            "augmentation: {randomHorizontalFlip: true, minResizeScale: 0.6, maxResizeScale: 1.8}");

    assertThat(examples.load(1, new SplittableRandom(4)).input())
        .isEqualTo(examples.load(1, new SplittableRandom(4)).input());
    assertThat(examples.load(1, new SplittableRandom(4)).input())
        .isNotEqualTo(examples.load(1, new SplittableRandom(5)).input());
  }

  private SegmentationTrainingExamples examples(String changes) {
    return new SegmentationTrainingExamples(
        set, Blocks.protocol(changes).as(SegmentationProtocol.class), spec, views -> views::pixels);
  }
}
