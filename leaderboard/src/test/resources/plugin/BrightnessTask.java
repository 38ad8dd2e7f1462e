package thirdparty;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.data.ImageSet;
import downstream.eval.data.Picture;
import downstream.eval.run.Fit;
import downstream.eval.run.FittedModel;
import downstream.eval.run.Metric;
import downstream.eval.run.Protocol;
import downstream.eval.run.Score;
import downstream.eval.run.Task;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;

/** A third party's task: the blue of each picture's first pixel. */
public final class BrightnessTask implements Task {
  public record Settings(String mode, double labelFraction, long labelSeed) {}

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
    return "How blue a picture is.";
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
  public FittedModel fit(Fit fit) {
    return new FittedModel() {
      @Override
      public void predict(ImageSet set, Path predictions) throws IOException {
        ObjectNode blue = Json.MAPPER.createObjectNode();
        for (Picture picture : set.pictures()) {
          BufferedImage image = ImageIO.read(picture.file().toFile());
          blue.put(picture.name(), (image.getRGB(0, 0) & 255) / 255.0);
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
  public Score score(Path predictions, ImageSet truth, Protocol protocol) {
    double sum = 0;
    for (JsonNode value : Json.read(predictions)) {
      sum += value.asDouble();
    }
    return new Score(
        Map.of("blue", Optional.of(sum / truth.pictures().size())),
        Json.MAPPER.createObjectNode(),
        Map.of(),
        List.of());
  }

  @Override
  public void writeStatistics(
      Path predictions, ImageSet truth, Protocol protocol, Path statistics) throws IOException {
    Files.copy(predictions, statistics);
  }

  @Override
  public Score score(Path statistics, double[] imageWeights) {
    throw new UnsupportedOperationException();
  }

  @Override
  public JsonNode explain(Path statisticsA, Path statisticsB) {
    return Json.MAPPER.createObjectNode();
  }

  @Override
  public List<Path> figures(
      Path predictions, ImageSet truth, Protocol protocol, Path folder, int count) {
    return List.of();
  }
}
