package downstream.eval.run;

import downstream.eval.Digest;
import downstream.eval.Json;
import downstream.eval.data.DataSet;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VisionTransformer;
import downstream.eval.encoder.VitBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Small values to run evaluations with. */
public final class Fakes {
  private Fakes() {}

  /** Pictures that do not exist as files: the fake task does not open them. */
  public static ImageSet images(String name, int count) {
    List<Picture> pictures = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      pictures.add(
          new Picture(i, i + ".png", Path.of(i + ".png"), 8, 8, List.of(), Optional.empty()));
    }
    String fingerprint = new Digest().add(name).add(Integer.toString(count)).hex();
    return new ImageSet(name, List.of(), List.of(), pictures, Set.of(), fingerprint, List.of());
  }

  /** Ten pictures to train on; splits {@code day} and {@code dusk}. */
  public static DataSet data() {
    return new DataSet(
        "road",
        images("road/train", 10),
        Map.of("day", images("road/day", 6), "dusk", images("road/dusk", 4)));
  }

  /** A tiny untrained encoder. */
  public static EncoderFile encoder(String name, long seed) {
    List<Double> half = List.of(0.5, 0.5, 0.5);
    return VitBuilder.build(
        new VisionTransformer(16, 8, 8, 1, 2, 4),
        name,
        seed,
        half,
        half,
        Json.MAPPER.createObjectNode());
  }

  /** One encoder, two seeds, no figures. */
  public static Evaluation evaluation(DataSet data, int limit, String... assignments) {
    return evaluation(data, limit, 0, assignments);
  }

  /** The same with figures. */
  public static Evaluation drawn() {
    return evaluation(data(), 0, 1);
  }

  private static Evaluation evaluation(
      DataSet data, int limit, int figures, String... assignments) {
    Task task = new FakeTask();
    return new Evaluation(
        List.of(encoder("tiny", 0)),
        task,
        data,
        Protocols.load(task, "plain", List.of(assignments)),
        List.of(0L, 1L),
        limit,
        1,
        downstream.eval.Device.CPU,
        figures,
        ControlPolicy.WITH,
        0,
        List.of("downstream", "eval"),
        "nowhere/data.yaml");
  }
}
