package downstream.eval.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Device;
import downstream.eval.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Hardware and software of a run; part of the record, never of the fingerprint. */
public final class Environment {
  private Environment() {}

  /** Code, machine and library versions as JSON. */
  public static JsonNode describe(int threads, Device device) {
    Build build = Build.current();
    ObjectNode env = Json.MAPPER.createObjectNode();
    env.put("version", build.get("version"));
    env.put("commit", build.get("commit"));
    env.put("dirty", build.get("dirty").equals("true"));
    env.put(
        "jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
    env.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    env.put("arch", System.getProperty("os.arch"));
    env.put("cpu", field(Path.of("/proc/cpuinfo"), "model name").orElse("unknown"));
    env.put("cores", Runtime.getRuntime().availableProcessors());
    env.put("max_heap_bytes", Runtime.getRuntime().maxMemory());
    env.put("djl", build.get("djl"));
    env.put("pytorch", build.get("pytorch"));
    env.put("onnxruntime", build.get("onnxruntime"));
    env.put("opencv", build.get("opencv"));
    // Neither engine falls back by itself: what was chosen is what ran, or the run failed.
    env.put("device", device.asked());
    env.put("pytorch_device", device.name());
    if (device.replicas() > 1) {
      env.put("replicas", device.replicas());
    }
    env.put("execution_provider", device.name());
    device.obstacle().ifPresent(why -> env.put("no_gpu", why));
    env.put("threads", threads);
    return env;
  }

  private static Optional<String> field(Path file, String name) {
    if (!Files.isReadable(file)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
