package downstream.eval.encoder.train;

import ai.djl.ndarray.NDArray;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The arrays of one run by the name of their value. An array that a node computed is closed with
 * the last name it goes by; what was fed, weights and constants are never closed.
 */
final class ValueStore {
  private final Map<String, NDArray> arrays;
  private final IdentityHashMap<NDArray, Integer> owned = new IdentityHashMap<>();

  ValueStore(Map<String, NDArray> sources) {
    this.arrays = new HashMap<>(sources);
  }

  NDArray get(String name) {
    return Objects.requireNonNull(arrays.get(name), name);
  }

  void put(String name, NDArray array) {
    if (name.isEmpty()) {
      return;
    }
    arrays.put(name, array);
    owned.computeIfPresent(array, (same, names) -> names + 1);
  }

  void release(String name) {
    NDArray array = arrays.remove(name);
    Integer names = array == null ? null : owned.get(array);
    if (names == null) {
      return;
    }
    if (names > 1) {
      owned.put(array, names - 1);
    } else {
      owned.remove(array);
      array.close();
    }
  }

  /** Counts what a node computed as belonging to this store. */
  void own(List<NDArray> results) {
    results.forEach(result -> owned.put(result, 0));
  }
}
