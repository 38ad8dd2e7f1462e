package downstream.pretrain.mining.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.pretrain.settings.MiningSettings;
import downstream.pretrain.settings.MiningSettings.PairSelection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PairSelectorTest {
  /** One region of the query (row 1) is like everything. */
  private static final float[] DOMINATED = {
    .1f, .2f, .3f,
    .9f, .8f, .7f,
    .5f, .1f, .4f
  };

  private static List<Pair> select(
      float[] matrix, int rows, int columns, int count, PairSelection rule) {
    return new PairSelector(rule, false, count).select(matrix, rows, columns);
  }

  @Test
  void row_max_keeps_the_best_of_each_rows_best() {
    assertThat(select(DOMINATED, 3, 3, 2, PairSelection.ROW_MAX))
        .containsExactly(new Pair(1, 0, .9f), new Pair(2, 0, .5f));
    assertThat(select(DOMINATED, 3, 3, 9, PairSelection.ROW_MAX))
        .containsExactly(new Pair(1, 0, .9f), new Pair(2, 0, .5f), new Pair(0, 2, .3f));
  }

  @Test
  void global_top_lets_one_region_take_all() {
    assertThat(select(DOMINATED, 3, 3, 3, PairSelection.GLOBAL_TOP))
        .containsExactly(new Pair(1, 0, .9f), new Pair(1, 1, .8f), new Pair(1, 2, .7f));
  }

  @ParameterizedTest
  @EnumSource(names = {"ROW_MAX", "GLOBAL_TOP"})
  void ties_go_to_the_lower_row_then_the_lower_column(PairSelection rule) {
    float noise = 1e-8f;
    float[] equal = {.5f - noise, .5f + noise, .5f, .5f + 2 * noise};
    assertThat(select(equal, 2, 2, 1, rule)).containsExactly(new Pair(0, 0, .5f));
    assertThat(select(equal, 2, 2, 2, rule).get(1).own())
        .isEqualTo(rule == PairSelection.ROW_MAX ? 1 : 0);
  }

  @Test
  void a_matrix_smaller_than_n_is_given_whole() {
    assertThat(select(new float[] {.1f, .2f}, 1, 2, 5, PairSelection.GLOBAL_TOP)).hasSize(2);
    assertThat(select(new float[] {.1f, .2f}, 1, 2, 5, PairSelection.ROW_MAX)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"ROW_MAX", "GLOBAL_TOP"})
  void equals_the_slow_reference(PairSelection rule) {
    Random random = new Random(6);
    for (int trial = 0; trial < 200; trial++) {
      int rows = 1 + random.nextInt(12);
      int columns = 1 + random.nextInt(12);
      float[] matrix = new float[rows * columns];
      for (int i = 0; i < matrix.length; i++) {
        // few values, so that many tie
        matrix[i] = random.nextInt(9) / 8f - .5f;
      }
      int count = 1 + random.nextInt(12);
      assertThat(select(matrix, rows, columns, count, rule))
          .isEqualTo(slow(matrix, rows, columns, count, rule));
    }
  }

  /** Row 2 is nearest to column 0, which is nearer to row 1; row 0 and column 2 lose to row 1. */
  @ParameterizedTest
  @EnumSource(names = {"ROW_MAX", "GLOBAL_TOP"})
  void mutual_pairs_are_each_others_best(PairSelection rule) {
    float[] matrix = {
      .1f, .2f, .3f,
      .9f, .1f, .7f,
      .5f, .4f, .4f
    };
    assertThat(new PairSelector(rule, true, 9).select(matrix, 3, 3))
        .containsExactly(new Pair(1, 0, .9f));
    matrix[1] = .6f;
    assertThat(new PairSelector(rule, true, 9).select(matrix, 3, 3))
        .containsExactly(new Pair(1, 0, .9f), new Pair(0, 1, .6f));
    assertThat(new PairSelector(rule, true, 1).select(matrix, 3, 3))
        .containsExactly(new Pair(1, 0, .9f));
  }

  @Test
  void there_is_always_a_mutual_pair_and_the_transposed_matrix_has_the_same() {
    Random random = new Random(7);
    for (int trial = 0; trial < 200; trial++) {
      int rows = 1 + random.nextInt(6);
      int columns = 1 + random.nextInt(6);
      float[] matrix = new float[rows * columns];
      float[] transposed = new float[rows * columns];
      for (int i = 0; i < matrix.length; i++) {
        // many values, so that none tie
        matrix[i] = random.nextFloat();
        transposed[i % columns * rows + i / columns] = matrix[i];
      }
      PairSelector selector = new PairSelector(PairSelection.ROW_MAX, true, 99);
      List<Pair> pairs = selector.select(matrix, rows, columns);
      assertThat(pairs).isNotEmpty();
      assertThat(selector.select(transposed, columns, rows))
          .extracting(pair -> new Pair(pair.other(), pair.own(), pair.similarity()))
          .isEqualTo(pairs);
      float[] equal = new float[rows * columns];
      assertThat(selector.select(equal, rows, columns)).containsExactly(new Pair(0, 0, 0));
    }
  }

  /** Sorts everything; for row-max takes of each row the first. */
  private static List<Pair> slow(
      float[] matrix, int rows, int columns, int count, PairSelection rule) {
    List<Pair> all = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        all.add(new Pair(row, column, matrix[row * columns + column]));
      }
    }
    // A stable sort: ties stay in order of row and column.
    all.sort(Comparator.comparing(pair -> -pair.similarity()));
    List<Pair> kept = new ArrayList<>();
    for (Pair pair : all) {
      boolean free = kept.stream().noneMatch(other -> other.own() == pair.own());
      if (kept.size() < count && (rule == PairSelection.GLOBAL_TOP || free)) {
        kept.add(pair);
      }
    }
    return kept;
  }

  /** ORL takes a tenth of the query's regions, at least one. */
  @ParameterizedTest
  @CsvSource({"100, 10", "37, 3", "9, 1", "1, 1"})
  void a_tenth_of_the_querys_regions_at_least_one(int regions, int pairs) {
    assertThat(MiningSettings.ORL.pairs(regions)).isEqualTo(pairs);
  }
}
