package downstream.pretrain.run;

import ai.djl.ndarray.NDManager;
import downstream.eval.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Models of a training, one on each device, made alike.
 *
 * @param managers own their weights
 */
record Replicas<M>(List<M> models, List<NDManager> managers) implements AutoCloseable {
  static <M> Replicas<M> open(Function<NDManager, M> factory, Device device) {
    Replicas<M> replicas = new Replicas<>(new ArrayList<>(), new ArrayList<>());
    try {
      for (Device each : device.each()) {
        replicas.managers.add(each.newManager());
        replicas.models.add(factory.apply(replicas.managers.get(replicas.models.size())));
      }
      return replicas;
    } catch (RuntimeException | Error e) {
      replicas.close();
      throw e;
    }
  }

  @Override
  public void close() {
    managers.forEach(NDManager::close);
  }
}
