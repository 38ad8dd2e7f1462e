package downstream.eval.finetune;

import ai.djl.ndarray.NDManager;
import downstream.eval.Device;
import downstream.eval.encoder.Backbone;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.FeatureLevel;
import downstream.eval.encoder.FineTuningSettings;
import downstream.eval.encoder.frozen.FrozenBackbone;
import downstream.eval.encoder.train.TrainedBackbone;
import java.nio.file.Path;
import java.util.List;

/** Opens encoders under a head, trained or frozen. */
public final class Backbones {
  private Backbones() {}

  /**
   * Opens an encoder.
   *
   * @param file already at the size of the images
   * @param levels those of its levels that the head reads; no others are kept of a frozen encoder
   * @param mode {@code FINETUNE} trains it through the PyTorch engine; {@code FROZEN} runs it in
   *     ONNX Runtime and keeps the features of images on disk
   * @param tuning what is trained in mode {@code FINETUNE}, and how
   * @param manager owns the weights that are trained; the encoder runs on its device
   * @param cache folder of frozen features
   * @param threads of ONNX Runtime, and as many that read images
   */
  public static Backbone open(
      EncoderFile file,
      List<FeatureLevel> levels,
      EncoderMode mode,
      FineTuningSettings tuning,
      NDManager manager,
      Path cache,
      int threads) {
    return switch (mode) {
      case FINETUNE -> TrainedBackbone.open(file, levels, tuning, manager);
      case FROZEN -> new FrozenBackbone(file, levels, cache, threads, Device.of(manager));
    };
  }
}
