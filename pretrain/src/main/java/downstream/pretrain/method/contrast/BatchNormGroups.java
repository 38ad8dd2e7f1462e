package downstream.pretrain.method.contrast;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import downstream.eval.parallel.BatchShare;
import downstream.pretrain.settings.EncoderSettings;
import downstream.pretrain.settings.SettingsChecks;
import downstream.pretrain.settings.TrainingSettings;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Groups of a batch, each with batch-norm statistics of its own, as MoCo's devices have them (He et
 * al. 2020, section 3.3). Images next to each other are spread over all groups; for keys in random
 * order, so that a query and its key are not known by the company they keep.
 *
 * @param groups number of groups, at least 1
 * @param seed of the order of keys
 */
record BatchNormGroups(int groups, long seed) {
  private static final long NO_SHUFFLE = -1;

  /**
   * Checks the setting {@code batchNormGroups}, which only a ResNet's batch norm heeds.
   *
   * @throws IllegalArgumentException if a group would have a single image
   */
  static void check(int groups, EncoderSettings encoder, TrainingSettings training) {
    SettingsChecks.positive("batchNormGroups", groups);
    SettingsChecks.batchNorm(training);
    SettingsChecks.that(
        encoder.isTransformer() || training.batch() >= 2 * groups,
        "training.batch must be at least twice batchNormGroups "
            + groups
            + ", not "
            + training.batch());
  }

  /** Applies a network to queries, group by group: [N, …] to [N, d]. */
  NDArray ordered(NDArray images, UnaryOperator<NDArray> network) {
    return apply(images, NO_SHUFFLE, network);
  }

  /** Applies a network to keys, in groups that are drawn anew in every step. */
  NDArray shuffled(NDArray images, int step, UnaryOperator<NDArray> network) {
    return apply(images, step, network);
  }

  private NDArray apply(NDArray images, long step, UnaryOperator<NDArray> network) {
    int count = (int) images.getShape().get(0);
    if (groups == 1) {
      return network.apply(images);
    }
    int[] groupOf = groupsOf(BatchShare.current().first(), count, step);
    int[] order =
        IntStream.range(0, groups)
            .flatMap(group -> IntStream.range(0, count).filter(i -> groupOf[i] == group))
            .toArray();
    NDArray sorted = rows(images, order);
    NDList outputs = new NDList();
    int from = 0;
    for (int group = 0; group < groups; group++) {
      int number = group;
      int size = (int) IntStream.of(groupOf).filter(own -> own == number).count();
      outputs.add(network.apply(sorted.get(from + ":" + (from + size))));
      from += size;
    }
    return rows(NDArrays.concat(outputs), inverse(order));
  }

  /**
   * The groups of consecutive examples. Each run of as many examples as there are groups has one in
   * each: a replica's share holds all groups once it holds such a run.
   *
   * @param first number of the first example in the whole batch
   * @param step in which the order is drawn, or -1 for the order of the examples
   */
  int[] groupsOf(int first, int count, long step) {
    int[] groupOf = new int[count];
    for (int i = 0; i < count; i++) {
      int run = (first + i) / groups;
      groupOf[i] = order(run, step)[(first + i) % groups];
    }
    return groupOf;
  }

  private int[] order(int run, long step) {
    int[] order = IntStream.range(0, groups).toArray();
    if (step != NO_SHUFFLE) {
      SplittableRandom random = new SplittableRandom(seed);
      SplittableRandom ofRun =
          new SplittableRandom(random.nextLong() + (step << Integer.SIZE) + run);
      for (int i = groups - 1; i > 0; i--) {
        int j = ofRun.nextInt(i + 1);
        int swapped = order[i];
        order[i] = order[j];
        order[j] = swapped;
      }
    }
    return order;
  }

  private static int[] inverse(int[] order) {
    int[] inverse = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      inverse[order[i]] = i;
    }
    return inverse;
  }

  private static NDArray rows(NDArray array, int[] order) {
    long[] places = IntStream.of(order).asLongStream().toArray();
    NDArray index = array.getManager().create(places, new Shape(places.length));
    return array.get(new NDIndex("{}", index));
  }
}
