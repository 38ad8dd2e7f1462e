package downstream.pretrain.method.contrast;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchNormGroupsTest {
  private static final BatchNormGroups GROUPS = new BatchNormGroups(4, 9);

  private final NDManager manager = NDManager.newBaseManager();

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void each_run_of_images_has_one_in_each_group() {
    assertThat(GROUPS.groupsOf(0, 6, -1)).containsExactly(0, 1, 2, 3, 0, 1);
    int[] drawn = GROUPS.groupsOf(0, 64, 5);
    for (int run = 0; run < 16; run++) {
      assertThat(Arrays.copyOfRange(drawn, 4 * run, 4 * run + 4))
          .containsExactlyInAnyOrder(0, 1, 2, 3);
    }
  }

  @Test
  void replicas_find_the_groups_of_one() {
    int[] whole = GROUPS.groupsOf(0, 13, 5);
    assertThat(GROUPS.groupsOf(0, 7, 5)).isEqualTo(Arrays.copyOf(whole, 7));
    assertThat(GROUPS.groupsOf(7, 6, 5)).isEqualTo(Arrays.copyOfRange(whole, 7, 13));
  }

  @Test
  void keys_are_in_other_company_in_every_step() {
    Set<List<Integer>> orders = new HashSet<>();
    for (int step = 0; step < 20; step++) {
      orders.add(IntStream.of(GROUPS.groupsOf(0, 64, step)).boxed().toList());
    }
    assertThat(orders).hasSize(20);
    int together = 0; // of the pairs of queries of group 0, keys of one group
    for (int step = 0; step < 20; step++) {
      int[] keys = GROUPS.groupsOf(0, 64, step);
      for (int i = 0; i < 64; i += 4) {
        for (int j = 0; j < i; j += 4) {
          together += keys[i] == keys[j] ? 1 : 0;
        }
      }
    }
    assertThat(together).isBetween(480, 720); // 2,400 pairs, a quarter
  }

  @Test
  void a_network_sees_a_group_at_a_time_and_rows_come_back_in_order() {
    NDArray images = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(6, 1));
    BatchNormGroups two = new BatchNormGroups(2, 9);
    List<float[]> seen = new ArrayList<>();
    NDArray out =
        two.ordered(
            images,
            part -> {
              seen.add(part.toFloatArray());
              return part.sub(part.mean());
            });
    assertThat(seen).containsExactly(new float[] {1, 3, 5}, new float[] {2, 4, 6});
    assertThat(out.toFloatArray()).containsExactly(-2, -2, 0, 0, 2, 2);
    assertThat(two.shuffled(images, 3, part -> part).toFloatArray())
        .isEqualTo(images.toFloatArray());
  }
}
