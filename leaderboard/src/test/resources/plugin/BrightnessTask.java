package thirdparty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.data.ImageRecord;
import downstream.eval.data.ImageSet;
import downstream.eval.finetune.DataSettings;
import downstream.eval.task.Evaluation;
import downstream.eval.task.FitRequest;
import downstream.eval.task.FittedModel;
import downstream.eval.task.Metric;
import downstream.eval.task.Protocol;
import downstream.eval.task.Resampler;
import downstream.eval.task.Score;
import downstream.eval.task.Task;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** A third party's task: the blue of each image's first pixel. */
public final class BrightnessTask implements Task {
  public record Settings(DataSettings data) {}

  @Override
  public String name() {
    return "brightness";
  }

  @Override
  public String version() {
    return "3";
  }

  @Override
  public String summary() {
    return "How blue an image is.";
  }

  @Override
  public List<Metric> metrics() {
    return List.of(new Metric("blue", true));
  }

  @Override
  public List<String> protocols() {
    return List.of("pixel");
  }

  @Override
  public Class<? extends Record> protocolType() {
    return Settings.class;
  }

  @Override
  public String predictionsFile() {
    return "predictions.json";
  }

  @Override
  public FittedModel fit(FitRequest fit) {
    return new FittedModel() {
      @Override
      public void predict(ImageSet set, Path predictions) throws IOException {
        ObjectNode blue = Json.MAPPER.createObjectNode();
        for (ImageRecord image : set.images()) {
          BufferedImage pixels = ImageIO.read(image.file().toFile());
          blue.put(image.name(), (pixels.getRGB(0, 0) & 255) / 255.0);
        }
        Files.write(predictions, Json.pretty(blue));
      }

      @Override
      public String digest() {
        return "none";
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Evaluation evaluate(Path predictions, ImageSet groundTruth, Protocol protocol) {
    double sum = 0;
    for (JsonNode value : Json.read(predictions)) {
      sum += value.asDouble();
    }
    Score score =
        new Score(
            Map.of("blue", Optional.of(sum / groundTruth.images().size())),
            Json.MAPPER.createObjectNode(),
            Map.of(),
            List.of());
    return new Evaluation() {
      @Override
      public Score score() {
        return score;
      }

      @Override
      public void writeStatistics(Path file) throws IOException {
        Files.copy(predictions, file);
      }

      @Override
      public List<Path> plots(Path folder, int count) {
        return List.of();
      }
    };
  }

  @Override
  public Resampler resampler(Path statistics) {
    throw new UnsupportedOperationException();
  }

  @Override
  public JsonNode explain(Path statisticsA, Path statisticsB) {
    return Json.MAPPER.createObjectNode();
  }
}
