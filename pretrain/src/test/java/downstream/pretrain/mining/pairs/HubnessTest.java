package downstream.pretrain.mining.pairs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import downstream.eval.encoder.frozen.FeatureCache;
import downstream.pretrain.mining.regions.ImageRegions;
import downstream.pretrain.views.Region;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubnessTest {
  private static final int WIDTH = 6;

  @TempDir Path folder;

  /** Images with so many regions each. */
  private static ImageRegions regions(int... counts) {
    List<int[]> boxes = new ArrayList<>();
    for (int count : counts) {
      int[] packed = new int[4 * count];
      for (int i = 0; i < count; i++) {
        packed[4 * i] = i;
        packed[4 * i + 2] = 1;
        packed[4 * i + 3] = 1;
      }
      boxes.add(packed);
    }
    return ImageRegions.of(boxes);
  }

  private static float[][] random(int count) {
    Random random = new Random(8);
    float[][] rows = new float[count][WIDTH];
    for (float[] row : rows) {
      for (int i = 0; i < WIDTH; i++) {
        row[i] = (float) random.nextGaussian();
      }
    }
    return rows;
  }

  private FeatureCache stored(float[][] rows) {
    FeatureCache cache = new FeatureCache(folder.resolve("rows.features"), rows.length, WIDTH);
    for (int i = 0; i < rows.length; i++) {
      cache.write(i, rows[i]);
    }
    return cache;
  }

  @Test
  void equals_the_slow_reference_with_any_number_of_threads() {
    ImageRegions regions = regions(3, 20, 1, 7, 15);
    float[][] rows = random(regions.total());
    try (FeatureCache cache = stored(rows)) {
      RegionVectors vectors = RegionVectors.of(regions, cache, WIDTH, false);
      float[][] found = Hubness.measure(vectors, 1);
      assertThat(Hubness.measure(vectors, 3)).isDeepEqualTo(found);
      for (int image = 0; image < regions.images(); image++) {
        for (int i = 0; i < regions.count(image); i++) {
          double expected = slow(regions, rows, image, regions.offset(image) + i);
          assertThat((double) found[image][i]).isCloseTo(expected, within(2e-6));
        }
      }
    }
  }

  private static double slow(ImageRegions regions, float[][] rows, int image, int row) {
    List<Double> cosines = new ArrayList<>();
    for (int other = 0; other < rows.length; other++) {
      boolean own =
          other >= regions.offset(image) && other < regions.offset(image) + regions.count(image);
      if (!own) {
        cosines.add(cosine(rows[row], rows[other]));
      }
    }
    return cosines.stream()
        .sorted(Comparator.reverseOrder())
        .limit(10)
        .mapToDouble(c -> c)
        .average()
        .orElseThrow();
  }

  private static double cosine(float[] a, float[] b) {
    double product = 0;
    double left = 0;
    double right = 0;
    for (int i = 0; i < a.length; i++) {
      product += (double) a[i] * b[i];
      left += (double) a[i] * a[i];
      right += (double) b[i] * b[i];
    }
    return product / Math.sqrt(left * right);
  }

  @Test
  void hubs_are_dropped_and_rows_of_embeddings_stay() {
    ImageRegions regions = regions(2, 3);
    float[][] hubness = {{.9f, .8f}, {.1f, .7f, .2f}};
    ImageRegions kept = regions.withoutHubs(hubness, .6);
    // three of five go, but image 0 keeps its least
    assertThat(kept.count(0)).isEqualTo(1);
    assertThat(kept.get(0, 0)).isEqualTo(new Region(1, 0, 1, 1));
    assertThat(kept.row(0, 0)).isEqualTo(1);
    assertThat(kept.hubness(0)).containsExactly(.8f);
    assertThat(kept.of(1)).containsExactly(new Region(0, 0, 1, 1), new Region(2, 0, 1, 1));
    assertThat(kept.row(1, 1)).isEqualTo(4);
    assertThat(kept.total()).isEqualTo(3);
    assertThat(regions.withoutHubs(hubness, 0).total()).isEqualTo(5);
  }

  @Test
  void vectors_of_kept_regions_are_their_own() {
    ImageRegions regions = regions(2, 3);
    float[][] rows = random(regions.total());
    float[][] hubness = {{.9f, .1f}, {.1f, .7f, .2f}};
    try (FeatureCache cache = stored(rows)) {
      RegionVectors all = RegionVectors.of(regions, cache, WIDTH, true);
      RegionVectors few = all.of(regions.withoutHubs(hubness, .4));
      assertThat(few.unit(0, 0)).isEqualTo(all.unit(0, 1));
      assertThat(few.unit(1, 1)).isEqualTo(all.unit(1, 2));
      assertThat(Arrays.equals(few.unit(1, 0), all.unit(1, 1))).isFalse();
    }
  }
}
