package downstream.eval.encoder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import downstream.eval.BadInput;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An encoder under a head: either trained with it, or frozen. */
public interface Backbone extends AutoCloseable {
  /** The encoder's spec, at the size it was opened with. */
  EncoderSpec spec();

  /** What {@link #features} returns, finest first. */
  default List<FeatureLevel> levels() {
    return spec().levels();
  }

  /** The trained graph; empty when frozen. Its parameters belong to the optimiser. */
  Optional<Block> block();

  /**
   * Runs the encoder.
   *
   * @param images float32 [N, 3, S, S], normalised as the spec says
   * @return one map per level, float32 [N, C, S/stride, S/stride], owned by the images' manager
   */
  List<NDArray> features(ParameterStore store, NDArray images, boolean training);

  @Override
  void close();

  /**
   * Opens an encoder.
   *
   * @param file already at the size of the images
   * @param mode {@code finetune} trains it through the PyTorch engine; {@code frozen} runs it in
   *     ONNX Runtime and keeps features on disk, by the digest of each normalised image
   * @param manager owns the weights that are trained
   * @param cache folder of frozen features
   */
  static Backbone open(EncoderFile file, String mode, NDManager manager, Path cache) {
    return switch (mode) {
      case "finetune" -> new TrainedBackbone(new EncoderBlock(file, manager));
      case "frozen" -> new FrozenBackbone(file, cache);
      default ->
          throw new BadInput(
              "mode", "must be 'finetune' or 'frozen', not '" + mode + "'", "Choose one");
    };
  }
}
