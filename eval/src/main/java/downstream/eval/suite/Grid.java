package downstream.eval.suite;

import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * One evaluation of a suite: every encoder on every data set, under every protocol, with every
 * seed.
 *
 * @param data names of the suite's data sets
 * @param encoders names of the suite's encoders; all, if there is no such key
 * @param protocols names, or YAML files
 * @param set fields of the protocols that differ: key=value
 * @param seeds how many; default 1
 * @param firstSeed the first of them; default 0
 * @param control whether random-weights controls are scored, too; default yes
 */
record Grid(
    String task,
    List<String> data,
    @Nullable List<String> encoders,
    List<String> protocols,
    List<String> set,
    @Nullable Integer seeds,
    @Nullable Long firstSeed,
    @Nullable Boolean control) {
  Grid {
    if (task == null || empty(data) || empty(protocols)) {
      throw new IllegalArgumentException("expected 'task', 'data' and 'protocols'");
    }
    data = List.copyOf(data);
    protocols = List.copyOf(protocols);
    encoders = encoders == null ? null : List.copyOf(encoders);
    set = set == null ? List.of() : List.copyOf(set);
    if (seeds != null && seeds < 1) {
      throw new IllegalArgumentException("seeds: expected at least 1, found " + seeds);
    }
  }

  List<Long> seedList() {
    long first = firstSeed == null ? 0 : firstSeed;
    int count = seeds == null ? 1 : seeds;
    return LongStream.range(first, first + count).boxed().toList();
  }

  boolean scoresControl() {
    return control == null || control;
  }

  private static boolean empty(@Nullable List<String> list) {
    return list == null || list.isEmpty();
  }
}
