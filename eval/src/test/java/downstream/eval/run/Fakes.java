package downstream.eval.run;

import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.task.Protocols;
import downstream.eval.task.Task;
import downstream.eval.testing.SpansTask;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Small values to run evaluations with. */
public final class Fakes {
  private Fakes() {}

  /** Images that do not exist as files: the task does not open them. */
  public static ImageSet images(String name, int count) {
    List<ImageRecord> images = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      images.add(
          new ImageRecord(i, i + ".png", Path.of(i + ".png"), 8, 8, List.of(), Optional.empty()));
    }
    String fingerprint = new Digest().add(name).add(Integer.toString(count)).hex();
    return new ImageSet(name, List.of(), List.of(), images, Set.of(), fingerprint, List.of());
  }

  /** Ten images to train on; splits {@code day} and {@code dusk}. */
  public static DataSet data() {
    return new DataSet(
        "road",
        images("road/train", 10),
        Map.of("day", images("road/day", 6), "dusk", images("road/dusk", 4)));
  }

  /** A tiny encoder with random weights. */
  public static EncoderFile encoder(String name, long seed) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    return VisionTransformer.build(
        new VitArchitecture(16, 8, 8, 1, 2, 4),
        name,
        seed,
        half,
        half,
        Json.MAPPER.createObjectNode());
  }

  /** One encoder, two seeds, no plots. */
  public static EvaluationRequest evaluation(DataSet data, int limit, String... assignments) {
    return evaluation(data, limit, 0, assignments);
  }

  /** The same with plots. */
  public static EvaluationRequest drawn() {
    return evaluation(data(), 0, 1);
  }

  private static EvaluationRequest evaluation(
      DataSet data, int limit, int plots, String... assignments) {
    Task task = new SpansTask();
    return new EvaluationRequest(
        List.of(encoder("tiny", 0)),
        task,
        data,
        Protocols.load(task, "plain", List.of(assignments)),
        List.of(0L, 1L),
        limit,
        1,
        downstream.eval.Device.CPU,
        plots,
        ControlPolicy.WITH,
        0,
        List.of("downstream", "eval"),
        "nowhere/data.yaml");
  }
}
