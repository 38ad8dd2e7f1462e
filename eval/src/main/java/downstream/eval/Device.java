package downstream.eval;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Device on which encoders run: the CPU, or one CUDA GPU; for training also several GPUs, or
 * several replicas on the CPU. Chosen once, before anything else, and handed to all that opens an
 * engine.
 *
 * @param asked as typed: {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:1}, {@code cuda:all}
 *     or {@code cpu:2}
 * @param gpu the GPU's number, of several the first; empty for the CPU
 * @param obstacle why {@code auto} did not choose a GPU
 * @param replicas of a network that share each batch of a training, one on each device
 */
public record Device(String asked, OptionalInt gpu, Optional<String> obstacle, int replicas) {
  /** The CPU. */
  public static final Device CPU = new Device("cpu", OptionalInt.empty(), Optional.empty());

  /** One device. */
  public Device(String asked, OptionalInt gpu, Optional<String> obstacle) {
    this(asked, gpu, obstacle, 1);
  }

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
    if (asked.matches("cpu:[1-9][0-9]?")) {
      int replicas = Integer.parseInt(asked.substring(4));
      return new Device(asked, OptionalInt.empty(), Optional.empty(), replicas);
    }
    if (asked.equals("cuda:all")) {
      return all(asked, obstacle);
    }
    if (!asked.matches("auto|cuda(:[0-9]{1,4})?")) {
      throw new BadInput(
          "--device",
          "must be auto, cpu, cpu:N, cuda, cuda:N or cuda:all, not '" + asked + "'",
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
    throw unusable(asked, found.get());
  }

  private static BadInput unusable(String asked, String why) {
    return new BadInput(
        "--device",
        "'" + asked + "' cannot be used: " + why,
        "Use --device cpu, or see docs/guide/gpu.md for what a GPU needs");
  }

  /** All GPUs, from number 0 to the last that can be used. */
  private static Device all(String asked, IntFunction<Optional<String>> obstacle) {
    int count = 0;
    Optional<String> end = obstacle.apply(0);
    if (end.isPresent()) {
      throw unusable(asked, end.get());
    }
    while (end.isEmpty()) {
      end = obstacle.apply(++count);
    }
    return new Device(asked, OptionalInt.of(0), Optional.empty(), count);
  }

  /** Returns the devices of the replicas, one each. */
  public List<Device> each() {
    if (replicas == 1) {
      return List.of(this);
    }
    return IntStream.range(0, replicas).mapToObj(this::single).toList();
  }

  private Device single(int replica) {
    return gpu.isPresent()
        ? new Device(
            "cuda:" + (gpu.getAsInt() + replica),
            OptionalInt.of(gpu.getAsInt() + replica),
            Optional.empty())
        : CPU;
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
   * A manager of arrays on this device, of several the first. It has to be named: by itself the
   * engine takes a GPU as soon as it sees one.
   */
  public NDManager newManager() {
    EngineThreads.prepare();
    return NDManager.newBaseManager(
        gpu.isPresent() ? ai.djl.Device.gpu(gpu.getAsInt()) : ai.djl.Device.cpu());
  }

  /** {@code cpu} or {@code cuda:0}: what really runs, of several devices the first. */
  public String name() {
    return gpu.isPresent() ? "cuda:" + gpu.getAsInt() : "cpu";
  }

  /** Returns the chosen device and the reason for it, for the log. */
  @Override
  public String toString() {
    if (replicas > 1) {
      return each().stream().map(Device::name).collect(Collectors.joining(", "))
          + " ("
          + replicas
          + " replicas share each batch)";
    }
    return name() + obstacle.map(why -> " (" + asked + ": " + why + ")").orElse("");
  }
}
