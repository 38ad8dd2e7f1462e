package downstream.detection.heads;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.detection.layers.FeaturePyramid;
import downstream.detection.layers.LayerFactory;
import downstream.detection.layers.NormType;
import downstream.detection.layers.SimplePyramid;
import downstream.eval.Json;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every block says beforehand what it gives. */
class ShapesTest {
  private static final Shape[] MAPS = {new Shape(2, 8, 12, 12), new Shape(2, 8, 6, 6)};

  private static void tellsItsShapes(Block block, Shape... in) {
    try (NDManager manager = NDManager.newBaseManager()) {
      block.initialize(manager, DataType.FLOAT32, in);
      NDList maps = new NDList(Arrays.stream(in).map(manager::randomNormal).toList());
      NDList out = block.forward(new ParameterStore(manager, false), maps, false);
      assertThat(out.stream().map(NDArray::getShape)).containsExactly(block.getOutputShapes(in));
    }
  }

  @Test
  void pyramids() {
    LayerFactory layers = new LayerFactory(NormType.GROUP);
    tellsItsShapes(
        new FeaturePyramid(2, 8, layers), new Shape(2, 4, 10, 10), new Shape(2, 6, 5, 5));
    tellsItsShapes(
        new SimplePyramid(6, 8, List.of(2, 4, 8, 16, 32), 8, true, layers), new Shape(2, 6, 8, 8));
  }

  @Test
  void heads_on_maps() {
    tellsItsShapes(new Rpn(8, 1, 3), MAPS);
    DetectionProtocol protocol =
        read("{head: {width: 8}, fcos: {headConvolutions: 1}}", DetectionProtocol.class);
    tellsItsShapes(new FcosHead(protocol, 2, 5), MAPS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2fc", "4conv1fc"})
  void heads_on_regions(String head) {
    RoiSettings roi = read("{head: " + head + ", fcWidth: 16}", RoiSettings.class);
    LayerFactory layers = new LayerFactory(NormType.GROUP);
    tellsItsShapes(new BoxHead(8, roi, layers, 5), new Shape(3 * 49, 8));
    tellsItsShapes(new MaskHead(8, roi, layers, 5), new Shape(3 * 196, 8));
  }

  private static <T extends Record> T read(String fields, Class<T> type) {
    return Json.as("test", Json.parseYaml("test", fields), type);
  }
}
