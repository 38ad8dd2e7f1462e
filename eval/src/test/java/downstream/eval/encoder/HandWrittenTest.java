package downstream.eval.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import downstream.eval.Json;
import downstream.eval.encoder.build.ResNet;
import downstream.eval.encoder.build.VisionTransformer;
import downstream.eval.encoder.build.WeightInit;
import downstream.eval.encoder.runtime.OnnxEncoder;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the benchmark compares is one network. */
class HandWrittenTest {
  private static final List<Double> HALF = List.of(0.5, 0.5, 0.5);
  private static final int SIZE = 64;

  @Test
  void the_transformer_computes_what_its_graph_does() {
    VitArchitecture size = VitArchitecture.micro(SIZE, 16);
    EncoderFile file =
        VisionTransformer.build(size, "vit", 1, HALF, HALF, Json.MAPPER.createObjectNode());
    try (NDManager manager = NDManager.newBaseManager()) {
      agrees(new HandWrittenTransformer(size, manager), file, manager);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {18, 50})
  void the_resnet_computes_what_its_graph_does(int depth) {
    ResNet size = new ResNet(depth, 8);
    EncoderFile file =
        lively(size.build("resnet", SIZE, 1, HALF, HALF, Json.MAPPER.createObjectNode()));
    try (NDManager manager = NDManager.newBaseManager()) {
      agrees(new HandWrittenResNet(size), file, manager);
    }
  }

  /** With other scales, shifts and statistics than 0 and 1, so that each of them matters. */
  private static EncoderFile lively(EncoderFile file) {
    SplittableRandom random = new SplittableRandom(2);
    Map<String, float[]> values = new java.util.HashMap<>();
    file.model().getGraph().getInitializerList().stream()
        .filter(tensor -> tensor.getDimsCount() == 1)
        .forEach(
            tensor -> {
              float[] drawn = new float[(int) tensor.getDims(0)];
              for (int i = 0; i < drawn.length; i++) {
                drawn[i] = (float) random.nextDouble(0.2, 0.8);
              }
              values.put(tensor.getName(), drawn);
            });
    return file.withWeights(values, file.provenance());
  }

  private static void agrees(HandWritten block, EncoderFile file, NDManager manager) {
    block.initialize(manager, DataType.FLOAT32, new Shape(2, 3, SIZE, SIZE));
    block.load(file);
    float[] pixels = WeightInit.normal(new SplittableRandom(3), 1, 2 * 3 * SIZE * SIZE);
    List<String> levels = file.spec().levels().stream().map(FeatureLevel::value).toList();
    Shape shape = new Shape(2, 3, SIZE, SIZE);
    List<NDArray> actual =
        block.forward(manager.create(pixels, shape), new ParameterStore(manager, false), false);
    assertThat(actual).hasSameSizeAs(levels);
    assertThat(actual)
        .extracting(NDArray::getShape)
        .containsExactly(block.getOutputShapes(new Shape[] {shape}));
    try (OnnxEncoder encoder = new OnnxEncoder(file, levels, 1)) {
      Map<String, OnnxEncoder.Value> expected = encoder.run(pixels, shape.getShape(), levels);
      for (int i = 0; i < levels.size(); i++) {
        OnnxEncoder.Value value = Objects.requireNonNull(expected.get(levels.get(i)));
        assertThat(RelativeError.of(actual.get(i).toFloatArray(), value.data()))
            .as(levels.get(i))
            .isLessThan(1e-4);
      }
    }
  }
}
