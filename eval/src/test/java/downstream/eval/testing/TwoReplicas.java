package downstream.eval.testing;

import ai.djl.ndarray.NDArray;
import downstream.eval.Device;
import downstream.eval.finetune.EncoderWithHead;
import downstream.eval.finetune.FineTunedTask;
import downstream.eval.finetune.Head;
import downstream.eval.finetune.TrainingProtocol;
import downstream.eval.task.FitRequest;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Training of an encoder with a head by one replica and by two that share each batch. */
public final class TwoReplicas {
  /** Two replicas on the CPU. */
  public static final Device DEVICE = new Device("cpu:2", OptionalInt.empty(), Optional.empty(), 2);

  private TwoReplicas() {}

  /**
   * Trains both ways.
   *
   * @param fit makes the request for a device, each in a folder of its own
   * @return the largest difference of a weight or a statistic, relative to values larger than 1
   */
  public static <H extends Head, E> double largestDifference(
      Function<Device, FitRequest> fit, TrainingProtocol protocol, FineTunedTask<H, E> task)
      throws IOException {
    Map<String, float[]> one = trained(fit.apply(Device.CPU), protocol, task);
    Map<String, float[]> two = trained(fit.apply(DEVICE), protocol, task);
    double largest = 0;
    for (Map.Entry<String, float[]> entry : one.entrySet()) {
      float[] shared = two.get(entry.getKey());
      for (int i = 0; i < shared.length; i++) {
        double expected = entry.getValue()[i];
        double scale = Math.max(1, Math.abs(expected));
        largest = Math.max(largest, Math.abs(shared[i] - expected) / scale);
      }
    }
    return largest;
  }

  private static <H extends Head, E> Map<String, float[]> trained(
      FitRequest fit, TrainingProtocol protocol, FineTunedTask<H, E> task) throws IOException {
    try (EncoderWithHead<H> model = EncoderWithHead.train(fit, protocol, task)) {
      Map<String, NDArray> arrays = new LinkedHashMap<>(model.state());
      model.weights().forEach(weight -> arrays.put(weight.name(), weight.array()));
      Map<String, float[]> values = new LinkedHashMap<>();
      arrays.forEach((name, array) -> values.put(name, array.toFloatArray()));
      return values;
    }
  }
}
