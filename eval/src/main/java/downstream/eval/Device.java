package downstream.eval;

import ai.djl.ndarray.NDManager;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * Device on which encoders run: the CPU, or one CUDA GPU. Chosen once, before anything else, and
 * handed to all that opens an engine.
 *
 * @param asked as typed: {@code auto}, {@code cpu}, {@code cuda} or {@code cuda:1}
 * @param gpu the GPU's number; empty for the CPU
 * @param obstacle why {@code auto} did not choose a GPU
 */
public record Device(String asked, OptionalInt gpu, Optional<String> obstacle) {
  /** The CPU. */
  public static final Device CPU = new Device("cpu", OptionalInt.empty(), Optional.empty());

  /**
   * Chooses the device.
   *
   * @param obstacle why the GPU of this number cannot be used; empty if it can. Not asked for
   *     {@code cpu}
   * @throws BadInput if {@code cuda} is asked for and cannot be had, or the name is none
   */
  public static Device choose(String asked, IntFunction<Optional<String>> obstacle) {
    EngineThreads.prepare();
    if (asked.equals("cpu")) {
      return CPU;
    }
    if (!asked.matches("auto|cuda(:[0-9]{1,4})?")) {
      throw new BadInput(
          "--device",
          "must be auto, cpu, cuda or cuda:N, not '" + asked + "'",
          "Use one of these values");
    }
    int number = asked.startsWith("cuda:") ? Integer.parseInt(asked.substring(5)) : 0;
    Optional<String> found = obstacle.apply(number);
    if (found.isEmpty()) {
      return new Device(asked, OptionalInt.of(number), found);
    }
    if (asked.equals("auto")) {
      return new Device(asked, OptionalInt.empty(), found);
    }
    throw new BadInput(
        "--device",
        "'" + asked + "' cannot be used: " + found.get(),
        "Use --device cpu, or see docs/guide/gpu.md for what a GPU needs");
  }

  /** The device that an engine's arrays live on. */
  public static Device of(NDManager manager) {
    ai.djl.Device device = manager.getDevice();
    return device.isGpu()
        ? new Device(
            "cuda:" + device.getDeviceId(), OptionalInt.of(device.getDeviceId()), Optional.empty())
        : CPU;
  }

  /**
   * A manager of arrays on this device. It has to be named: by itself the engine takes a GPU as
   * soon as it sees one.
   */
  public NDManager newManager() {
    EngineThreads.prepare();
    return NDManager.newBaseManager(
        gpu.isPresent() ? ai.djl.Device.gpu(gpu.getAsInt()) : ai.djl.Device.cpu());
  }

  /** {@code cpu} or {@code cuda:0}: what really runs. */
  public String name() {
    return gpu.isPresent() ? "cuda:" + gpu.getAsInt() : "cpu";
  }

  /** Returns the chosen device and the reason for it, for the log. */
  @Override
  public String toString() {
    return name() + obstacle.map(why -> " (" + asked + ": " + why + ")").orElse("");
  }
}
