package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import downstream.eval.encoder.operators.Operands.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of one run by the name of their value. An array that a node computed is closed with
 * the last name it goes by; what was fed, weights and constants are never closed.
 */
final class LiveValues {
  private final Map<String, NDArray> arrays;
  private final IdentityHashMap<NDArray, Integer> owned = new IdentityHashMap<>();
  private final NDManager scope;

  LiveValues(Map<String, NDArray> sources, NDManager scope) {
    this.arrays = new HashMap<>(sources);
    this.scope = scope;
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

  /** Room for one operator's own arrays. */
  Scratch scratch(List<@Nullable NDArray> operands, Phase phase) {
    return new Scratch(operands, phase);
  }

  /**
   * Room for one operator's own arrays. DJL gives a result to the manager of the first operand, so
   * operands are handed over as aliases that belong to the room: what an operator makes on the way
   * to its result goes with them, at once when nothing is trained, at the end of the scope when
   * autograd may still read it.
   */
  final class Scratch implements AutoCloseable {
    private final boolean training;
    private final NDManager room;
    private final List<@Nullable NDArray> operands;
    private final IdentityHashMap<NDArray, NDArray> originals = new IdentityHashMap<>();

    private Scratch(List<@Nullable NDArray> operands, Phase phase) {
      this.operands = operands;
      training = phase != Phase.INFERENCE;
      room = training ? scope : scope.newSubManager();
    }

    /** One alias per operand. */
    List<@Nullable NDArray> arrays() {
      List<@Nullable NDArray> aliases = new ArrayList<>();
      for (NDArray operand : operands) {
        aliases.add(operand == null ? null : alias(operand));
      }
      return aliases;
    }

    private NDArray alias(NDArray operand) {
      if (operand.getManager() == room) {
        return operand;
      }
      NDArray alias = operand.reshape(operand.getShape());
      alias.attach(room);
      originals.put(alias, operand);
      return alias;
    }

    /**
     * Gives the results to the scope; a result that is an operand's alias stands for the operand.
     */
    void keep(NDList results) {
      for (int i = 0; i < results.size(); i++) {
        NDArray result = results.get(i);
        NDArray original = originals.get(result);
        if (original != null) {
          results.set(i, original);
        } else if (operands.stream().noneMatch(operand -> operand == result)) {
          result.attach(scope);
          owned.put(result, 0);
        }
      }
    }

    @Override
    public void close() {
      if (!training) {
        room.close();
      }
    }
  }
}
