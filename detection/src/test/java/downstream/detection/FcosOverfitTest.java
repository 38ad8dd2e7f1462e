package downstream.detection;

import static org.assertj.core.api.Assertions.assertThat;

import downstream.detection.metrics.Figure;
import downstream.eval.Json;
import downstream.eval.data.DataSets;
import downstream.eval.data.ImageSet;
import downstream.eval.data.scenes.Scenes;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VisionTransformer;
import downstream.eval.run.Fit;
import downstream.eval.run.FittedModel;
import downstream.eval.run.Protocol;
import downstream.eval.run.Protocols;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shows that the head can learn: minutes, so only on demand. */
@Tag("slow")
class FcosOverfitTest {
  @TempDir private Path folder;

  @Test
  void learns_sixteen_scenes_by_heart() throws IOException {
    ImageSet set = DataSets.open(new Scenes(16, 1, 128, 0).write(folder.resolve("scenes"))).train();
    EncoderFile encoder =
        new VisionTransformer(96, 8, 128, 4, 4, 4)
            .build(
                "untrained",
                0,
                List.of(0.485, 0.456, 0.406),
                List.of(0.229, 0.224, 0.225),
                Json.MAPPER.createObjectNode());
    DetectionTask task = new DetectionTask();
    Protocol protocol = Protocols.load(task, "small", SETTINGS);
    Path predictions = folder.resolve("predictions.json.gz");
    Fit fit =
        new Fit(
            encoder,
            protocol,
            set,
            0,
            folder.resolve("fit"),
            folder.resolve("features"),
            2,
            downstream.eval.Device.CPU);
    try (FittedModel model = task.fit(fit)) {
      model.predict(set, predictions);
    }
    assertThat(Figure.of(task.score(predictions, set, protocol), "AP50", -1)).isGreaterThan(0.95);
  }

  private static final List<String> SETTINGS =
      List.of(
          "steps=300",
          "batch=8",
          "flip=false",
          "smallestScale=1",
          "largestScale=1",
          "encoderRateScale=0.5");
}
