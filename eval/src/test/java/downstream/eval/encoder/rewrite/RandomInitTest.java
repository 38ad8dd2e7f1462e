package downstream.eval.encoder.rewrite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import downstream.eval.Json;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.VitArchitecture;
import downstream.eval.encoder.build.ResNetTest;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.build.WeightInit;
import downstream.eval.encoder.operators.Node;
import downstream.eval.encoder.operators.Tensors;
import downstream.eval.encoder.rewrite.RandomInit.Randomised;
import downstream.eval.encoder.runtime.OnnxEncoder;
import downstream.eval.encoder.runtime.RandomImages;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandomInitTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final ObjectNode NONE = Json.MAPPER.createObjectNode();

  private static EncoderFile transformer() {
    return VisionTransformer.build(
        VitArchitecture.micro(64, 16).withClassToken().withLearnedPositions(),
        "vit",
        1,
        HALF,
        HALF,
        NONE);
  }

  private static EncoderFile resnet(int depth) {
    return ResNetTest.build(depth, 8, 1);
  }

  static Stream<EncoderFile> families() {
    return Stream.of(transformer(), resnet(18), resnet(50));
  }

  private static EncoderFile foreign(String name) {
    Path models = Path.of(System.getProperty("downstream.shared", "shared"), "data/models");
    assumeTrue(Files.isDirectory(models), "the shared folder is not there");
    return EncoderFile.read(models.resolve(name + ".onnx"));
  }

  @ParameterizedTest
  @MethodSource("families")
  void activations_neither_die_nor_explode(EncoderFile file) {
    livelyOnAnyImages(file);
  }

  /** Norms folded into convolutions; weights in Constant nodes; a fixed batch of 1. */
  @ParameterizedTest
  @ValueSource(
      strings = {"cifar10-resnet20-opset17", "backbone-shufflenetv2-small-coco352", "FastestDet"})
  void activations_of_foreign_files_neither_die_nor_explode(String name) {
    livelyOnAnyImages(foreign(name));
  }

  private static void livelyOnAnyImages(EncoderFile file) {
    Randomised randomised = RandomInit.of(file, 5, NONE);
    List<String> outputs = products(file);
    assertThat(randomised.deviations().keySet()).containsExactlyElementsOf(outputs);
    long[] shape = RandomImages.of(file, 0).shape();
    int count = (int) (shape[0] * shape[1] * shape[2] * shape[3]);
    float[] white = WeightInit.normal(new SplittableRandom(9), 1, count);
    try (OnnxEncoder encoder = new OnnxEncoder(randomised.file(), outputs, 1)) {
      encoder
          .run(white, shape, outputs)
          .forEach(
              (name, value) ->
                  assertThat(deviation(value.data())).as(name).isFinite().isBetween(0.1, 10.0));
    }
  }

  /** Every product with a constant, found without the code under test. */
  private static List<String> products(EncoderFile file) {
    Set<String> constants = file.graph().constants().keySet();
    return file.graph().nodes().stream()
        .filter(node -> Set.of("Conv", "Gemm", "MatMul").contains(node.operator()))
        .filter(node -> constants.contains(node.inputs().get(1)))
        .map(Node::output)
        .toList();
  }

  private static double deviation(float[] values) {
    double mean = 0;
    for (float value : values) {
      mean += (double) value / values.length;
    }
    double variance = 0;
    for (float value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    return Math.sqrt(variance);
  }

  @Test
  void nothing_of_the_source_is_left_in_its_weights() {
    EncoderFile source = foreign("cifar10-resnet20-opset17");
    EncoderFile fresh = RandomInit.of(source, 5, NONE).file();

    assertThat(fresh.weights()).isEqualTo(source.weights());
    assertThat(source.weights().keySet())
        .hasSize(40)
        .allSatisfy(name -> assertThat(values(fresh, name)).isNotEqualTo(values(source, name)));
  }

  private static float[] values(EncoderFile file, String constant) {
    return Tensors.floats(Objects.requireNonNull(file.graph().constants().get(constant)));
  }

  @Test
  void structure_and_spec_stay_and_the_provenance_is_new() {
    EncoderFile source = transformer();
    ObjectNode provenance = Json.MAPPER.createObjectNode().put("method", "randomised");

    EncoderFile fresh = RandomInit.of(source, 5, provenance).file();

    assertThat(fresh.model().getGraph().getNodeList())
        .isEqualTo(source.model().getGraph().getNodeList());
    assertThat(fresh.spec()).isEqualTo(source.spec());
    assertThat(fresh.provenance()).isEqualTo(provenance);
  }

  @Test
  void same_seed_gives_same_bytes_and_another_seed_others() {
    EncoderFile source = resnet(18);
    String five = RandomInit.of(source, 5, NONE).file().sha256();
    assertThat(RandomInit.of(source, 5, NONE).file().sha256()).isEqualTo(five);
    assertThat(RandomInit.of(source, 6, NONE).file().sha256()).isNotEqualTo(five);
  }

  @Test
  void norms_start_over_with_their_statistics() {
    EncoderFile source = resnet(18);
    Map<String, float[]> trained =
        Map.of(
            "bn1.weight", WeightInit.constant(3, 8),
            "bn1.bias", WeightInit.constant(4, 8),
            "bn1.running_mean", WeightInit.constant(5, 8),
            "bn1.running_var", WeightInit.constant(6, 8));

    EncoderFile fresh = RandomInit.of(source.withWeights(trained, NONE), 5, NONE).file();

    assertThat(values(fresh, "bn1.weight")).containsOnly(1);
    assertThat(values(fresh, "bn1.bias")).containsOnly(0);
    assertThat(values(fresh, "bn1.running_mean")).containsOnly(0);
    assertThat(values(fresh, "bn1.running_var")).containsOnly(1);
  }

  @Test
  void shifts_are_zero_and_tables_small() {
    EncoderFile fresh = RandomInit.of(transformer(), 5, NONE).file();
    assertThat(values(fresh, "blocks.1.mlp.fc1.bias")).containsOnly(0);
    assertThat(values(fresh, "blocks.1.norm2.weight")).containsOnly(1);
    assertThat(deviation(values(fresh, "positions"))).isCloseTo(0.02, within(0.002));
    assertThat(deviation(values(fresh, "class_token"))).isCloseTo(0.02, within(0.006));
  }
}
