package downstream.detection.metrics.coco;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Orders are asked for hits by a list that the test keeps, not by matching. */
class TieSearchTest {
  private final List<List<Integer>> asked = new ArrayList<>();

  /** Arranges all rows but {@code outside} at either end; an order that is wanted has one hit. */
  private List<Integer> arrange(
      TieOrder order, int outside, double[] score, Predicate<List<Integer>> wanted) {
    int[] rows = IntStream.range(0, score.length).toArray();
    TieSearch.arrange(
        order,
        rows,
        outside,
        rows.length - outside,
        score,
        () -> {
          asked.add(boxed(rows));
          return wanted.test(boxed(rows)) ? 1 : 0;
        });
    return boxed(rows);
  }

  private static List<Integer> boxed(int[] rows) {
    return Arrays.stream(rows).boxed().toList();
  }

  private static double[] tied(int size) {
    double[] score = new double[size];
    Arrays.fill(score, 0.5);
    return score;
  }

  @Test
  void every_order_of_up_to_four_is_asked_and_each_can_win() {
    int[] orders = {0, 0, 2, 6, 24};
    for (int size = 2; size <= 4; size++) {
      asked.clear();
      arrange(TieOrder.BETTER_FIRST, 0, tied(size), rows -> false);
      assertThat(asked).as("the file's order and each once").hasSize(1 + orders[size]);
      HashSet<List<Integer>> distinct = new HashSet<>(asked);
      assertThat(distinct).hasSize(orders[size]);
      for (List<Integer> wanted : distinct) {
        assertThat(arrange(TieOrder.BETTER_FIRST, 0, tied(size), wanted::equals)).isEqualTo(wanted);
        assertThat(arrange(TieOrder.WORSE_FIRST, 0, tied(size), rows -> !rows.equals(wanted)))
            .isEqualTo(wanted);
      }
    }
  }

  @Test
  void of_five_and_more_only_the_files_order_and_its_reverse_are_asked() {
    List<Integer> reverse = List.of(4, 3, 2, 1, 0);
    assertThat(arrange(TieOrder.BETTER_FIRST, 0, tied(5), reverse::equals)).isEqualTo(reverse);
    assertThat(asked).containsExactly(List.of(0, 1, 2, 3, 4), reverse);
    asked.clear();
    assertThat(arrange(TieOrder.WORSE_FIRST, 0, tied(6), rows -> false))
        .containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(asked).containsExactly(List.of(0, 1, 2, 3, 4, 5), List.of(5, 4, 3, 2, 1, 0));
  }

  @Test
  void of_equal_orders_the_files_stays() {
    for (TieOrder order : List.of(TieOrder.BETTER_FIRST, TieOrder.WORSE_FIRST)) {
      assertThat(arrange(order, 0, tied(3), rows -> true)).containsExactly(0, 1, 2);
    }
  }

  /** Three groups: rows 0 and 1, row 2 alone, rows 3 to 5. */
  @Test
  void each_group_of_equal_scores_is_arranged_by_itself_and_a_single_one_is_not_asked() {
    double[] score = {0.9, 0.9, 0.7, 0.5, 0.5, 0.5};
    List<Integer> arranged =
        arrange(TieOrder.BETTER_FIRST, 0, score, rows -> rows.get(0) == 1 && rows.indexOf(5) != 4);
    assertThat(arranged).startsWith(1, 0, 2);
    assertThat(asked).hasSize(1 + 2 + 1 + 6);
    assertThat(asked).allMatch(rows -> rows.get(2) == 2);
  }

  @Test
  void rows_of_other_images_stay_where_they_are_though_their_scores_are_equal() {
    arrange(TieOrder.WORSE_FIRST, 1, tied(4), rows -> true);
    assertThat(new HashSet<>(asked))
        .containsExactlyInAnyOrder(List.of(0, 1, 2, 3), List.of(0, 2, 1, 3));
  }

  @Test
  void nothing_is_asked_in_the_files_order_or_without_equal_scores() {
    arrange(TieOrder.FILE, 0, tied(3), rows -> true);
    arrange(TieOrder.BETTER_FIRST, 0, new double[] {0.9, 0.8, 0.7}, rows -> true);
    arrange(TieOrder.BETTER_FIRST, 0, new double[0], rows -> true);
    assertThat(asked).isEmpty();
  }
}
