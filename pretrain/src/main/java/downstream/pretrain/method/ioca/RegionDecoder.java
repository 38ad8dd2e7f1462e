package downstream.pretrain.method.ioca;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import downstream.eval.train.optimiser.Weight;
import downstream.pretrain.method.Mae;
import downstream.pretrain.model.Encoder;
import downstream.pretrain.model.LinearDecoder;
import downstream.pretrain.settings.EncoderSettings;
import java.util.List;

/** Decoder of masked regions. N regions, T tokens of each, D their width, P values a patch. */
interface RegionDecoder {
  /** Reconstructs patches [N, T, P] from what the encoder gives, [N, (1 +) T, D]. */
  NDArray reconstruct(NDArray latent, ParameterStore store, boolean training);

  /** Weights that are its own. */
  List<Weight> weights();

  /** Floating-point operations of one region, forward. */
  long flops();

  /** Stage 1's decoder, with every token given to it; it belongs to the model of the images. */
  record Stage1(Mae.MaeModel mae) implements RegionDecoder {
    @Override
    public NDArray reconstruct(NDArray latent, ParameterStore store, boolean training) {
      return mae.reconstructAll(latent, store, training);
    }

    @Override
    public List<Weight> weights() {
      return List.of();
    }

    @Override
    public long flops() {
      return mae.flopsOfReconstructingAll();
    }
  }

  /** A linear layer that starts from random weights. */
  record Linear(LinearDecoder decoder, Encoder encoder) implements RegionDecoder {
    @Override
    public NDArray reconstruct(NDArray latent, ParameterStore store, boolean training) {
      return decoder.reconstruct(store, encoder.patchTokens(latent), training);
    }

    @Override
    public List<Weight> weights() {
      return decoder.weights("regionDecoder");
    }

    @Override
    public long flops() {
      return decoder.flops();
    }
  }

  /**
   * @param mae the model of the images
   * @param manager owns the weights
   */
  static RegionDecoder of(
      ObjectSettings.Decoder kind,
      Mae.MaeModel mae,
      Encoder encoder,
      long seed,
      NDManager manager) {
    EncoderSettings settings = encoder.settings();
    return switch (kind) {
      case STAGE_1 -> new Stage1(mae);
      case LINEAR -> new Linear(new LinearDecoder(settings, seed, manager), encoder);
    };
  }
}
