package downstream.eval.pretraining;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Device;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.train.Trace;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One pretraining.
 *
 * @param settings every setting of the method
 * @param images their labels, if they have any, are not looked at
 * @param probe labelled images that the training is watched with; nothing is learnt from them
 * @param device that the encoder is trained on
 * @param folder receives {@code <name>.onnx}, checkpoint, log and plots
 * @param trace of the training's time
 * @param name of the encoder; empty for that of its method
 */
public record PretrainingRequest(
    ObjectNode settings,
    ImageSet images,
    Optional<ImageSet> probe,
    long seed,
    Path folder,
    int threads,
    Device device,
    Trace trace,
    Optional<String> name) {
  public PretrainingRequest {
    settings = settings.deepCopy();
  }

  /** A request without a trace; the encoder is named for its method. */
  public PretrainingRequest(
      ObjectNode settings,
      ImageSet images,
      Optional<ImageSet> probe,
      long seed,
      Path folder,
      int threads,
      Device device) {
    this(settings, images, probe, seed, folder, threads, device, Trace.OFF, Optional.empty());
  }

  /** The settings as the method's own record. */
  public <T extends Record> T resolve(Class<T> type) {
    return Json.as("settings", settings, type);
  }

  /** Returns a request on the same images, with settings and a folder of its own. */
  public PretrainingRequest within(Path other, Record otherSettings) {
    return new PretrainingRequest(
        Json.MAPPER.valueToTree(otherSettings),
        images,
        probe,
        seed,
        other,
        threads,
        device,
        trace,
        Optional.empty());
  }

  /** The same on other images, in another folder. */
  public PretrainingRequest on(ImageSet otherImages, Path other) {
    return new PretrainingRequest(
        settings, otherImages, probe, seed, other, threads, device, trace, name);
  }

  /** Returns this request with a trace. */
  public PretrainingRequest tracing(Trace to) {
    return new PretrainingRequest(settings, images, probe, seed, folder, threads, device, to, name);
  }

  /** Returns this request with a name for the encoder. */
  public PretrainingRequest named(String encoder) {
    return new PretrainingRequest(
        settings, images, probe, seed, folder, threads, device, trace, Optional.of(encoder));
  }

  /**
   * A file of the encoder in the output folder.
   *
   * @param method whose name it has unless the encoder has one
   * @param ending with its dot
   */
  public Path file(String method, String ending) {
    return folder.resolve(name.orElse(method) + ending);
  }
}
