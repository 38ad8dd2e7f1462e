package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.metrics.MetricValue;
import downstream.eval.Json;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.data.synthetic.SyntheticScenes;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Protocol;
import downstream.eval.task.Protocols;
import downstream.eval.task.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shows that every head can learn: minutes each, so only on demand. */
@Tag("slow")
class HeadsOverfitTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"fcos", "faster-rcnn", "mask-rcnn"})
  void learns_sixteen_scenes_by_heart(String head) throws IOException {
    ImageSet set =
        DataSets.open(new SyntheticScenes(16, 1, 128, 0).write(folder.resolve("scenes"))).train();
    EncoderFile encoder =
        VisionTransformer.build(
            new VitArchitecture(96, 8, 128, 4, 4, 4),
            "random-init",
            0,
            List.of(0.485, 0.456, 0.406),
            List.of(0.229, 0.224, 0.225),
            Json.MAPPER.createObjectNode());
    DetectionTask task = new DetectionTask();
    Protocol protocol = Protocols.load(task, "small", settings(head));
    Path predictions = folder.resolve("predictions.json.gz");
    FitRequest fit =
        new FitRequest(
            encoder,
            protocol,
            set,
            0,
            folder.resolve("fit"),
            folder.resolve("features"),
            1,
            downstream.eval.Device.CPU,
            0);
    try (FittedModel model = task.fit(fit)) {
      model.predict(set, predictions);
    }
    Score score = task.evaluate(predictions, set, protocol).score();
    System.err.println(head + " " + score.metrics());
    assertThat(MetricValue.of(score, "AP50", -1)).isGreaterThan(0.95);
    if (head.equals("mask-rcnn")) {
      assertThat(MetricValue.of(score, "maskAP50", -1)).isGreaterThan(0.9);
    }
  }

  private static List<String> settings(String head) {
    List<String> settings = new ArrayList<>(SETTINGS);
    settings.add("head.type=" + head);
    settings.addAll(
        head.equals("fcos")
            ? List.of("schedule.steps=300", "optimiser.learningRate=0.002")
            : List.of("schedule.steps=600", "optimiser.learningRate=0.001"));
    return settings;
  }

  private static final List<String> SETTINGS =
      List.of(
          "data.batch=8",
          "augmentation.randomHorizontalFlip=false",
          "augmentation.minResizeScale=1",
          "augmentation.maxResizeScale=1",
          "encoder.learningRateScale=0.5");
}
