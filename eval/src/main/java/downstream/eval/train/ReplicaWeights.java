package downstream.eval.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import downstream.eval.Lazy;
import downstream.eval.parallel.ArrayLists;
import downstream.eval.train.optimiser.Weight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Weights of all replicas, and their gradients: summed on the first one's device, sent back. */
final class ReplicaWeights implements AutoCloseable {
  private final List<Replica> replicas = new ArrayList<>();

  /**
   * A replica.
   *
   * @param manager owns what is made for it, on its device
   * @param state arrays of a checkpoint that are not trained
   * @param lists moves arrays from and to its device, compiled when there is another one
   */
  private record Replica(
      NDManager manager,
      List<NDArray> weights,
      WeightGradients gradients,
      Map<String, NDArray> state,
      Lazy<ArrayLists> lists) {
    static Replica of(Objective<?> objective, NDManager manager) {
      List<Weight> weights = objective.weights();
      List<NDArray> arrays = weights.stream().map(Weight::array).toList();
      List<Shape> shapes = arrays.stream().map(NDArray::getShape).toList();
      return new Replica(
          manager,
          arrays,
          new WeightGradients(weights, manager),
          objective.state(),
          Lazy.of(() -> new ArrayLists(manager, shapes)));
    }
  }

  /**
   * @param manager on the device of the first objective; stays open
   */
  ReplicaWeights(List<? extends Objective<?>> objectives, NDManager manager) {
    replicas.add(Replica.of(objectives.get(0), manager));
    List<String> names = names(objectives.get(0));
    for (Objective<?> other : objectives.subList(1, objectives.size())) {
      if (!names(other).equals(names)) {
        throw new IllegalArgumentException(
            "replicas of " + other.name() + " have other weights: " + names(other));
      }
      replicas.add(Replica.of(other, Objective.device(other).newManager()));
    }
  }

  private static List<String> names(Objective<?> objective) {
    return objective.weights().stream().map(Weight::name).toList();
  }

  /** Returns the manager of a replica's arrays. */
  NDManager manager(int replica) {
    return replicas.get(replica).manager();
  }

  /** Returns the gradients of the first replica's weights, those of all others added. */
  List<NDArray> gradients() {
    Replica first = replicas.get(0);
    List<NDArray> sums = first.gradients().get();
    for (Replica other : others()) {
      first.lists().get().take(other.lists().get(), other.gradients().get(), sums);
    }
    return sums;
  }

  /** Copies the first replica's weights to all others. */
  void send() {
    Replica first = replicas.get(0);
    for (Replica other : others()) {
      other.lists().get().copy(first.lists().get(), first.weights(), other.weights());
    }
  }

  /** Copies the first replica's weights and state to all others. */
  void sendAll() {
    send();
    for (Replica other : others()) {
      other.state().forEach((name, array) -> copy(replicas.get(0).state().get(name), array));
    }
  }

  private static void copy(@Nullable NDArray from, NDArray to) {
    NDArray array = Objects.requireNonNull(from);
    try (NDArray here = array.toDevice(to.getDevice(), true)) {
      here.copyTo(to);
    }
  }

  private List<Replica> others() {
    return replicas.subList(1, replicas.size());
  }

  @Override
  public void close() {
    others().forEach(other -> other.manager().close());
  }
}
