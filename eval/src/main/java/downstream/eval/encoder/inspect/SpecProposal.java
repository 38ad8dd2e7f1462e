package downstream.eval.encoder.inspect;

import com.fasterxml.jackson.databind.JsonNode;
import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.EncoderSpec;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.graph.Graph;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;

/** A first spec for a foreign file, to be checked and edited by hand. */
public final class SpecProposal {
  private static final int USUAL_SIZE = 224;
  private static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);
  private static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);
  private static final List<String> MEANS = List.of("mean", "image_mean", "pixel_mean");
  private static final List<String> DEVIATIONS = List.of("std", "image_std", "pixel_std");

  private SpecProposal() {}

  /**
   * The size that the file fixes, else the usual 224.
   *
   * @throws BadInput if the input is not a batch of square colour images [N, 3, S, S]
   */
  public static int imageSize(EncoderFile file) {
    long[] shape = file.graph().inputShape();
    boolean images = shape.length == 4 && (shape[1] == 3 || shape[1] < 0) && shape[2] == shape[3];
    if (!images) {
      throw new BadInput(
          file.name() + ".onnx",
          "takes an input of shape " + Arrays.toString(shape) + ", not [N, 3, S, S]",
          "Export the encoder for square RGB images");
    }
    return shape[2] > 0 ? Math.toIntExact(shape[2]) : USUAL_SIZE;
  }

  /**
   * Input, normalisation and levels; what the model's metadata does not say about normalisation is
   * ImageNet's.
   */
  static EncoderSpec of(EncoderFile file, int size, Map<String, long[]> shapes) {
    Graph graph = file.graph();
    List<FeatureLevel> levels = new LevelProposal(graph, size, shapes).levels();
    return new EncoderSpec(
        graph.input().getName(),
        size,
        metadata(file, MEANS).orElse(IMAGENET_MEAN),
        metadata(file, DEVIATIONS).orElse(IMAGENET_STD),
        levels,
        Set.of(),
        Optional.empty(),
        graph.inputShape()[2] < 0);
  }

  /** Three numbers under one of these keys of the model's metadata, as JSON or between commas. */
  private static Optional<List<Double>> metadata(EncoderFile file, List<String> keys) {
    return file.model().getMetadataPropsList().stream()
        .filter(entry -> keys.contains(entry.getKey().toLowerCase(Locale.ROOT)))
        .map(entry -> entry.getValue().replaceAll("[\\[\\]()]", ""))
        .map(text -> Json.parseYaml(file.name() + ".onnx", "[" + text + "]"))
        .filter(list -> list.size() == 3)
        .map(SpecProposal::numbers)
        .findFirst();
  }

  private static List<Double> numbers(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asDouble).toList();
  }
}
