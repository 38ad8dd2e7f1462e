package downstream.eval.suite;

import downstream.eval.BadInput;
import java.util.List;

/**
 * One machine's share of a suite.
 *
 * @param index from 1
 */
record Shard(int index, int count) {
  static final Shard ALL = new Shard(1, 1);

  /**
   * Reads {@code 2/8}.
   *
   * @throws BadInput if it is nothing of the kind
   */
  static Shard parse(String text) {
    if (text.matches("[0-9]{1,6}/[0-9]{1,6}")) {
      String[] parts = text.split("/", -1);
      Shard shard = new Shard(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
      if (shard.index >= 1 && shard.index <= shard.count) {
        return shard;
      }
    }
    throw new BadInput(
        "--shard", "expected i/n with i from 1 to n, found '" + text + "'", "Write e.g. 1/4");
  }

  /** Returns this shard's part of a list, in one piece: neighbours stay together. */
  <T> List<T> of(List<T> all) {
    long size = all.size();
    return all.subList((int) (size * (index - 1) / count), (int) (size * index / count));
  }

  boolean isAll() {
    return count == 1;
  }
}
