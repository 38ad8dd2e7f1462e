package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.metrics.mask.Rle;
import downstream.eval.Json;
import downstream.eval.data.annotation.Box;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ObjectMaskTest {
  private static final double[] MIDDLES = IntStream.range(0, 6).mapToDouble(i -> i + 0.5).toArray();

  private static Optional<ObjectMask> read(String segmentation) {
    return ObjectMask.of(
        new Box(
            1, 1, 0, 0, 6, 6, 36, false, false, Optional.of(Json.parseYaml("test", segmentation))));
  }

  private static String shown(ObjectMask silhouette) {
    boolean[] covered = silhouette.covers(MIDDLES, MIDDLES);
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < covered.length; i++) {
      rows.append(covered[i] ? '#' : '.').append(i % 6 == 5 ? "\n" : "");
    }
    return rows.toString();
  }

  @Test
  void polygons_are_united() {
    assertThat(shown(read("[[0,0, 3,0, 3,3, 0,3], [2,2, 5,2, 5,5, 2,5]]").orElseThrow()))
        .isEqualTo("###...\n###...\n#####.\n..###.\n..###.\n......\n");
  }

  @Test
  void a_ring_of_one_polygon_has_a_hole() {
    String ring = "[[0,0, 6,0, 6,6, 0,6, 0,0, 2,2, 2,4, 4,4, 4,2, 2,2]]";
    assertThat(shown(read(ring).orElseThrow()))
        .isEqualTo("######\n######\n##..##\n##..##\n######\n######\n");
  }

  @Test
  void runs_are_read_compressed_or_not() {
    boolean[] pixels = new boolean[36];
    pixels[7] = true;
    pixels[8] = true;
    pixels[14] = true;
    Rle rle = Rle.ofPixels(pixels, 6, 6);
    String known = "......\n.##...\n..#...\n......\n......\n......\n";
    String text = "{size: [6, 6], counts: '" + rle.counts() + "'}";
    assertThat(shown(read(text).orElseThrow())).isEqualTo(known);
    assertThat(shown(read("{size: [6, 6], counts: [7, 1, 5, 2, 21]}").orElseThrow()))
        .isEqualTo(known);
  }

  @Test
  void points_outside_of_runs_are_not_covered() {
    ObjectMask all = read("{size: [2, 2], counts: [0, 4]}").orElseThrow();
    assertThat(all.covers(new double[] {-0.5, 0.5, 2.5}, new double[] {1.5}))
        .containsExactly(false, true, false);
  }

  @Test
  void what_is_no_outline_is_none() {
    assertThat(read("[]")).isEmpty();
    assertThat(read("[[1, 1, 2, 2]]")).isEmpty();
    assertThat(read("{size: [6, 6]}")).isEmpty();
  }
}
