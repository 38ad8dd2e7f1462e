package downstream.eval.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.Device;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ReplicaThreadsTest {
  private static final int[] SIZES = {3, 2};

  private final ReplicaThreads threads = new ReplicaThreads();

  @BeforeAll
  static void load() {
    Device.CPU.newManager().close();
  }

  @AfterEach
  void close() {
    threads.close();
  }

  @Test
  void one_replica_works_on_the_thread_that_asks_and_has_the_whole_batch() {
    Thread caller = Thread.currentThread();
    List<Boolean> results =
        threads.run(
            new int[] {5},
            replica -> Thread.currentThread() == caller && BatchShare.current().isWhole());
    assertThat(results).containsExactly(true);
    assertThat(BatchShare.current().divisor(0, 1)).isEqualTo(1);
    assertThat(BatchShare.current().divisor(7, 1)).isEqualTo(7);
  }

  @Test
  void divisors_of_shares_give_the_average_over_the_whole_batch() {
    double[] sums = {6, 20};
    double[] counts = {2, 0};
    List<Double> weighted =
        threads.run(
            SIZES,
            replica -> {
              double mean = sums[replica] / BatchShare.current().divisor(counts[replica], 1);
              return mean * SIZES[replica] / 5;
            });
    assertThat(weighted.get(0) + weighted.get(1)).isEqualTo(26.0 / 2);
    List<Double> none = threads.run(SIZES, replica -> BatchShare.current().divisor(0, 1));
    assertThat(none).containsExactly(.6, .4);
  }

  @Test
  void numbers_drawn_in_turn_are_those_of_one_replica() {
    SplittableRandom alone = new SplittableRandom(1);
    List<Integer> expected = draw(5, alone);
    RandomGenerator shared = new SharedRandom(new SplittableRandom(1));
    List<List<Integer>> drawn =
        threads.run(
            SIZES, replica -> BatchShare.current().inTurn(() -> draw(SIZES[replica], shared)));
    assertThat(drawn).containsExactly(expected.subList(0, 3), expected.subList(3, 5));
  }

  private static List<Integer> draw(int count, RandomGenerator random) {
    return IntStream.range(0, count).mapToObj(i -> random.nextInt(100)).toList();
  }

  @Test
  void a_draw_out_of_turn_is_refused() {
    RandomGenerator shared = new SharedRandom(new SplittableRandom(1));
    assertThatThrownBy(() -> threads.run(SIZES, replica -> shared.nextInt(7)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("draw them in BatchShare.inTurn");
  }

  @Test
  void rows_are_drawn_once_for_the_batch() {
    try (NDManager manager = Device.CPU.newManager()) {
      List<float[]> rows =
          threads.run(
              SIZES,
              replica ->
                  BatchShare.current()
                      .rows(
                          SIZES[replica],
                          manager.newSubManager(),
                          count -> manager.arange((float) count).reshape(new Shape(count, 1)))
                      .toFloatArray());
      assertThat(rows.get(0)).containsExactly(0, 1, 2);
      assertThat(rows.get(1)).containsExactly(3, 4);
    }
  }

  @Test
  void the_failure_of_one_replica_is_thrown_and_no_other_waits_for_it() {
    for (int failing = 0; failing < 2; failing++) {
      int which = failing;
      assertThatThrownBy(
              () ->
                  threads.run(
                      SIZES,
                      replica -> {
                        if (replica == which) {
                          throw new IllegalArgumentException("out of memory on " + replica);
                        }
                        return BatchShare.current().divisor(1, 1);
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("out of memory on " + which);
    }
  }

  @Test
  void replicas_that_ask_for_different_things_are_refused() {
    assertThatThrownBy(
            () ->
                threads.run(
                    SIZES, replica -> replica == 0 ? 1 : BatchShare.current().divisor(1, 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("must ask BatchShare the same questions in the same order");
  }

  @Test
  void a_batch_is_split_as_evenly_as_it_goes() {
    assertThat(BatchShare.split(7, 3)).containsExactly(3, 2, 2);
    assertThat(BatchShare.split(4, 1)).containsExactly(4);
  }
}
