package downstream.detection.heads;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.detection.boxes.PyramidShape;
import downstream.eval.encoder.FeatureLevel;
import java.util.List;

/**
 * Block that turns an encoder's maps into a pyramid.
 *
 * @param block maps [N, C, H, W] to the pyramid's, all of one width
 * @param levels the encoder's levels that go in
 * @param pyramid what comes out
 */
record Neck(Block block, List<FeatureLevel> levels, PyramidShape pyramid) {
  Neck {
    levels = List.copyOf(levels);
  }

  void initialize(NDManager manager, int imageSize) {
    Shape[] shapes =
        levels.stream()
            .map(l -> new Shape(1, l.channels(), imageSize / l.stride(), imageSize / l.stride()))
            .toArray(Shape[]::new);
    block.initialize(manager, DataType.FLOAT32, shapes);
  }

  NDList forward(ParameterStore store, NDList maps, boolean training) {
    return block.forward(store, maps, training);
  }
}
