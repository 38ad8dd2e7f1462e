package downstream.eval.encoder.rewrite;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.BadInput;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.graph.Graph;
import downstream.eval.encoder.graph.Weights;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Tensors;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.eval.encoder.runtime.RandomImages;
import downstream.eval.encoder.runtime.Subgraph;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The same graph with fresh weights: the control that a trained encoder must beat. Weights are
 * drawn by their place in the graph; then each convolution and linear layer is scaled, first to
 * last, so that what it puts out has unit variance on a batch of random images (layer-sequential
 * unit variance, Mishkin and Matas, 2016). A graph whose norms were folded into its convolutions
 * would die or explode otherwise.
 */
public final class RandomInit {
  private static final double SILENT = 1e-6;

  private final EncoderFile file;
  private final Map<String, float[]> weights;
  private final Map<String, TensorProto> constants;
  private final List<Layer> layers;

  /** A convolution or linear layer, and the weight that it applies to what comes from the image. */
  private record Layer(String output, String weight) {}

  /**
   * A randomised encoder.
   *
   * @param file with the source's structure and spec
   * @param weights how many tensors were drawn
   * @param deviations standard deviation of what each convolution and linear layer puts out for
   *     images that it was not scaled on, by the value's name, in graph order
   */
  public record Randomised(EncoderFile file, int weights, Map<String, Double> deviations) {
    public Randomised {
      deviations = Collections.unmodifiableMap(new LinkedHashMap<>(deviations));
    }
  }

  private RandomInit(EncoderFile file, long seed) {
    this.file = file;
    WeightReinitialiser fresh = new WeightReinitialiser(file, seed);
    weights = fresh.draw();
    constants = new HashMap<>(file.graph().constants());
    weights.keySet().forEach(this::reinitialise);
    layers = layers(file.graph(), fresh);
  }

  /**
   * @param seed of weights and images: the same one gives the same bytes
   * @param provenance of the result
   * @throws BadInput if ONNX Runtime cannot run the graph, or a layer puts out no finite values
   */
  public static Randomised of(EncoderFile file, long seed, ObjectNode provenance) {
    RandomInit randomisation = new RandomInit(file, seed);
    randomisation.scale(RandomImages.of(file, seed));
    Map<String, Double> deviations = randomisation.measure(RandomImages.of(file, seed + 1));
    int drawn = randomisation.weights.size();
    return new Randomised(file.withWeights(randomisation.weights, provenance), drawn, deviations);
  }

  private static List<Layer> layers(Graph graph, WeightReinitialiser fresh) {
    Set<String> fromImage = graph.dependents(Set.of(graph.input().getName()));
    List<Layer> layers = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if (Weights.PRODUCTS.contains(node.operator()) && fromImage.contains(node.output())) {
        node.inputs().stream()
            .limit(2)
            .flatMap(input -> fresh.weightBehind(input).stream())
            .findFirst()
            .ifPresent(weight -> layers.add(new Layer(node.output(), weight)));
      }
    }
    return layers;
  }

  private void reinitialise(String weight) {
    TensorProto old = Objects.requireNonNull(constants.get(weight));
    constants.put(weight, Tensors.of(weight, values(weight), Tensors.shape(old)));
  }

  private float[] values(String weight) {
    return Objects.requireNonNull(weights.get(weight));
  }

  /**
   * Scales layer after layer, each on what the ones before it put out by then. A weight that
   * several layers share is scaled on the first. As shifts are 0, a layer's output scales with its
   * weight.
   */
  private void scale(OnnxEncoder.Value images) {
    Subgraph part = new Subgraph(file.graph(), constants);
    Map<String, OnnxEncoder.Value> known = new HashMap<>();
    known.put(file.graph().input().getName(), images);
    Set<String> scaled = new HashSet<>();
    for (Layer layer : layers) {
      OnnxEncoder.Value output = part.run(known, List.of(layer.output())).get(layer.output());
      double deviation = deviation(Objects.requireNonNull(output).data());
      if (scaled.add(layer.weight()) && deviation > SILENT) {
        multiply(values(layer.weight()), 1 / deviation);
        multiply(output.data(), 1 / deviation);
        reinitialise(layer.weight());
      }
      known.put(layer.output(), output);
    }
  }

  private Map<String, Double> measure(OnnxEncoder.Value images) {
    List<String> outputs = layers.stream().map(Layer::output).toList();
    Map<String, OnnxEncoder.Value> values =
        new Subgraph(file.graph(), constants)
            .run(Map.of(file.graph().input().getName(), images), outputs);
    Map<String, Double> deviations = new LinkedHashMap<>();
    for (String output : outputs) {
      double deviation = deviation(Objects.requireNonNull(values.get(output)).data());
      if (!Double.isFinite(deviation)) {
        throw new BadInput(
            file.name() + ".onnx",
            "with random weights, output '"
                + output
                + "' is not finite (NaN or infinity), so the random-init control cannot be run",
            "Pass --control none to run without the control; the graph probably divides by a weight"
                + " or takes its logarithm");
      }
      deviations.put(output, deviation);
    }
    return deviations;
  }

  private static void multiply(float[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= (float) factor;
    }
  }

  /** NaN or infinite if a value is. */
  private static double deviation(float[] values) {
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / values.length;
    double variance = squares / values.length - mean * mean;
    return Double.isNaN(variance) ? Double.NaN : Math.sqrt(Math.max(0, variance));
  }
}
